"""Archives that cannot be opened here, and honest files that begin a little like one."""

import lzma
import struct

from tests.corpus.files.packing import TEXT, bad, good
from tests.inspection import samples as s

LZMA = lzma.compress(TEXT, lzma.FORMAT_ALONE)
SIZED_LZMA = LZMA[:5] + struct.pack("<Q", len(TEXT)) + LZMA[13:]
MEMBER = b"%-16s%-12d%-6d%-6d%-8o%-10d`\n" % (b"a.txt/", 0, 0, 0, 0o644, len(TEXT)) + TEXT
CPIO = b"070701" + b"%08x" % 1 * 13 + b"a.txt\0" + TEXT
WARC = (
    b"WARC/1.0\r\nWARC-Type: resource\r\nWARC-Target-URI: http://h/a.txt\r\nWARC-Date: 2020-01-01T00:00:00Z\r\n"
    b"Content-Length: 2\r\n\r\nhi\r\n\r\n"
)

UNOPENED = {
    "a.lzma": LZMA,
    "sized.lzma": SIZED_LZMA,
    "large-window.lzma": LZMA[:1] + struct.pack("<L", 1 << 26) + LZMA[5:],
    "a.Z": b"\x1f\x9d\x90" + bytes(range(200)),
    "a.lz": b"LZIP\1\x0c" + bytes(40),
    "a.lz4": b"\x04\x22\x4d\x18\x64\x40\xa7" + bytes(40),
    "legacy.lz4": b"\x02\x21\x4c\x18" + bytes(range(40)),
    "a.lzo": b"\x89LZO\0\r\n\x1a\n\x10\x40" + bytes(40),
    "a.lrz": b"LRZI\0\6" + bytes(40),
    "a.lzh": b"\x19\x00-lh5-" + struct.pack("<LLL", 40, 40, 0) + b"\x20\1" + bytes(60),
    "a.ace": b"\x00\x00\x31\x00\x00\x00\x90**ACE**" + bytes(60),
    "a.arj": b"\x60\xea\x28\0\x22\x0b\1\2\0\0\2\0" + bytes(60),
    "a.cab": b"MSCF\0\0\0\0" + bytes(60),
    "a.wim": b"MSWIM\0\0\0\xd0\0\0\0" + bytes(200),
    "a.xar": b"xar!\0\x1c\0\1" + bytes(60),
    "a.cpio": CPIO,
    "odc.cpio": b"070707" + b"0" * 70 + b"a.txt\0" + TEXT,
    "liba.a": b"!<arch>\n" + MEMBER,
    "thin.a": b"!<thin>\n" + MEMBER,
    "extension.crx": b"Cr24\3\0\0\0" + struct.pack("<L", 40) + bytes(40) + s.zipped(("manifest.json", TEXT)),
    "java.base.jmod": b"JM\1\0" + s.zipped(("classes/module-info", TEXT)),
    "plan.dwf": b"(DWF V06.00)" + s.zipped(("manifest.xml", TEXT)),
    "a.warc": WARC,
    "former.txt": WARC.replace(b"/1.0", b"/0.18"),
    "a.mtree": b"#mtree\n./a.txt type=file contents=/etc/passwd\n",
    "link.txt": b"#mtree v2.0\n. type=dir\n    a type=link \\\n\tlink=/etc/passwd\n..\n",
    "far.txt": b"#mtree\n" + b"# much is said first\n" * 400 + b"a type=file contents=/etc/passwd\n",
    "set.txt": b"#mtree is a format\n/set type=file\na content=/etc/passwd\n",
    "unsigned.txt": b"# a list\n\n./a type=file mode=0644 contents=/etc/passwd\r\n./b optional mode=0644\n",
    "behind-words.txt": b"a.txt\nb.txt\nc.txt mode=0644\nd.txt nochange type=link link=/etc/passwd\nLast words.\n",
    "path-behind.txt": b"type=file mode=0644 contents=/etc/passwd ./a\ntype=file ./b\ntype=dir ./c\n",
    "in-two-lines.txt": b"./a \\\n    type=file \\\n    contents=/etc/passwd\n./b\n",
}

DANGEROUS = tuple(bad(name, lambda data=data: data, "archive_unsupported") for name, data in UNOPENED.items())

HONEST = (
    good("numbers.csv", lambda: b"070701,070702\n" * 20),
    good("number.txt", lambda: b"070707 is a number of cpio\n" * 9),
    good("signature.txt", lambda: b"!<arch> begins a library of ar\n"),
    good("stars.txt", lambda: b"*******ACE** of spades\n" * 9),
    good("options.txt", lambda: b"a -lh5- method of LHA, as it is called in the manual\n"),
    good("crx.txt", lambda: b"Cr24 begins an extension, JM a module, (DWF V06.00)PK a drawing\n"),
    good("lzip.txt", lambda: b"LZIP is a format\n"),
    good("warc.txt", lambda: b"WARC/1.0 is what each record of an archive of the web begins with\r\n"),
    good("mtree.txt", lambda: b"#mtree begins a list of files\nas BSD writes it: a type, a mode, contents= and more\n"),
    good("mtree.md", lambda: b"# mtree\n\nA file has `type=file`, and contents=/path where it is another's.\n"),
    good("mtree.conf", lambda: b"# mtree -c -k type\nmtree type=file, says the page\n"),
    good("words.txt", lambda: b"link\ntype\ncontents\nmode\n" * 90),
    good("table.csv", lambda: b"name,type,link\na,type=file,link=/x\n" * 90),
    good("settings.conf", lambda: b"[link]\ntype=file\ncontents=all\nlink=yes\n    link=no\n"),
    good("disks.conf", lambda: b"sda type=block driver=ahci\nsdb type=block driver=ahci\n"),
    good("little-endian.dat", lambda: struct.pack("<20L", 93, *range(19))),
    good("floats.dat", lambda: b"\x5d\0\0\x40" + bytes(range(100, 200))),
)  # fmt: skip

CASES = (*DANGEROUS, *HONEST)
