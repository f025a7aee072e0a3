"""ZIP files that one reader reads so and another otherwise, and honest ones that are written in unusual ways."""

import io
import stat
import struct
import zipfile
import zlib

from tests.corpus.files.packing import OOXML, TEXT, bad, good, zipped

EXE = b"MZ" + bytes(80)
HELLO = b"hello"
DEFLATED, DESCRIBED_BEHIND = 8, 8


def local(name: bytes, data: bytes, extra: bytes = b"") -> bytes:
    """An entry that is stored (APPNOTE 4.3.7)."""
    sizes = (zlib.crc32(data), len(data), len(data), len(name), len(extra))
    return struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 33, *sizes) + name + extra + data


def record(
    name: bytes, data: bytes, offset: int, extra: bytes = b"", comment: bytes = b"", mode: int = 0, flags: int = 0,
    packed: int | None = None,
) -> bytes:  # fmt: skip
    """Its record in the directory (APPNOTE 4.3.12); one that has a packed size is deflated."""
    method, packed = (0, len(data)) if packed is None else (DEFLATED, packed)
    sizes = (zlib.crc32(data), packed, len(data), len(name), len(extra), len(comment))
    head = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 788, flags, method, 0, 33, *sizes, 0, 0, mode << 16, offset)
    return head + name + extra + comment


def end(count: int, size: int, offset: int) -> bytes:
    return struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, size, offset, 0)


def end64(count: int, size: int, offset: int, at: int) -> bytes:
    """The ZIP64 record and its locator (APPNOTE 4.3.14, 4.3.15)."""
    wide = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, count, count, size, offset)
    return wide + struct.pack("<4sLQL", b"PK\6\7", 0, at, 1)


def of_one(name: bytes, data: bytes, own: bytes = b"", listed: bytes = b"") -> bytes:
    """One entry, with extra fields in its own header and in the directory."""
    head, told = local(name, data, own), record(name, data, 0, listed)
    return head + told + end(1, len(told), len(head))


def hidden_in_comment() -> bytes:
    """The directory has room for a second entry, whose header stands in the comment of the first (CVE-2013-4787)."""
    head, evil = local(b"a.txt", HELLO), local(b"evil.exe", EXE)
    first = record(b"a.txt", HELLO, 0, comment=evil)
    told = first + record(b"evil.exe", EXE, len(head) + len(first) - len(evil))
    return head + told + end(1, len(told), len(head))


def slack_in_directory() -> bytes:
    head, told = local(b"a.txt", HELLO), record(b"a.txt", HELLO, 0) + bytes(40)
    return head + told + end(1, len(told), len(head))


def empty_but_for_slack() -> bytes:
    head, told = local(b"a.txt", HELLO), record(b"a.txt", HELLO, 0)
    return head + told + end(0, len(told), len(head))


def wide_end_says_otherwise() -> bytes:
    """The end record leads to one directory and ZIP64 to another: who needs no ZIP64 does not look at it."""
    head, harmless = local(b"a.txt", HELLO), record(b"a.txt", HELLO, 0)
    before = head + harmless + local(b"evil.exe", EXE)
    evil = record(b"evil.exe", EXE, len(head) + len(harmless))
    whole = before + evil + end64(1, len(evil), len(before), len(before) + len(evil))
    return whole + end(1, len(whole) - len(head), len(head))


def locator_without_record() -> bytes:
    head, told = local(b"a.txt", HELLO), record(b"a.txt", HELLO, 0)
    locator = struct.pack("<4sLQL", b"PK\6\7", 0, 0, 1)
    return head + told + locator + end(1, len(told) + len(locator), len(head))


def entry_behind_stream() -> bytes:
    """Who reads from the start goes on where the deflated stream ends (APPNOTE 4.4.4, bit 3): there stands another."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = packer.compress(HELLO) + packer.flush()
    behind = struct.pack("<4s3L", b"PK\7\x08", zlib.crc32(HELLO), len(packed), len(HELLO)) + local(b"evil.exe", EXE)
    head = struct.pack("<4s5H3L2H", b"PK\3\4", 20, DESCRIBED_BEHIND, DEFLATED, 0, 33, 0, 0, 0, 5, 0) + b"a.txt"
    told = record(b"a.txt", HELLO, 0, flags=DESCRIBED_BEHIND, packed=len(packed + behind))
    whole = head + packed + behind
    return whole + told + end(1, len(told), len(whole))


def marked(offset: int) -> bytes:
    """Behind the marker of an archive that was to be split, which offsets count from PKZIP on (APPNOTE 8.5.4)."""
    head, told = b"PK00" + local(b"a.txt", TEXT), record(b"a.txt", TEXT, offset)
    return head + told + end(1, len(told), len(head) - 4 + offset)


def unicode_path(path: str, name: bytes) -> bytes:
    """The extra field of Info-ZIP and WinRAR (APPNOTE 4.6.9)."""
    return struct.pack("<HHBL", 0x7075, 5 + len(path.encode()), 1, zlib.crc32(name)) + path.encode()


def with_unicode_path(path: str, name: bytes = b"a.txt", *, checked: bytes | None = None) -> bytes:
    extra = unicode_path(path, name if checked is None else checked)
    return of_one(name, TEXT, extra, extra)


def of_libarchive(mode: int) -> bytes:
    """As libarchive writes it where it is asked to: what else only the directory tells, for who reads a stream."""
    return struct.pack("<2HBHL", 0x6C78, 7, 5, 788, mode << 16)


def of_asi(mode: int) -> bytes:
    """As Ant writes it."""
    told = struct.pack("<HLHH", mode, 0, 0, 0)
    return struct.pack("<2HL", 0x756E, 4 + len(told), zlib.crc32(told)) + told


def standard_input() -> bytes:
    """As `printf hi | zip - -` writes: ZIP64 without need, and the mode of the pipe."""
    head, told = local(b"-", b"hi"), record(b"-", b"hi", 0, mode=stat.S_IFIFO | 0o600)
    return head + told + end64(1, len(told), len(head), len(head + told)) + end(1, len(told), len(head))


def wide_entries() -> bytes:
    """As Python writes what may become larger than 4 GiB."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive, archive.open("notes.txt", "w", force_zip64=True) as notes:
        notes.write(TEXT)
    return out.getvalue()


PATH = ("archive_path", "file_name_path")
DANGEROUS = (
    bad("hidden-in-comment.zip", hidden_in_comment, "archive_ambiguous"),
    bad("slack.zip", slack_in_directory, "archive_ambiguous"),
    bad("empty-but-for-slack.zip", empty_but_for_slack, "archive_ambiguous"),
    bad("zip64-says-otherwise.zip", wide_end_says_otherwise, "archive_ambiguous"),
    bad("locator-without-record.zip", locator_without_record, "archive_ambiguous"),
    bad("entry-behind-stream.zip", entry_behind_stream, "archive_ambiguous"),
    bad("unicode-path-climbs.zip", lambda: with_unicode_path("../../evil.txt"), *PATH),
    bad("unicode-path-php.zip", lambda: with_unicode_path("evil.php"), "suffix_forbidden"),
    bad("unicode-path-page.zip", lambda: with_unicode_path("page.svg"), "archive_ambiguous"),
    bad("unicode-path-reserved.zip", lambda: with_unicode_path(".htaccess", b"a"), "file_name_reserved"),
    bad("unicode-path-own.zip", lambda: of_one(b"a.txt", TEXT, unicode_path("b.php", b"a.txt")), "suffix_forbidden"),
    bad("unicode-path-twice.zip", lambda: of_one(
        b"a.txt", TEXT, b"", unicode_path("b.txt", b"a.txt") + unicode_path("b.php", b"a.txt")), "suffix_forbidden"),
    bad("unicode-paths.zip", lambda: of_one(
        b"a.txt", TEXT, b"", b"".join(unicode_path(f"{n}.txt", b"a.txt") for n in range(9))), "archive_ambiguous"),
    bad("marked-php.zip", lambda: b"PK00" + zipped(("b.php", b"x")), "suffix_forbidden"),
    bad("marked-and-shifted.zip", lambda: marked(0), "archive_ambiguous"),
    bad("split-php.zip", lambda: b"PK\7\x08" + zipped(("b.php", b"x")), "suffix_forbidden"),
    bad("split-php", lambda: b"PK\7\x08" + zipped(("b.php", b"x")), "suffix_forbidden"),
    bad("marked-macros.docx", lambda: b"PK00" + zipped(*OOXML, ("word/vbaProject.bin", b"x")), "office_macros"),
    bad("empty-before-macros.docx", lambda: zipped() + zipped(*OOXML, ("word/vbaProject.bin", b"x")), "office_macros"),
    bad("link-for-libarchive.zip", lambda: of_one(b"a", b"/etc/passwd", of_libarchive(stat.S_IFLNK)), "archive_link"),
    bad("link-behind-fields.zip", lambda: of_one(
        b"a", b"/etc/passwd", bytes(8) + struct.pack("<2H9x", 1, 9) + of_libarchive(stat.S_IFLNK)), "archive_link"),
    bad("link-behind-bits.zip", lambda: of_one(
        b"a", b"b", struct.pack("<2H3BHHL", 0x6C78, 11, 135, 128, 0, 788, 0, stat.S_IFLNK << 16)), "archive_link"),
    bad("link-in-directory.zip", lambda: of_one(b"a", b"b", b"", of_libarchive(stat.S_IFLNK)), "archive_link"),
    bad("link-of-asi.zip", lambda: of_one(b"a", b"b", of_asi(stat.S_IFLNK), of_asi(stat.S_IFLNK)), "archive_link"),
    bad("pipe-for-libarchive.zip", lambda: of_one(b"a", b"", of_libarchive(stat.S_IFIFO)), "archive_device"),
    bad("countless-fields.zip", lambda: of_one(b"a", TEXT, struct.pack("<2Hx", 2, 1) * 500), "archive_ambiguous"),
    bad("countless-in-directory.zip", lambda: of_one(
        b"a", TEXT, b"", struct.pack("<2Hx", 2, 1) * 500), "archive_ambiguous"),
    bad("folder-with-bytes.zip", lambda: of_one(b"b.php/", TEXT), "suffix_forbidden"),
)  # fmt: skip

HONEST = (
    good("standard-input.zip", standard_input),
    good("split-in-one-piece.zip", lambda: marked(4)),
    good("zip64-entry.zip", wide_entries),
    good("modes.zip", lambda: of_one(b"a.txt", TEXT, *2 * (of_libarchive(stat.S_IFREG | 0o644) + of_asi(0o100644),))),
    good("half-a-mode.zip", lambda: of_one(b"a.txt", TEXT, struct.pack("<2HB", 0x6C78, 1, 132))),
    good("aligned-to-a-page.zip", lambda: of_one(b"a.txt", TEXT, bytes(16_383))),
    good("unicode-path.zip", lambda: with_unicode_path("Größe.txt", b"Gr__e.txt")),
    good("unicode-path-cp866.zip", lambda: with_unicode_path("протокол.txt", "протокол.txt".encode("cp866"))),
    good("unicode-path-of-former-name.zip", lambda: with_unicode_path("b.md", checked=b"b.md")),
)  # fmt: skip

CASES = (*DANGEROUS, *HONEST)
