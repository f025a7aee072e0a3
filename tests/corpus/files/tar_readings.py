"""tar files that one reader reads so and another otherwise, and honest ones that are written in unusual ways."""

import bz2
import gzip

from tests.corpus.files.packing import PHP, TEXT, bad, good

POSIX, POSIX_1, GNU = b"ustar\x0000", b"ustar\x0001", b"ustar  \0"
END = bytes(1024)


def header(name: bytes, size: int, kind: bytes = b"0", magic: bytes = POSIX, prefix: bytes = b"") -> bytes:
    fields = (
        (0, name), (100, b"0000644"), (108, b"0000000"), (116, b"0000000"), (124, b"%011o" % size), (136, b"%011o" % 0),
        (148, b" " * 8), (156, kind), (257, magic), (345, prefix),
    )  # fmt: skip
    block = bytearray(512)
    for at, field in fields:
        block[at : at + len(field)] = field
    block[148:156] = b"%06o\0 " % sum(block)
    return bytes(block)


def entry(name: bytes, data: bytes, kind: bytes = b"0", magic: bytes = POSIX, prefix: bytes = b"") -> bytes:
    return header(name, len(data), kind, magic, prefix) + data + bytes(-len(data) % 512)


def pax(*records: tuple[bytes, bytes], kind: bytes = b"x") -> bytes:
    body = b""
    for key, value in records:
        line = b" %b=%b\n" % (key, value)
        length = len(line) + len(str(len(line) + len(str(len(line)))))
        body += b"%d" % length + line
    return entry(b"PaxHeader", body, kind)


def path(name: bytes, kind: bytes = b"x") -> bytes:
    return pax((b"path", name), kind=kind)


FILE = entry(b"a.txt", TEXT)
LONG = b"n" * 97 + b".json"
PATH = ("archive_path", "file_name_path")

DANGEROUS = (
    *(
        bad(f"type-{kind.decode()}.tar", lambda kind=kind: entry(b"b.php", PHP, kind) + END, "suffix_forbidden")
        for kind in (b"7", b"9", b"D", b"V", b"M", b"N", b"A", b"Z")
    ),
    bad("folder-with-bytes.tar", lambda: entry(b"b.php/", PHP) + END, "suffix_forbidden"),
    bad("zeros-before.tar", lambda: bytes(512) + entry(b"b.php", PHP) + END, "archive_ambiguous"),
    bad("zeros-before-packed.tgz", lambda: gzip.compress(bytes(512) + entry(b"b.php", PHP) + END), "archive_ambiguous"),
    bad("many-zeros-before.tar", lambda: bytes(10_240) + entry(b"b.php", PHP) + END, "archive_ambiguous"),
    bad("junk-before.tar", lambda: b"\1" * 512 + entry(b"b.php", PHP) + END, "archive_damaged"),
    bad("junk-before-packed.tar.gz", lambda: gzip.compress(b"\1" * 512 + entry(b"b.php", PHP) + END),
        "archive_damaged"),
    bad("short-junk.tar", lambda: b"\1\2\3\4" * 9, "archive_damaged"),
    bad("prefix-of-version-1.tar", lambda: entry(b"a.txt", TEXT, magic=POSIX_1, prefix=b"../..") + END, *PATH),
    bad("prefix-of-gnu.tar", lambda: entry(b"a.txt", TEXT, magic=GNU, prefix=b"../..") + END, *PATH),
    bad("prefix-without-magic.tar", lambda: entry(b"a.txt", TEXT, magic=b"", prefix=b"/etc") + END, *PATH),
    bad("pax-of-solaris.tar", lambda: path(b"b.php", b"X") + FILE + END, "suffix_forbidden"),
    bad("pax-for-all.tar", lambda: path(b"b.php", b"g") + FILE + END, "suffix_forbidden"),
    bad("name-that-pax-covers.tar", lambda: path(b"a.txt") + entry(b"b.php", PHP) + END, "archive_ambiguous"),
    bad("reserved-name-that-pax-covers.tar", lambda: path(b"a") + entry(b".htaccess", TEXT) + END,
        "file_name_reserved"),
    bad("full-name-that-pax-covers.tar", lambda: path(b"a.txt") + entry(b"n" * 96 + b".php", PHP) + END,
        "archive_ambiguous"),
    bad("two-pax.tar", lambda: path(b"b.php") + path(b"a.txt") + FILE + END, "archive_ambiguous"),
    bad("long-name-and-pax.tar", lambda: entry(b"././@LongLink", b"b.php\0", b"L") + path(b"a.txt") + FILE + END,
        "archive_ambiguous"),
    bad("two-sizes.tar", lambda: pax((b"size", b"0")) + pax((b"size", b"%d" % len(TEXT))) + FILE + END,
        "archive_ambiguous"),
)  # fmt: skip

HONEST = (
    good("of-nothing.tar", lambda: bytes(10_240)),
    good("of-nothing.tgz", lambda: gzip.compress(bytes(10_240))),
    good("no-bytes.tar", lambda: b""),
    good("packed-though.tar", lambda: gzip.compress(FILE + END)),
    good("packed-with-bzip2-though.tar", lambda: bz2.compress(FILE + END)),
    good("label.tar", lambda: entry(b"Backup of 2024", b"", b"V") + FILE + END),
    good("folder-of-1979.tar", lambda: entry(b"a/", b"", b"\0", b"") + entry(b"a/a.txt", TEXT, b"\0", b"") + END),
    good("times-of-gnu.tar", lambda: entry(b"a.txt", TEXT, magic=GNU, prefix=b"14721336012\x0014721336012\0") + END),
    good("name-cut-behind-suffix.tar", lambda: path(LONG) + entry(LONG[:100], TEXT) + END),
    good("name-cut-by-bsdtar.tar", lambda: path(b"src/" + LONG) + entry(LONG[:98], TEXT, prefix=b"src") + END),
    good("long-name-cut.tar", lambda: entry(b"././@LongLink", LONG + b"\0", b"L") + entry(LONG[:99], TEXT) + END),
    good("name-cut-and-not-ascii.tar", lambda: path("ä".encode() + LONG) + entry(b"?" + LONG[:99], TEXT) + END),
    good("long-name-and-times.tar", lambda: entry(b"././@LongLink", LONG + b"\0", b"L") + pax((b"mtime", b"1.5"))
        + entry(LONG[:100], TEXT) + END),
    good("comment-for-all.tar", lambda: pax((b"comment", b"0" * 40), kind=b"g") + FILE + END),
)  # fmt: skip

CASES = (*DANGEROUS, *HONEST)
