"""Documents of Office that are text, with macros and without."""

from typing import Final

from tests.corpus.files.case import FileCase
from tests.inspection.office_files import active_mime, content, in_one_file, web_archive, word_2003
from tests.inspection.ole_files import ole

_VBA_TYPE: Final = "application/vnd.ms-office.vbaProject"
_MACROS: Final = active_mime(ole({"_VBA_PROJECT": b"x"}, {"VBA": ""}))
_PLAIN: Final = content('<script:module script:name="A">Sub Main</script:module>', "document")
_FLAT: Final = _PLAIN.replace(
    "<office:document ", '<office:document office:mimetype="application/vnd.oasis.opendocument.text" '
)
_HIDDEN: Final = _FLAT.replace('"urn:', '"&#117;rn:')
_LONG: Final = f"<!--{'x' * 9000}-->"
_UNKNOWN: Final = b"ActiveMime" + bytes(99)


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(reasons))


def _flat(text: str, encoding: str = "utf-8", before: str = "") -> bytes:
    return text.replace("UTF-8", encoding[:6]).replace("?>", f"?>{before}", 1).encode(encoding)


_DANGEROUS: Final = (
    _case("macros-in-one-file.xml", in_one_file("/word/vbaProject.bin", _VBA_TYPE, b"x"), "office_macros"),
    _case("macros-in-one-file-in-utf-16.xml",
          in_one_file("/word/a.bin", _VBA_TYPE, b"x").decode().replace("UTF-8", "UTF-16").encode("utf-16"),
          "office_macros"),
    _case("macros-in-word-2003.xml", word_2003(_MACROS), "ole_macros"),
    _case("macros-in-word-2003.doc", word_2003(_MACROS), "ole_macros"),
    _case("macros-in-a-web-archive.doc", web_archive(_MACROS), "ole_macros"),
    _case("macros-in-a-web-archive-behind-a-header.pdf", b"%PDF-1.7\n" + web_archive(_MACROS), "ole_macros"),
    _case("macros-in-a-web-archive-behind-two-letters.doc", b"PK\n" + web_archive(_MACROS), "ole_macros"),
    _case("packed-in-an-unknown-way.doc", web_archive(_UNKNOWN), "office_not_examined"),
    _case("packed-in-an-unknown-way-in-word-2003.xml", word_2003(_UNKNOWN), "office_not_examined"),
    _case("not-in-base64.doc", web_archive(b"").replace(b"base64", b"8bit") + _MACROS, "office_not_examined"),
    _case("basic-under-a-reference.fodt", _flat(_HIDDEN), "office_macros"),
    _case("basic-in-utf-16.fodt", _flat(_FLAT, "utf-16"), "office_macros"),
    _case("basic-in-utf-16-without-a-mark.fodt", _flat(_FLAT, "utf-16-le"), "office_macros"),
    _case("basic-in-utf-16-behind-a-comment.fodt", _flat(_FLAT, "utf-16", f"<!--{'x' * 3000}-->"), "office_macros"),
    _case("basic-under-a-reference-behind-a-doctype.fodt", _flat(_HIDDEN, before="<!DOCTYPE a>"), "office_doctype"),
    _case("basic-behind-a-long-comment.fodt", _flat(_FLAT, before=_LONG), "office_macros"),
    _case("basic-without-a-type.xml", _PLAIN.encode(), "office_macros"),
    _case("basic-in-utf-7.fodt", _FLAT.replace("UTF-8", "UTF-7").encode(), "office_not_examined"),
    _case("macros-in-word-2003-under-a-reference.xml", word_2003(_MACROS).replace(b"wordml", b"wordm&#108;"),
          "ole_macros"),
    _case("macros-in-word-2003-behind-a-long-comment.xml",
          word_2003(_MACROS).replace(b"?>", b"?>" + _LONG.encode(), 1), "ole_macros"),
)  # fmt: skip
_HONEST: Final = (
    _case("one-file.xml", in_one_file("/word/media/image1.png", "image/png", b"x")),
    _case("flat-in-utf-16.fodt", _flat(content("<text:p>flat</text:p>", "document"), "utf-16")),
    _case(
        "exported-drawing.svg",
        b'<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">\n'
        b'<svg xmlns="http://www.w3.org/2000/svg" xmlns:anim="urn:oasis:names:tc:opendocument:xmlns:animation:1.0">'
        b'<rect width="9" height="9"/></svg>',
    ),
    _case(
        "pages-of-documents.xml",
        b'<xsl:stylesheet version="1.0" xmlns:xsl="http://www.w3.org/1999/XSL/Transform" '
        b'xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"><xsl:template match="office:document"><html>'
        b'<head><link rel="schema.DC" href="http://purl.org/dc/elements/1.1/"/></head></html></xsl:template>'
        b"</xsl:stylesheet>",
    ),
    _case("talk-of-documents.txt", b"The namespace is urn:oasis:names:tc:opendocument:xmlns:office:1.0: <a>."),
    _case("data-behind-a-long-comment.xml", f"{_LONG}<a b='&#117;'/>".encode()),
    _case("data-in-utf-16.xml", "<?xml version='1.0' encoding='utf-16'?><a/>".encode("utf-16")),
    _case("word-2003.xml", word_2003(b"a picture")),
    _case("word-2003-with-an-object.xml", word_2003(active_mime(ole({"Workbook": b"x"})))),
    _case("page.eml", web_archive(b"a picture")),
    _case("mail.eml", web_archive(active_mime(ole({"Workbook": b"x"})))),
)
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
