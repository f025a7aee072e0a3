"""Fields and formulas among elements that readers pass over, deleted text and alternatives, and honest ones."""

from typing import Final

from tests.corpus.files.case import FileCase
from tests.inspection.office_files import XML, W, docx, field, xlsx

_SPACES: Final = (
    'xmlns:z="urn:z" xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" mc:Ignorable="z" '
    'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math" xmlns:s="http://purl.oclc.org/ooxml/'
    'wordprocessingml/main" xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape"'
)
_BEGIN: Final = '<w:r><w:fldChar w:fldCharType="begin"/></w:r>'
_END: Final = (
    '<w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>1</w:t></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>'
)
_FORMULA: Final = "WEBSER%sVICE(&quot;https://a.example/&quot;)"
_2003: Final = 'xmlns:w="http://schemas.microsoft.com/office/word/2003/wordml" xmlns:aml="http://schemas.microsoft.com/aml/2001/core"'


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(f"office_{reason}" for reason in reasons))


def _code(text: str) -> str:
    return f'<w:r><w:instrText xml:space="preserve">{text}</w:instrText></w:r>'


def _field(*inside: str) -> str:
    return _BEGIN + "".join(inside) + _END


def _word(*body: str) -> bytes:
    document = f"{XML}<w:document {W} {_SPACES}><w:body><w:p>{''.join(body)}</w:p></w:body></w:document>"
    return docx(word__document_dot_xml=document)


def _either(first: str, second: str, known: str = "z") -> str:
    choice = f'<mc:Choice Requires="{known}">{first}</mc:Choice>'
    return f"<mc:AlternateContent>{choice}<mc:Fallback>{second}</mc:Fallback></mc:AlternateContent>"


def _of_2003(*body: str) -> bytes:
    return f"{XML}<w:wordDocument {_2003}><w:body><w:p>{''.join(body)}</w:p></w:body></w:wordDocument>".encode()


def _annotated(run: str) -> str:
    return f"<aml:annotation><aml:content>{run}</aml:content></aml:annotation>"


def _deleted(run: str) -> str:
    return f'<w:del w:id="1">{run}</w:del>'


def _cell(formula: str) -> bytes:
    return xlsx(f'<c xmlns:z="urn:z"><f>{formula}</f></c>')


_QQ: Final = _code("QQ")
_DDE: Final = _code("DDEAUTO cmd a")
_DANGEROUS: Final = (
    _case("other-text-before.docx", _word(_field("<w:r><z:instrText>QQ</z:instrText></w:r>", _DDE)), "dde"),
    _case("other-run-before.docx", _word(_field(f"<z:r>{_QQ}</z:r>", _DDE)), "dde"),
    _case("code-in-another-run.docx", _word(_field(_code("D"), f"<z:r>{_code('DE cmd')}</z:r>")), "dde"),
    _case("other-begin-between.docx",
          _word(_field(_code("D"), '<z:fldChar z:fldCharType="begin"/>', _code("DE cmd"))), "dde"),
    _case("element-within.docx", _word(_field(_code("D<z:x/>DE<z:y>q</z:y>AUTO cmd"))), "dde"),
    _case("alternatives-before.docx", _word(_field(_either(_QQ, ""), _DDE)), "dde"),
    _case("alternatives-between.docx",
          _word(_field(_either(_code("D"), _QQ, "wps"), _either(_QQ, _code("DE cmd")))), "dde"),
    _case("alternative-that-begins.docx",
          _word(_field(_code("D"), _either(_BEGIN, ""), _code("DE cmd"))), "not_examined"),
    _case("deleted-before.docx", _word(_field(_deleted("<w:r><w:delInstrText>Q</w:delInstrText></w:r>"), _DDE)), "dde"),
    _case("deleted-code-before.docx", _word(_field(_deleted(_QQ), _DDE)), "dde"),
    _case("deleted.docx", _word(_deleted(_field("<w:r><w:delInstrText>DDE cmd</w:delInstrText></w:r>"))), "dde"),
    _case("deleted-begin-between.docx", _word(_field(_code("D"), _deleted(_BEGIN), _code("DE cmd"))), "dde"),
    _case("code-as-text.docx", _word(_field("<w:r><w:t>DDE cmd</w:t></w:r>")), "dde"),
    _case("tab-behind.docx", _word(_field("<w:r><w:instrText>DDE</w:instrText><w:tab/><w:t>c</w:t></w:r>")), "dde"),
    _case("field-without-result.docx", _word(_field(_code("D"), _field(_code("SET a b")), _code("DE c"))), "dde"),
    _case("result-of-a-field.docx", _word(_field(_BEGIN, _code("A"), _END.replace("1", "DDE"), _code(" cmd"))), "dde"),
    _case("blanks-before.docx", _word(_field(_code(" " * 9000), _DDE)), "dde"),
    _case("two-kinds-of-a-mark.docx",
          _word(_BEGIN.replace("/>", ' s:fldCharType="end"/>', 1), _code("D"), _END), "not_examined"),
    _case("strict.docx", _word(_field(_code("DDE cmd")).replace("w:", "s:")), "dde"),
    _case("annotated-of-2003.xml", _of_2003(_annotated(_BEGIN), _annotated(_code("DDE")), _annotated(_END)), "dde"),
    *(_case(f"reads-{number}.docx", docx(field(code.replace('"', "&quot;"))), "remote") for number, code in enumerate((
        'INCLUDETEXT "file://h.example/s/a.docx"', 'INCLUDETEXT "//h.example/s/a.docx"', 'INCLUDE "http://h.example/a.doc"',
        r'INCLUDEPICTURE "\\\\10.0.0.1\\s\\a.png"', 'INCLUDEPICTURE "file://h.example/s/a.png"',
        r'DATABASE \d "\\\\10.0.0.1\\s\\a.mdb" \s "SELECT"', "LINK Word.Document.8 \u201chttp://h.example/a.doc\u201d",
    ))),
    _case("element-in-a-formula.xlsx", _cell(_FORMULA % "<z:x/>"), "remote", "not_examined"),
    _case("text-in-a-formula.xlsx", _cell(_FORMULA % "<z:x>q</z:x>"), "remote", "not_examined"),
    _case("element-before-a-formula.xlsx", _cell("<z:x/>" + _FORMULA % ""), "remote", "not_examined"),
)  # fmt: skip
_BOX: Final = f"<w:txbxContent><w:p>{field(' PAGE ')}</w:p></w:txbxContent>"
_HONEST: Final = (
    _case("box.docx", _word(_either(f"<wps:txbx>{_BOX}</wps:txbx>", f"<w:pict>{_BOX}</w:pict>"), field("PAGE"))),
    _case("equation.docx", _word(
        *(f"<m:oMath><m:r>{each}</m:r></m:oMath>" for each in (_BEGIN, _code(" SEQ Equation "), _END)))),
    _case("deleted-over-paragraphs.docx",
          _word(_deleted(_BEGIN + _code("TOC")), "</w:p><w:p>", _deleted(_END), field("REF DDE"))),
    _case("nested.docx", _word(_field(_code("IF "), field("MERGEFIELD a"), _code(' = "1" "DDE" "c"')))),
    *(_case(f"own-{number}.docx", docx(field(code.replace('"', "&quot;")))) for number, code in enumerate((
        r'LINK Excel.Sheet.12 "C:\\a b.xlsx" "R1C1:R9C9" \a \f 4 \r', 'INCLUDEPICTURE "https://h.example/a.png" \\d',
        'LINK Excel.Sheet.8 "Macintosh HD:Users:a.xls" A1:B9', r'INCLUDETEXT "file:///C:\\a.docx" \* MERGEFORMAT',
    ))),
    _case("data-of-others.docx", docx(customXml__item1_dot_xml="<a>&#32;<f>1<b/></f></a>")),
    _case("citation.docx", _word(_field(_code(" ADDIN CSL_CITATION {" + '"a": "DDE", ' * 3000 + "}")))),
    _case("annotated-page-of-2003.xml", _of_2003(_annotated(_BEGIN), _annotated(_code("PAGE")), _annotated(_END))),
    _case("shared-formula.xlsx", xlsx('<c><f t="shared" si="0" ref="A1">A2</f></c><c><f t="shared" si="0"/><v/></c>')),
)  # fmt: skip
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
