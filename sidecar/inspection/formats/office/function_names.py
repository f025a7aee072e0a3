"""Names of functions that reach out of a spreadsheet, in the languages in which programs read them in text."""

import re
from collections.abc import Iterable
from typing import Final

PROGRAMS_OF_CELLS: Final = ("CALL", "REGISTER.ID", "DDE", "RTD")
PROGRAMS: Final = (*PROGRAMS_OF_CELLS, "EXEC", "REGISTER", "DDEAUTO", "FOPEN", "RUN", "SHELL")
_SERVICES: Final = (
    "WEBSERVICE", "WEBDIENST", "SERVICEWEB", "SERVICIOWEB", "SERVIZIO.WEB", "SERVIZOWEB", "SERVEIWEB", "SERVIÇOWEB",
    "WEBBTJÄNST", "WEBTJENESTE", "NETTJENESTE", "VERKKOPALVELU", "USŁ.INTER", "USŁUGA.INTERNETOWA",
    "WEBSZOLGÁLTATÁS", "WEBHİZMETİ", "WEBHIZMETI",
    "\u0412\u0415\u0411\u0421\u041b\u0423\u0416\u0411\u0410",
)  # fmt: skip
_FILTERS: Final = (
    "FILTERXML", "XMLFILTERN", "FILTRE.XML", "FILTREXML", "XMLFILTRO", "FILTRO.XML", "FILTROXML", "FILTRARXML",
    "XML.FILTEREN", "FILTRERAXML", "FILTRERXML", "SUODATA.XML", "FILTR.XML", "XMLSZŰRÉS",
    "\u0424\u0418\u041b\u042c\u0422\u0420.XML",
)  # fmt: skip
_IMPORTS: Final = (
    "IMPORTXML", "IMPORTDATA", "IMPORTHTML", "IMPORTFEED", "IMPORTRANGE", "IMPORTCSV", "IMPORTTEXT", "IMAGE",
    "SQL.REQUEST",
)  # fmt: skip
CALLS_OF_CELLS: Final = (_SERVICES[0], *_IMPORTS)
"""Those of cells in files that are no text, where names are English. What filters XML alone calls nobody."""
CALLS: Final = (*_SERVICES, *_FILTERS, *_IMPORTS)
LINKS: Final = (
    "HYPERLINK", "LIEN_HYPERTEXTE", "LIEN.HYPERTEXTE", "HIPERVINCULO", "HIPERVÍNCULO", "COLLEG.IPERTESTUALE",
    "HIPERLINK", "HIPERLIGAÇÃO", "HIPERLIGAZÓN", "HYPERLÄNK", "HYPERLENKE", "HYPERKOBLING", "HYPERLINKKI", "HIPERŁĄCZE",
    "HYPERTEXTOVÝ.ODKAZ", "HIPERHIVATKOZÁS", "\u0413\u0418\u041f\u0415\u0420\u0421\u0421\u042b\u041b\u041a\u0410",
)  # fmt: skip
CALL_WORDS: Final = (
    "BILD", "IMAGEN", "IMMAGINE", "IMAGEM", "AFBEELDING", "BILLEDE", "BILDE", "KUVA", "OBRAZ", "OBRÁZEK", "KÉP",
    "\u0418\u0417\u041e\u0411\u0420\u0410\u0416\u0415\u041d\u0418\u0415",
)  # fmt: skip
LINK_WORDS: Final = ("COLLEGAMENTO", "LÄNK", "ENLLAÇ", "KÖPRÜ")
"""Those that people write before brackets, too: without a space they mean the function."""
NAMES: Final = (*PROGRAMS, *CALLS, *LINKS, *CALL_WORDS, *LINK_WORDS)


def any_of(names: Iterable[str]) -> str:
    """A pattern for one of them."""
    return "|".join(map(re.escape, names))
