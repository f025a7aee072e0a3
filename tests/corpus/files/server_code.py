"""Code of servers in the fields of archives and around PDFs, and honest files that hold it as content."""

import gzip
import io
import zipfile
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


def gzipped(flags: int, fields: bytes, content: bytes = b"words\n") -> bytes:
    """A gzip file with fields in its header."""
    packed = gzip.compress(content, mtime=0)
    return packed[:3] + bytes((flags,)) + packed[4:10] + fields + packed[10:]


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(name, lambda: data, frozenset(reasons))


CASES: Final[tuple[FileCase, ...]] = (
    _case("php-in-a-comment.zip", zipped(_PHP), "server_code"),
    _case("jsp-in-a-comment.zip", zipped(b'<%@ page import="java.io.*" %>'), "server_code"),
    _case("php-in-a-name.gz", gzipped(8, _PHP + b"\0"), "server_code"),
    _case("php-in-a-comment.gz", gzipped(24, b"a.txt\0" + _PHP + b"\0"), "server_code"),
    _case("php-in-an-extra-field.gz", gzipped(4, len(_PHP).to_bytes(2, "little") + _PHP), "server_code"),
    _case("php-before.pdf", _PHP + b"\n" + pdf(), "server_code"),
    _case("php-behind.pdf", pdf() + b"\n" + _PHP, "server_code"),
    _case("ssi-behind.pdf", pdf() + b'\n<!--#exec cmd="id" -->', "server_code"),
    _case("short-tag-behind.pdf", pdf() + b"\n<?=system('id')?>", "server_code"),
    _case("comment.zip", zipped(b"Version 1.2 <beta>, 50 % smaller")),
    _case("tutorial.zip", zipped(content=_PHP)),
    _case("tutorial.txt.gz", gzipped(8, b"tutorial.txt\0", _PHP)),
    _case("tutorial.pdf", pdf(b"<< /Title (How <?php echo 1; ?> works) >>")),
)
