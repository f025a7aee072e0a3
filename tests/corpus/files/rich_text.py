"""Rich Text that is more than text and pictures, and honest ones."""

from typing import Final

from tests.corpus.files.case import FileCase

_ADDRESS: Final = '"http://a.example/a.doc"'


def _field(code: str) -> str:
    return f"{{\\field{{\\*\\fldinst {code}}}{{\\fldrslt x}}}}"


def _run(text: str) -> str:
    """As Word dresses each."""
    return f"{{\\rtlch\\fcs1 \\af0 \\ltrch\\fcs0 \\f0\\lang1031\\insrsid1 {text}}}"


def _replaced(text: str, by: str = "A", behind: str = "") -> str:
    """In Unicode, each character with what older readers show."""
    return "".join(f"\\u{ord(each)}{behind}{by}" for each in text)


def _case(name: str, body: str, *reasons: str, begin: str = "{\\rtf1\\ansi ") -> FileCase:
    data = f"{begin}{body}\\par A text.}}".encode("latin-1")
    return FileCase(f"{name}.rtf", lambda: data, frozenset(f"rtf_{reason}" for reason in reasons))


_DANGEROUS: Final = (
    _case("package", "{\\object\\objemb{\\*\\objclass Package}{\\*\\objdata 0105000002000000}}", "object"),
    _case("equation", "{\\object\\objocx{\\*\\objdata 01050000 02000000 0b000000 4571756174696f6e2e33}}", "object"),
    _case("updated", "{\\object\\objautlink\\objupdate{\\*\\objclass Word.Document.8}}", "object"),
    _case("short-header", "{\\object{\\*\\objdata 01}}", "object", begin="{\\rt\\ansi "),
    _case("without-version-object", "{\\object{\\*\\objdata 01}}", "object", begin="{\\rtf\\ansi "),
    _case("hidden-in-groups", "{\\object{\\*\\objdata{\\*\\x}0{\\y1}1 05}}", "object"),
    _case("template", "{\\*\\template http://a.example/a.dotm}", "remote"),
    _case("template-in-escapes", "{\\*\\template \\'68\\u116?\\'74p://a.example/a}", "remote"),
    _case("template-on-a-share", "{\\*\\template \\\\\\\\10.0.0.1\\\\share\\\\a.dot}", "remote"),
    _case("dde", '{\\field{\\*\\fldinst DDEAUTO cmd "/k calc"}{\\fldrslt x}}', "dde"),
    _case("dde-in-runs", "{\\field{\\*\\fldinst {\\b D}{\\i DE}{AUTO}{ cmd}}{\\fldrslt x}}", "dde"),
    _case("taken-in", '{\\field{\\*\\fldinst INCLUDETEXT "http://a.example/a.doc"}{\\fldrslt x}}', "remote"),
    _case("object-behind-a-raw-byte",
          "{\\object\\bin1 \\\\objemb{\\*\\bin1 \\\\objclass Package}{\\*\\bin1 \\\\objdata 01}}", "object"),
    _case("object-behind-raw-bytes", "{\\object{\\*\\bin003{}\\\\objdata 0105000002000000}}", "object"),
    _case("template-behind-a-raw-byte", "{\\*\\bin1 \\\\template http://a.example/t.dotm}", "remote"),
    _case("dde-behind-a-raw-byte", "{\\field{\\*\\bin1 \\\\fldinst DDEAUTO cmd}{\\fldrslt x}}", "dde"),
    _case("dde-behind-a-raw-byte-within", "{\\field{\\*\\fldinst \\bin3 }x}DDEAUTO cmd}{\\fldrslt x}}", "dde"),
    *(_case(f"{name}-behind-what-is-skipped-{number}", _field(f"{skipped}{code}"), reason)
      for name, code, reason in (("dde", "DDEAUTO cmd", "dde"), ("taken-in", f"INCLUDETEXT {_ADDRESS}", "remote"))
      for number, skipped in enumerate((
          "{\\*\\zzz QQ}", "{\\info QQ}", "{\\b\\pict QQ}", "{\\*\\zzz {\\b QQ}}", "{\\*\\a Q}{\\*\\b Q}",
          "{\\lang1033 \\f0 }" * 400, f"{{\\*\\zzz {'A' * 5000}}}", " " * 9000,
      ))),
    *(_case(f"dde-{name}", _field(code), "dde") for name, code in {
        "replaced": f"{_replaced('DDEAUTO')} cmd", "replaced-by-two": f"\\uc2 {_replaced('DDE', 'AB')} cmd",
        "replaced-by-an-escape": f"{_replaced('DDE', chr(92) + chr(39) + '41')} cmd",
        "replaced-in-a-group": f"{{\\uc3 {_replaced('DDE', 'ABC')}}}{{ cmd}}",
        "replaced-by-nothing": f"\\uc0 {_replaced('DDE', '', ' ')} cmd",
        "in-pieces": "D{\\*\\zzz QQ}D{\\*\\b E}{\\*\\y A}AUTO cmd", "behind-a-tab": "DDEAUTO\\tab cmd",
        "behind-a-blank": "DDEAUTO\\~cmd", "as-a-result": f"{_field('QUOTE 1').replace('x}', 'DDEAUTO}')} cmd",
        "in-numbers": f"{_field('QUOTE 68 68 69')} cmd", "alone": "DDEAUTO",
    }.items()),
    *(_case(f"template-{name}", f"{{\\*\\template {text}}}", "remote") for name, text in {
        "behind-what-is-skipped": "{\\*\\zzz /}http://a.example/a", "behind-much": f"{{\\*\\z {'A' * 5000}}}http://a/a",
        "replaced": "\\u104/ttp://a.example/a", "replaced-by-two": "\\uc2\\u104 //ttp://a.example/a",
        "share-behind-what-is-skipped": "{\\*\\z A}\\\\\\\\host\\\\a", "in-a-file": "file://host/a.dot",
        "in-a-share": "file:////host/a.dot", "of-another-scheme": "data:text/a", "of-four-letters": "ftps://a/a",
        "in-pieces": "ht{\\*\\y Q}tp{\\*\\b :}{\\*\\z Q}//a.example/a",
    }.items()),
    *(_case(f"reads-{number}", _field(code), "remote") for number, code in enumerate((
        'INCLUDETEXT "file://h.example/s/a.doc"', 'INCLUDETEXT "//h.example/s/a.doc"', 'INCLUDE "http://h.example/a"',
        'INCLUDEPICTURE "\\\\\\\\\\\\\\\\10.0.0.1\\\\\\\\s"', 'INCLUDEPICTURE "file://h.example/a.png"',
        'DATABASE \\\\d "http://h.example/a"', "LINK Word.Document.8 \\'93http://h.example/a\\'94",
    ))),
    _case("taken-in-from-a-share", _field('{\\*\\z Q}INCLUDETEXT "\\\\\\\\\\\\\\\\host\\\\\\\\a.doc"'), "remote"),
    _case("too-deep", _field("{" * 2000 + "DDEAUTO"), "not_examined"),
)  # fmt: skip
_HONEST: Final = (
    _case("text", "{\\fonttbl{\\f0 Arial;}}\\f0\\b Hello\\b0  w\\'f6rld"),
    _case("picture", "{\\pict\\pngblip\\picw9\\pich9 89504e470d0a1a0a" + "00" * 500 + "}"),
    _case("link", '{\\field{\\*\\fldinst HYPERLINK "https://example.com/"}{\\fldrslt here}}'),
    _case("page", "{\\field{\\*\\fldinst PAGE}{\\fldrslt 1}}"),
    _case("own-template", "{\\*\\template C:\\\\Users\\\\A\\\\Normal.dotm}"),
    _case("talk", "The words \\\\objdata and \\\\template http://a.example, and DDEAUTO"),
    _case(
        "raw-picture",
        "{\\pict\\pngblip\\bin9 \\x{}\\\\\\y}C:\\\\bin\\\\template\\\\a, {\\field{\\*\\fldinst PAGE}{\\fldrslt 1}}",
    ),
    _case("talk-of-a-path", "/usr/bin9, C:\\\\bin and \\\\objdata"),
    _case("without-version", "Hello", begin="{\\rtf\\ansi\\deff0 "),
    _case("linked-picture", '{\\field{\\*\\fldinst INCLUDEPICTURE "https://example.com/a.png"}{\\fldrslt x}}'),
)
_HONEST_FIELDS: Final = {
    "link-as-word-writes-it": _run(' HYPERLINK "https://example.com/dde" ') + _run("{\\*\\datafield 00d0c9ea79f9ba}"),
    "link-in-runs": _run("HYPER") + _run('LINK "https://example.com/a"'),
    "link-to-a-share": 'HYPERLINK "\\\\\\\\host\\\\\\\\a.doc"', "date": 'DATE \\\\@ "d. MMMM yyyy"',
    "property": "DOCPROPERTY DDE", "merged": f"IF {_field('MERGEFIELD Dde')} = 1 \"a\" \"b\"",
    "own-cells": 'LINK Excel.Sheet.8 "C:\\\\\\\\a b.xls" "R1C1:R9C9" \\\\a \\\\r',
    "own-disk": 'LINK Excel.Sheet.8 "Macintosh HD:Users:a.xls" "A1:B9"',
    "own-file": 'INCLUDETEXT "C:\\\\\\\\a\\\\\\\\b.doc"', "other-letters": "\\u1044\\'c4\\u1044\\'c4 x",
    "marked": "{\\*\\bkmkstart a}PAGEREF a{\\*\\bkmkend a}", "number": "QUOTE 68 65", "empty": "",
}  # fmt: skip
_HONEST_TEMPLATES: Final = {
    "unix": "/home/a/a.dotm", "file": "file:///C:/a.dotm", "local": "file:///home/a.dotm", "name": "Normal.dotm",
    "cyrillic": "C:\\\\\\u1044\\'c4\\\\a.dot", "drive": "file:C:\\\\a.dot",
}  # fmt: skip
CASES: Final[tuple[FileCase, ...]] = (
    *_DANGEROUS, *_HONEST,
    *(_case(name, _field(code)) for name, code in _HONEST_FIELDS.items()),
    *(_case(f"own-template-{name}", f"{{\\*\\template {text}}}") for name, text in _HONEST_TEMPLATES.items()),
)  # fmt: skip
