"""tar files that one reader reads so and another otherwise, and honest ones that are written in unusual ways."""

import bz2
import gzip
import random

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


def summed(block: bytes, form: bytes = b"%06o\0 ") -> bytes:
    """With a checksum that is written so."""
    total = sum(block[:148]) + 8 * 32 + sum(block[156:])
    return block[:148] + (form % total).ljust(8, b"\0")[:8] + block[156:]


def signed(block: bytes) -> bytes:
    """With the checksum of systems whose bytes have a sign."""
    total = sum(byte - 256 * (byte > 127) for byte in block[:148] + b" " * 8 + block[156:])
    return block[:148] + b"%06o\0 " % total + block[156:]


def entry_of_size(field: bytes, data: bytes | None = None) -> bytes:
    block, body = header(b"a.dat", 0), HIDDEN if data is None else data
    return summed(block[:124] + field.ljust(12, b"\0") + block[136:]) + body


def pax(*records: tuple[bytes, bytes], kind: bytes = b"x", name: bytes = b"PaxHeader") -> bytes:
    body = b""
    for key, value in records:
        line = b" %b=%b\n" % (key, value)
        length = len(line) + len(str(len(line) + len(str(len(line)))))
        body += b"%d" % length + line
    return entry(name, body, kind)


def path(name: bytes, kind: bytes = b"x") -> bytes:
    return pax((b"path", name), kind=kind)


def told(size: int, kind: bytes = b"x") -> bytes:
    return pax((b"size", b"%d" % size), kind=kind)


FILE = entry(b"a.txt", TEXT)
HIDDEN = random.Random(1).randbytes(512) + entry(b"b.php", PHP)
"""Three blocks, of which most readers find the file when they do not pass over them: junk before it is skipped."""
IN_PAX = b"2048 comment=" + bytes(499) + HIDDEN[:-1] + b"\n"
TWOFOLD = "archive_ambiguous"
CUT = b"n" * 99 + b"/"
LONG = b"n" * 97 + b".json"
PATH = ("archive_path", "file_name_path")

DANGEROUS = (
    *(
        bad(f"type-{kind.decode()}.tar", lambda kind=kind: entry(b"b.php", PHP, kind) + END, "suffix_forbidden")
        for kind in (b"D", b"M", b"N", b"A", b"Z")
    ),
    bad("zeros-before.tar", lambda: bytes(512) + entry(b"b.php", PHP) + END, "archive_ambiguous"),
    bad("zeros-before-packed.tgz", lambda: gzip.compress(bytes(512) + entry(b"b.php", PHP) + END), "archive_ambiguous"),
    bad("many-zeros-before.tar", lambda: bytes(10_240) + entry(b"b.php", PHP) + END, "archive_ambiguous"),
    bad("junk-before.tar", lambda: b"\1" * 512 + entry(b"b.php", PHP) + END, "archive_damaged"),
    bad("junk-before-packed.tar.gz", lambda: gzip.compress(b"\1" * 512 + entry(b"b.php", PHP) + END),
        "archive_damaged"),
    *(
        bad(f"junk-before-packed.{end}", lambda pack=pack: pack(b"\1" * 512 + entry(b"b.php", PHP) + END),
            "archive_damaged")
        for end, pack in (("taz", gzip.compress), ("tb2", bz2.compress), ("tz2", bz2.compress))
    ),
    bad("short-junk.tar", lambda: b"\1\2\3\4" * 9, "archive_damaged"),
    bad("prefix-of-version-1.tar", lambda: entry(b"a.txt", TEXT, magic=POSIX_1, prefix=b"../..") + END, *PATH),
    bad("prefix-of-gnu.tar", lambda: entry(b"a.txt", TEXT, magic=GNU, prefix=b"../..") + END, *PATH),
    bad("prefix-without-magic.tar", lambda: entry(b"a.txt", TEXT, magic=b"", prefix=b"/etc") + END, *PATH),
    bad("pax-of-solaris.tar", lambda: path(b"b.php", b"X") + FILE + END, "suffix_forbidden"),
    bad("pax-for-all.tar", lambda: path(b"b.php", b"g") + FILE + END, TWOFOLD),
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

LENGTHS = (
    bad("size-for-all.tar", lambda: told(len(HIDDEN), b"g") + header(b"a.dat", 512) + HIDDEN + END, TWOFOLD),
    bad("size-in-pax.tar", lambda: told(len(HIDDEN)) + header(b"a.dat", 512) + HIDDEN + END, TWOFOLD),
    bad("size-in-pax-of-solaris.tar", lambda: told(len(HIDDEN), b"X") + header(b"a.dat", 512) + HIDDEN + END, TWOFOLD),
    bad("folder-with-a-size.tar", lambda: header(b"a/", 1024, b"5") + entry(b"a.dat", HIDDEN) + END, TWOFOLD),
    *(
        bad(f"bytes-of-type-{kind.decode()}.tar", lambda kind=kind: entry(b"a.dat", HIDDEN, kind) + END, TWOFOLD)
        for kind in (b"1", b"2", b"3", b"4", b"5", b"6", b"7", b"8", b"9", b"V")
    ),
    *(
        bad(f"folder-of-type-{kind.decode()}-with-bytes.tar", lambda kind=kind: entry(b"a/", HIDDEN, kind) + END,
            TWOFOLD)
        for kind in (b"0", b"7", b"D", b"M", b"N", b"A")
    ),
    bad("folder-of-1979-with-bytes.tar", lambda: entry(b"a/", HIDDEN, b"\0") + END, TWOFOLD),
    bad("folder-by-its-prefix.tar", lambda: entry(b"", HIDDEN, prefix=b"a") + END, TWOFOLD),
    bad("folder-by-its-long-name.tar", lambda: entry(b"L", b"a/\0", b"L") + entry(b"a", HIDDEN) + END, TWOFOLD),
    bad("folder-that-pax-covers.tar", lambda: path(b"a.dat") + entry(b"a.dat/", HIDDEN) + END, TWOFOLD),
    bad("folder-by-a-cut-name.tar", lambda: path(CUT + b"a.dat") + entry(CUT, HIDDEN) + END, TWOFOLD),
    *(
        bad(f"header-behind-{kind.decode()}-as-folder.tar", lambda kind=kind: entry(b"P/", IN_PAX, kind) + FILE + END,
            TWOFOLD)
        for kind in (b"x", b"g", b"X")
    ),
    *(
        bad(f"size-written-as-{number}.tar", lambda field=field: entry_of_size(field) + END, TWOFOLD)
        for number, field in enumerate((
            b"\x0000000003000", b"\t0000003000\0", b"3000\0000001\0", b"\xff" + len(HIDDEN).to_bytes(11),
            b"\x80" + len(HIDDEN).to_bytes(11),
        ))
    ),
    *(
        bad(f"checksum-written-as-{number}.tar", lambda form=form: summed(header(b"a.dat", len(HIDDEN)), form)
            + HIDDEN + END, TWOFOLD)
        for number, form in enumerate((b"%08o", b"\0%06o\0", b"\t%05o\0 ", b"%05o xy"))
    ),
    bad("checksum-with-signs.tar", lambda: signed(header("ä.dat".encode(), len(HIDDEN))) + HIDDEN + END, TWOFOLD),
    bad("size-by-line.tar", lambda: pax((b"comment", b"a\n13 size=1536")) + entry(b"a.dat", HIDDEN[:512]) + END,
        TWOFOLD),
    bad("path-by-line.tar", lambda: pax((b"comment", b"a\n14 path=b.php")) + FILE + END, TWOFOLD),
    bad("path-behind-blanks.tar", lambda: pax((b" path", b"b.php")) + FILE + END, TWOFOLD),
    bad("name-behind-its-end.tar", lambda: entry(b"a.txt\0\nb.php", PHP) + END, TWOFOLD),
    bad("long-name-behind-its-end.tar", lambda: entry(b"L", b"a.txt\0\nb.php", b"L") + FILE + END, TWOFOLD),
    bad("listed-file.tar", lambda: entry(b"b.php", b"Ya.txt\0\0", b"D") + END, "suffix_forbidden"),
    bad("drive.tar", lambda: entry(b"C:a.txt", TEXT) + END, "archive_path"),
    bad("listed-code.tar", lambda: entry(b"b.php/", b"Y<?php `id`;\0\0", b"D") + END, TWOFOLD),
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
    good("name-cut-to-a-folder.tar", lambda: path(CUT + b"a.txt") + entry(CUT, TEXT) + END),
    good("pax-name-cut-to-a-folder.tar", lambda: pax((b"path", CUT + b"a.txt"), name=CUT) + entry(CUT, TEXT) + END),
    good("lists-of-a-backup.tar", lambda: entry(b"./", b"Ya.txt\0Dnode.js\0Nb.txt\0\0", b"D", GNU)
        + entry(b"./node.js/", b"\0", b"D", GNU) + FILE + END),
    good("size-in-pax-and-field.tar", lambda: told(len(TEXT)) + FILE + END),
    good("attributes-of-two-lines.tar", lambda: pax((b"SCHILY.xattr.user.note", b"1\n2 of 3\n")) + FILE + END),
    good("numbers-with-blanks.tar", lambda: summed(entry_of_size(b"       3000 ", TEXT[:1536])[:512], b" %05o \0")
        + TEXT[:1536] + END),
    good("comment-for-all.tar", lambda: pax((b"comment", b"0" * 40), kind=b"g") + FILE + END),
)  # fmt: skip

CASES = (*DANGEROUS, *LENGTHS, *HONEST)
