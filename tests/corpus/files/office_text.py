"""Documents of Office that are text, with macros and without."""

from typing import Final

from tests.corpus.files.case import FileCase
from tests.inspection.office_files import active_mime, in_one_file, web_archive, word_2003
from tests.inspection.ole_files import ole

_VBA_TYPE: Final = "application/vnd.ms-office.vbaProject"
_MACROS: Final = active_mime(ole({"_VBA_PROJECT": b"x"}, {"VBA": ""}))
_UNKNOWN: Final = b"ActiveMime" + bytes(99)


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(reasons))


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
)  # fmt: skip
_HONEST: Final = (
    _case("one-file.xml", in_one_file("/word/media/image1.png", "image/png", b"x")),
    _case("word-2003.xml", word_2003(b"a picture")),
    _case("word-2003-with-an-object.xml", word_2003(active_mime(ole({"Workbook": b"x"})))),
    _case("page.eml", web_archive(b"a picture")),
    _case("mail.eml", web_archive(active_mime(ole({"Workbook": b"x"})))),
)
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
