"""What hides in archives."""

import bz2
import gzip
import lzma
import stat
import struct
import tarfile
import zipfile
import zlib
from functools import cache

from tests.corpus.files.packing import (
    DEFLATED,
    OOXML,
    PHP,
    STORED,
    TEXT,
    bad,
    member,
    nested,
    patched,
    raw_name,
    tarred,
    zipped,
)


@cache
def overlapping() -> bytes:
    """Many entries that share one kernel of zeros (Fifield)."""
    kernel = zlib.compressobj(9, zlib.DEFLATED, -15)
    packed = kernel.compress(bytes(4_000_000)) + kernel.flush()
    crc, count = zlib.crc32(bytes(4_000_000)), 250
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 8, 0, 0, crc, len(packed), 4_000_000, 1, 0) + b"a"
    central = b"".join(
        struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 8, 0, 0, crc, len(packed), 4_000_000, 4, 0, 0, 0, 0, 0, 0)
        + b"%04d" % index
        for index in range(count)
    )
    start = len(local) + len(packed)
    return local + packed + central + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, count, count, len(central), start, 0)


@cache
def nested_bomb() -> bytes:
    """Sixteen in sixteen in sixteen (42.zip)."""
    data = zipped(("0.dll.txt", bytes(64 * 1024 * 1024)))
    for level in range(4):
        data = zipped(*((f"lib {index}.zip", data) for index in range(16)), method=DEFLATED if level else STORED)
    return data


@cache
def zeros(size: int) -> bytes:
    return zipped(("zeros.txt", bytes(size)))


@cache
def long_directory() -> bytes:
    entry = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0) + b"a"
    local = struct.pack("<4s5H3L2H", b"PK\3\4", 20, 0, 0, 0, 0, 0, 0, 0, 1, 0) + b"a"
    central = entry * 60_000
    return local + central + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 60_000, 60_000, len(central), len(local), 0)


def two_directories() -> bytes:
    """The first names a harmless file, the last another one: readers take one or the other."""
    one, two = zipped(("a.txt", TEXT)), zipped(("b.txt", PHP))
    return one + two


def hidden_entry() -> bytes:
    """An entry that only those find who read from the beginning."""
    data = zipped(("a.txt", TEXT), ("b.txt", TEXT))
    second = data.rfind(b"PK\1\2")
    start = data.find(b"PK\1\2")
    central = data[start:second]
    return data[:start] + central + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(central), start, 0)


def eocd_in_comment() -> bytes:
    inner = zipped(("a.txt", PHP))
    return zipped(("a.txt", TEXT), comment=inner[inner.rfind(b"PK\1\2") :])


def encrypted() -> bytes:
    data = zipped(("a.txt", TEXT))
    return patched(patched(data, b"PK\3\4", 6, "<H", 1), b"PK\1\2", 8, "<H", 1)


def other_method() -> bytes:
    data = zipped(("a.txt", TEXT))
    return patched(patched(data, b"PK\3\4", 8, "<H", 97), b"PK\1\2", 10, "<H", 97)


def other_content() -> bytes:
    return zipped(("a.txt", TEXT), method=STORED).replace(b"agreed", b"agreet", 1)


def links(target: str, system: int = 3) -> bytes:
    link = member("link", stat.S_IFLNK | 0o777)
    link.create_system = system
    return zipped((link, target.encode()))


PATH = ("archive_path", "file_name_path")
CASES = (
    bad("php.zip", lambda: zipped(("a/b.php", PHP)), "suffix_forbidden"),
    bad("php-called-a-document.docx", lambda: zipped(("b.php", PHP)), "suffix_forbidden"),
    bad("php-called-a-book.epub", lambda: zipped(("b.php", PHP)), "suffix_forbidden"),
    bad("php-stored.zip", lambda: zipped(("b.php", PHP), method=STORED), "suffix_forbidden"),
    bad("php-bzip2.zip", lambda: zipped(("b.php", PHP), method=zipfile.ZIP_BZIP2), "suffix_forbidden"),
    bad("php-as-picture.zip", lambda: zipped(("cat.png", PHP)), "content_not_as_named"),
    bad("exe.zip", lambda: zipped(("setup.exe", b"MZ" + bytes(500))), "suffix_forbidden"),
    bad("drive.zip", lambda: zipped(("C:a.txt", TEXT)), "archive_path"),
    bad("htaccess.zip", lambda: zipped(("a/.htaccess", b"AddType x .jpg\n")), "file_name_reserved", "suffix_forbidden"),
    bad("php.tar", lambda: tarred(("a/b.php", PHP)), "suffix_forbidden"),
    bad("php.tar.gz", lambda: gzip.compress(tarred(("b.php", PHP))), "suffix_forbidden"),
    bad("php.tgz", lambda: gzip.compress(tarred(("b.php", PHP))), "suffix_forbidden"),
    bad("php.tar.bz2", lambda: bz2.compress(tarred(("b.php", PHP))), "suffix_forbidden"),
    bad("php.tar.xz", lambda: lzma.compress(tarred(("b.php", PHP))), "suffix_forbidden"),
    bad("php-in-zip-in-zip.zip", lambda: nested(2, PHP, "b.php"), "suffix_forbidden"),
    bad("php-in-tar-in-zip.zip", lambda: zipped(("a.tar", tarred(("b.php", PHP)))), "suffix_forbidden"),
    bad("php-in-zip-in-tar.tar", lambda: tarred(("a.zip", zipped(("b.php", PHP)))), "suffix_forbidden"),
    bad("climbing.zip", lambda: zipped(("../../etc/passwd.txt", TEXT)), *PATH),
    bad("climbing-in-middle.zip", lambda: zipped(("a/../../b.txt", TEXT)), *PATH),
    bad("climbing-backslash.zip", lambda: raw_name(b"..\\..\\b.txt"), *PATH),
    bad("absolute.zip", lambda: zipped(("/etc/cron.d/b.txt", TEXT)), *PATH),
    bad("drive.zip", lambda: raw_name(b"C:\\Windows\\b.txt"), *PATH),
    bad("climbing-folder.zip", lambda: zipped(("../../up/", b"")), *PATH),
    bad("climbing.tar", lambda: tarred(("../b.txt", TEXT)), *PATH),
    bad("absolute.tar", lambda: tarred(("/etc/b.txt", TEXT)), *PATH),
    bad("climbing-gnu-long.tar", lambda: tarred(("../" + "a" * 150 + "/b.txt", TEXT), form=tarfile.GNU_FORMAT), *PATH),
    bad("nul.zip", lambda: raw_name(b"b.php\0.txt"), "file_name_control", "suffix_forbidden", *PATH),
    bad("link.zip", lambda: links("/etc/passwd"), "archive_link"),
    bad("link-within.zip", lambda: links("a.txt"), "archive_link"),
    *(bad(f"link-of-system-{system}.zip", lambda system=system: links("/etc/passwd", system), "archive_link")
      for system in (0, 2, 5, 10, 16, 19, 30)),
    bad("device.zip", lambda: zipped((member("tty", stat.S_IFCHR | 0o666), b"")), "archive_device"),
    bad("of-all-kinds.zip", lambda: zipped((member("tty", 0xFFFF), b"")), "archive_device"),
    bad("pipe.zip", lambda: zipped((member("pipe", stat.S_IFIFO | 0o666), b"")), "archive_device"),
    bad("link.tar", lambda: tarred(link=(tarfile.SYMTYPE, "/etc/passwd")), "archive_link"),
    bad("hard-link.tar", lambda: tarred(link=(tarfile.LNKTYPE, "../passwd")), "archive_link"),
    bad("device.tar", lambda: tarred(tty=(tarfile.CHRTYPE, "")), "archive_device"),
    bad("disk.tar", lambda: tarred(sda=(tarfile.BLKTYPE, "")), "archive_device"),
    bad("pipe.tar", lambda: tarred(pipe=(tarfile.FIFOTYPE, "")), "archive_device"),
    bad("bomb.zip", lambda: zeros(64 * 1024 * 1024), "archive_bomb"),
    bad("bomb.txt.gz", lambda: gzip.compress(bytes(64 * 1024 * 1024)), "archive_bomb"),
    bad("bomb.txt.bz2", lambda: bz2.compress(bytes(64 * 1024 * 1024)), "archive_bomb"),
    bad("bomb.txt.xz", lambda: lzma.compress(bytes(64 * 1024 * 1024)), "archive_bomb"),
    bad("bomb-in-bomb.zip", nested_bomb, "archive_bomb", "inside_too_large", "inside_too_many"),
    bad("overlapping.zip", overlapping, "archive_overlap", "archive_ambiguous"),
    bad("deep.zip", lambda: nested(9, TEXT, "a.txt"), "inside_too_deep"),
    bad("many.zip", long_directory, "inside_too_many"),
    bad("duplicate.zip", lambda: zipped(("a.txt", TEXT), ("a.txt", PHP)), "archive_duplicate"),
    bad("duplicate-dot.zip", lambda: zipped(("a.txt", TEXT), ("./a.txt", TEXT)), "archive_duplicate"),
    bad("duplicate.tar", lambda: tarred(("a.txt", TEXT), ("a.txt", TEXT)), "archive_duplicate"),
    bad("encrypted.zip", encrypted, "archive_encrypted"),
    bad("other-local-name.zip", lambda: zipped(("a.txt", TEXT)).replace(b"a.txt", b"b.php", 1), "archive_ambiguous"),
    bad("other-local-method.zip", lambda: patched(zipped(("a.txt", TEXT)), b"PK\3\4", 8, "<H", 0), "archive_ambiguous"),
    bad("other-local-size.zip", lambda: patched(zipped(("a.txt", TEXT)), b"PK\3\4", 22, "<L", 7), "archive_ambiguous"),
    bad("lying-size.zip", lambda: patched(zipped(("a.txt", TEXT)), b"PK\1\2", 24, "<L", 7), "archive_ambiguous"),
    bad("data-before.zip", lambda: b"PK\3\4junk before" + zipped(("a.txt", TEXT)), "archive_ambiguous"),
    bad("data-behind.zip", lambda: zipped(("a.txt", TEXT)) + b"<?php behind ?>", "archive_ambiguous"),
    bad("two-directories.zip", two_directories, "archive_ambiguous"),
    bad("hidden-entry.zip", hidden_entry, "archive_ambiguous"),
    bad("end-in-comment.zip", eocd_in_comment, "archive_ambiguous"),
    bad("data-behind.tar", lambda: tarred(("a.txt", TEXT)) + b"more", "archive_ambiguous"),
    bad("data-behind.txt.gz", lambda: gzip.compress(TEXT) + b"more than padding", "archive_ambiguous"),
    bad("exe-behind-zeros.txt.gz", lambda: gzip.compress(TEXT) + bytes(5000) + gzip.compress(b"MZ" + bytes(500)),
        "archive_ambiguous"),
    bad("php-behind-zeros.tgz", lambda: gzip.compress(tarred(("a.txt", TEXT))) + bytes(5000)
        + gzip.compress(tarred(("b.php", PHP))), "archive_ambiguous"),
    bad("exe-behind-zeros.txt.xz", lambda: lzma.compress(TEXT) + bytes(300_000) + lzma.compress(b"MZ" + bytes(500)),
        "archive_ambiguous"),
    bad("php-behind-zeros.txt.bz2", lambda: bz2.compress(TEXT) + bytes(4096) + PHP, "archive_ambiguous"),
    bad("damaged-crc.zip", other_content, "archive_damaged"),
    bad("cut.zip", lambda: zipped(("a.txt", TEXT))[:-30], "archive_damaged"),
    bad("cut.txt.gz", lambda: gzip.compress(TEXT)[:-20], "archive_damaged"),
    bad("cut.tar", lambda: tarred(("a.txt", TEXT))[:1000], "archive_damaged"),
    bad("a.7z", lambda: b"7z\xbc\xaf\x27\x1c\0\4" + bytes(60), "archive_unsupported"),
    bad("a.rar", lambda: b"Rar!\x1a\x07\x01\0" + bytes(60), "archive_unsupported"),
    bad("method-97.zip", other_method, "archive_unsupported"),
    bad("bomb.docx", lambda: zipped(*OOXML, ("word/zeros.xml", bytes(64 * 1024 * 1024))), "archive_bomb"),
)  # fmt: skip
