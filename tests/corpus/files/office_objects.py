"""Documents of Office with objects in them, and with data of programs, all of which Office calls NAME1.bin."""

from typing import Final

from tests.corpus.files.case import FileCase
from tests.inspection.office_files import W, active_mime, docx, field, pptx, relationship, web_archive, xlsx
from tests.inspection.ole_files import ole, workbook
from tests.inspection.pdf_files import pdf

_MATH_TYPE: Final = ole({"\1CompObj": b"x", "Equation Native": b"x"}, root="0002CE03-0000-0000-C000-000000000046")
_EQUATION: Final = ole({"Equation Native": b"x"}, root="0002CE02-0000-0000-C000-000000000046")
_PACKAGE: Final = ole({"\1Ole10Native": b"MZ"}, root="0003000C-0000-0000-C000-000000000046")
_MACROS: Final = ole({"_VBA_PROJECT": b"x"}, {"VBA": ""})
_CHART: Final = ole({"Workbook": workbook()})


_SCRIPTED: Final = ole({"\1CompObj": bytes(9000), "CONTENTS": pdf(b"1 0 obj <</S/JavaScript/JS(a)>> endobj")})
_WORKBOOK: Final = xlsx(xl__printerSettings__printerSettings1_dot_bin=b"data")


_PAGE: Final = """<html><head><meta charset="utf-8"><link rel="canonical" href="https://h.example/">
<style>p { background: url(https://h.example/a.png) } @page { mso-header: url("a_files/header.htm") }</style></head>
<body><p>See <a href="\\\\h\\s\\a.doc">the share</a> <img src="https://h.example/a.png">
<img src="data:image/png;base64,AAAA"><script>a</script></body></html>"""
_IN_WORD: Final = "<html><!--[if gte mso 9]><v:imagedata src='&#92;\\h\\s\\a.png'/><![endif]--></html>"
_FIELD: Final = "<span style='mso-element:field-begin'></span><b>DDEAUTO</b> cmd<span style='mso-element:field-end'>"
_QUOTED: Final = (
    b"MIME-Version: 1.0\r\nContent-Type: text/html\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    b'<img src=3D"file://h.exa=\r\nmple/s/a.png">'
)


def _page(text: str) -> bytes:
    return _held("aFChunk", "a.htm", text.encode())


_DATA: Final = '<?xml version="1.0" encoding="utf-8"?><A b="c"/>'
_DDE: Final = f'<?xml version="1.0" encoding="utf-8"?><w:p {W}>{field("DDE cmd")}</w:p>'


def _property(text: str, encoding: str = "utf-16-le") -> bytes:
    return xlsx(xl__customProperty1_dot_bin=text.encode(encoding))


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(reasons))


def _held(kind: str, target: str, data: bytes) -> bytes:
    """A document with a file that a relationship leads to."""
    name = target.rpartition("/")[2].replace("%2E", ".")
    where = "word/embeddings/" if "embeddings" in target else "word/"
    return docx(rels=relationship(kind, target, external=False), **{where + name: data})


_DANGEROUS: Final = (
    _case("equation.docx", docx(word__embeddings__oleObject1_dot_bin=_EQUATION), "ole_equation"),
    _case("package.pptx", pptx(ppt__embeddings__oleObject1_dot_bin=_PACKAGE), "ole_package"),
    _case("script-of-a-pdf.docx", docx(word__embeddings__oleObject1_dot_bin=_SCRIPTED), "pdf_javascript"),
    _case(
        "macros-of-a-document.doc",
        ole({"WordDocument": bytes(600), "Package": docx(word__vbaProject_dot_bin=_MACROS)}),
        "office_macros",
    ),
    _case("macros.xlsx", xlsx(xl__embeddings__oleObject1_dot_bin=_MACROS), "ole_macros"),
    _case("program.xlsx", xlsx(xl__embeddings__oleObject1_dot_exe_dot_bin=_CHART), "suffix_forbidden"),
    _case("dde-in-a-property.xlsx", _property(_DDE, "utf-8"), "office_dde"),
    _case("dde-in-a-property-in-utf-16.xlsx", _property(_DDE), "office_dde"),
    _case("dde-in-a-property-that-says-so.xlsx", _property(_DDE.replace("utf-8", "utf-16")), "office_dde"),
    _case("dde-in-a-property-that-breaks-off.xlsx", _property(_DDE + "<"), "office_dde"),
    _case("type-of-a-property.xlsx", _property("<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"), "office_doctype"),
    _case("script-as-a-package.docx", _held("package", "embeddings/a.hta", b"<script>a</script>"), "suffix_forbidden"),
    _case("commands-in-the-folder.docx", docx(word__embeddings__a_dot_bat=b"@echo off\r\n"), "suffix_forbidden"),
    _case("commands-elsewhere.docx", _held("oleObject", "/word/./x/../a%2Elnk", b"text"), "suffix_forbidden"),
    _case("page-with-macros.docx", _held("aFChunk", "a.mht", web_archive(active_mime(_MACROS))), "ole_macros"),
    _case(
        "page-with-macros-without-suffix.docx", _held("aFChunk", "a", web_archive(active_mime(_MACROS))), "ole_macros"
    ),
    _case("share-in-a-page.docx", _page("<img src='//h.example/s/a.png'>"), "office_remote"),
    _case("share-in-the-style-of-a-link.docx", _page("<a style='background:url(//h/s/a.png)'>b</a>"), "office_remote"),
    _case("share-in-a-page-for-word.docx", _page(_IN_WORD), "office_remote"),
    _case("entities-in-a-page.docx", _page("<!DOCTYPE html [<!ENTITY a 'b'>]><html>&a;</html>"), "office_doctype"),
    _case("frame-in-a-page.docx", _page("<iframe src='http://h.example/'></iframe>"), "office_remote"),
    _case("sheet-of-a-page.docx", _page("<link rel=stylesheet href=http://h.example/a.css>"), "office_remote"),
    _case(
        "header-of-a-page.docx", _page("<style>@page { mso-header: url('\\\\h\\s\\a.htm') }</style>"), "office_remote"
    ),
    _case("field-in-a-page.docx", _page(f"<html>{_FIELD}</html>"), "office_dde"),
    _case("share-in-a-web-archive.docx", _held("aFChunk", "a.mht", _QUOTED), "office_remote"),
    _case("object-as-a-property.xlsx", xlsx(xl__customProperty1_dot_bin=_MACROS), "ole_macros"),
)
_HONEST: Final = (
    _case("math.docx", docx(word__embeddings__oleObject1_dot_bin=_MATH_TYPE)),
    _case("chart.pptx", pptx(ppt__embeddings__oleObject1_dot_bin=_CHART)),
    _case("workbook.doc", ole({"WordDocument": bytes(600), "Package": _WORKBOOK})),
    _case("page-of-acrobat.pptx", pptx(ppt__embeddings__oleObject1_dot_bin=ole({"CONTENTS": pdf()}))),
    _case("drawing-of-another-program.doc", ole({"WordDocument": bytes(600), "Contents": bytes(range(256)) * 20})),
    _case("letter.xlsx", xlsx(xl__embeddings__oleObject1_dot_bin=docx())),
    _case("page.docx", _held("aFChunk", "a.htm", b"<html><body><p>A text</p></body></html>")),
    _case("page-with-links.docx", _page(_PAGE)),
    _case("page-with-a-type.docx", _page("<!DOCTYPE html>\n<html><p>Tom&#8217;s<br>b & c &nbsp;</html>")),
    _case(
        "page-of-html-4.docx", _page('<!DOCTYPE HTML PUBLIC "-//W3C//DTD HTML 4.01//EN"><html><p>&#8217;<br></html>')
    ),
    _case("text-of-a-share.docx", _held("aFChunk", "a.txt", b"See \\\\h\\s\\a.doc and <http://h.example/>")),
    _case("web-archive.docx", _held("aFChunk", "a.mht", web_archive(b"x"))),
    _case("text-as-a-package.docx", _held("package", "embeddings/a.txt", b"A text")),
    _case("nothing-known.pptx", pptx(ppt__embeddings__oleObject1_dot_bin=b"\0\1\2\3")),
    _case("data-of-a-program.xlsx", _property(_DATA)),
    _case("text-of-a-program.xlsx", _property("<none> & more")),
    _case("words-of-a-program.xlsx", _property("True")),
)
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
