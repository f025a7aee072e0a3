"""Code of servers in the fields of archives and around PDFs, and honest files that hold it as content."""

import gzip
import io
import struct
import zipfile
import zlib
from typing import Final

from tests.corpus.files.case import FileCase
from tests.inspection.pdf_files import pdf

_PHP: Final = b"<?php system($_GET['c']); ?>"


def zipped(comment: bytes = b"", content: bytes = b"words\n") -> bytes:
    """An archive of one text."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", content)
        archive.comment = comment
    return out.getvalue()


def with_fields(name: bytes = b"a.txt", extra: bytes = b"", own: bytes = b"", comment: bytes = b"", gap: bytes = b"",
                content: bytes = b"words\n") -> bytes:  # fmt: skip
    """An archive of one text, with extra fields in both of its headers (APPNOTE 4.3.7, 4.3.12)."""
    numbers = (0, 0, 0, 33, zlib.crc32(content), len(content), len(content), len(name))
    entry = struct.pack("<4s5H3L2H", b"PK\3\4", 20, *numbers, len(own)) + name + own + content + gap
    record = struct.pack("<4s6H3L5H2L", b"PK\1\2", 20, 20, *numbers, len(extra), len(comment), 0, 0, 0, 0)
    record += name + extra + comment
    return entry + record + struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, 1, 1, len(record), len(entry), 0)


def field(content: bytes) -> bytes:
    """An extra field of a number that nobody has (APPNOTE 4.5.1)."""
    return struct.pack("<2H", 0xCAFE, len(content)) + content


def gzipped(flags: int, fields: bytes, content: bytes = b"words\n") -> bytes:
    """A gzip file with fields in its header."""
    packed = gzip.compress(content, mtime=0)
    return packed[:3] + bytes((flags,)) + packed[4:10] + fields + packed[10:]


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(reasons))


CASES: Final[tuple[FileCase, ...]] = (
    _case("php-in-a-comment.zip", zipped(_PHP), "server_code"),
    _case("jsp-in-a-comment.zip", zipped(b'<%@ page import="java.io.*" %>'), "server_code"),
    _case("php-in-a-comment-of-an-entry.zip", with_fields(comment=_PHP), "server_code"),
    _case("php-in-an-extra-field.zip", with_fields(extra=field(_PHP)), "server_code"),
    _case("php-in-an-own-extra-field.zip", with_fields(own=field(_PHP)), "server_code"),
    _case("php-in-a-name.zip", with_fields(name=b"<?php system('id'); ?>.txt"), "server_code"),
    _case("php-behind-an-entry.zip", with_fields(gap=_PHP), "server_code"),
    _case("php-in-a-name.gz", gzipped(8, _PHP + b"\0"), "server_code"),
    _case("php-in-a-comment.gz", gzipped(24, b"a.txt\0" + _PHP + b"\0"), "server_code"),
    _case("php-in-an-extra-field.gz", gzipped(4, len(_PHP).to_bytes(2, "little") + _PHP), "server_code"),
    _case("php-before.pdf", _PHP + b"\n" + pdf(), "server_code"),
    _case("php-long-before.pdf", _PHP.ljust(1022, b"\x80") + pdf(), "server_code"),
    _case("php-behind.pdf", pdf() + b"\n" + _PHP, "server_code"),
    _case("ssi-behind.pdf", pdf() + b'\n<!--#exec cmd="id" -->', "server_code"),
    _case("short-tag-behind.pdf", pdf() + b"\n<?=system('id')?>", "server_code"),
    _case("comment.zip", zipped(b"Version 1.2 <beta>, 50 % smaller")),
    _case(
        "fields.zip", with_fields(b"a < b, 100 %.txt", field(b"<beta>"), field(bytes(30)), b"<b>draft</b>", b"", _PHP)
    ),
    _case("tutorial.zip", zipped(content=_PHP)),
    _case("tutorial.txt.gz", gzipped(8, b"tutorial.txt\0", _PHP)),
    _case("tutorial.pdf", pdf(b"<< /Title (How <?php echo 1; ?> works) >>")),
)
