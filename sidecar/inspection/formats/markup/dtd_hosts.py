"""Where the document types stand that honest programs name, since a parser may fetch them and read what they say."""

import re
from typing import Final
from urllib.parse import unquote_to_bytes

from sidecar.inspection.formats.markup.addresses import compact

_HOSTS: Final = frozenset({
    # standards
    "cxml.org", "daisy.org", "docbook.org", "docs.oasis-open.org", "dtd.nlm.nih.gov", "editeur.org",
    "eutils.ncbi.nlm.nih.gov", "fictionbook.org", "gpo.gov", "gribuser.ru", "idpf.org", "imsglobal.org",
    "imsproject.org", "jats.nlm.nih.gov", "lcweb2.loc.gov", "loc.gov", "musicxml.org", "my.netscape.com",
    "ncbi.nlm.nih.gov", "oasis-open.org", "openarchives.org", "openebook.org", "openmobilealliance.org",
    "tei-c.org", "unicode.org", "uspto.gov", "w3.org", "wapforum.org", "web3d.org", "xml.cxml.org", "xml.org",
    # programs
    "abisource.com", "adobe.com", "ant.apache.org", "apache.org", "apple.com", "bea.com", "checkstyle.org",
    "checkstyle.sourceforge.net", "dl.google.com", "docs.oracle.com", "eclipse.dev", "eclipse.org",
    "freedesktop.org", "glade.gnome.org", "glassfish.org", "gnome.org", "hibernate.org",
    "hibernate.sourceforge.net", "ibatis.apache.org", "ibatis.com", "ibm.com", "incubator.apache.org",
    "jakarta.apache.org", "jasperforge.org", "jasperreports.sourceforge.net", "java.sun.com", "jboss.com",
    "jboss.org", "jetty.mortbay.org", "jetty.org", "kde.org", "logging.apache.org", "macromedia.com",
    "microsoft.com", "mozilla.org", "mybatis.org", "netbeans.org", "ns.adobe.com", "openoffice.org",
    "opensymphony.com", "oracle.com", "puppycrawl.com", "quartz-scheduler.org", "schemas.microsoft.com",
    "springframework.org", "struts.apache.org", "tapestry.apache.org", "testng.org", "xml.apache.org",
    "xmlns.jcp.org", "xmlns.oracle.com",
})  # fmt: skip
"""With or without `www.`. None lets anybody store files, as other hosts of these domains do."""
_SCHEME: Final = re.compile(rb"([a-z][a-z0-9+.-]*+):", re.IGNORECASE)
_HOST: Final = re.compile(rb"https?:/*+([^/?#\\]*+)", re.IGNORECASE)
_CALLED: Final = re.compile(rb"\.(?:dtd|ent|mod|elt|pen|gml|xml)\Z", re.IGNORECASE)
_NOWHERE: Final = frozenset({b"urn", b"about"})
"""They name a document type and tell no place; `about:legacy-compat` is that of HTML (HTML, 13.1.1)."""


def is_elsewhere(system: bytes) -> bool:
    """Whether a parser that fetches this document type asks a machine or opens a file that the sender has chosen.

    What stands beside the document passes: nothing that the sender has not sent along. Above it only what is called as
    such types are.
    """
    address = compact(system, {})
    if (host := _HOST.match(address)) is not None:
        return not _is_known(host[1].decode("latin-1").lower())
    if (scheme := _SCHEME.match(address)) is not None:
        return scheme[1].lower() not in _NOWHERE
    path = unquote_to_bytes(address).replace(b"\\", b"/")
    return path.startswith(b"/") or (b".." in path.split(b"/") and not _CALLED.search(path))


def _is_known(host: str) -> bool:
    return host.removeprefix("www.") in _HOSTS
