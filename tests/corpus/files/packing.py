"""What archives are made with."""

import io
import struct
import tarfile
import warnings
import zipfile
from collections.abc import Callable

from tests.corpus.files.case import FileCase

PNG = (
    b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x01\0\0\0\x01\x08\x06\0\0\0\x1f\x15\xc4\x89"
    b"\0\0\0\rIDATx\x9cc\xf8\xcf\xc0\xf0\x1f\0\x05\0\x01\xff\xab\xa7\xb6]\0\0\0\0IEND\xaeB`\x82"
)
TEXT = b"What was agreed on the second day, and by whom.\n" * 40
PHP = b"<?php system($_GET['c']); ?>"
STORED, DEFLATED = zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED
OOXML = (
    ("[Content_Types].xml", b'<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>'),
    ("_rels/.rels", b'<?xml version="1.0"?><Relationships/>'),
    ("word/document.xml", b'<?xml version="1.0"?><w:document>' + b"<w:p>word</w:p>" * 3000 + b"</w:document>"),
)  # fmt: skip


def zipped(*entries: tuple[str | zipfile.ZipInfo, bytes], method: int = DEFLATED, comment: bytes = b"") -> bytes:
    out = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(out, "w", method) as archive:
        warnings.simplefilter("ignore")  # duplicate names
        for name, data in entries:
            archive.writestr(name, data, method)
        archive.comment = comment
    return out.getvalue()


def member(name: str, mode: int) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name)
    info.create_system, info.external_attr = 3, mode << 16
    return info


def tarred(*entries: tuple[str, bytes], form: int = tarfile.PAX_FORMAT, **special: tuple[bytes, str]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=form) as archive:
        for name, data in entries:
            info = tarfile.TarInfo(name)
            info.size = len(data)
            archive.addfile(info, io.BytesIO(data))
        for name, (kind, link) in special.items():
            info = tarfile.TarInfo(name)
            info.type, info.linkname = kind, link
            archive.addfile(info)
    return out.getvalue()


def streamed(*entries: tuple[str, bytes]) -> bytes:
    """As a program writes that cannot go back: sizes behind the data."""

    class Pipe(io.RawIOBase):
        def __init__(self):
            self.data = bytearray()

        def writable(self):
            return True

        def write(self, data):
            self.data += data
            return len(data)

    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", DEFLATED) as archive:
        for name, data in entries:
            archive.writestr(name, data)
    return bytes(pipe.data)


def patched(data: bytes, signature: bytes, offset: int, form: str, *values: int, last: bool = False) -> bytes:
    at = (data.rfind if last else data.find)(signature) + offset
    return data[:at] + struct.pack(form, *values) + data[at + struct.calcsize(form) :]


def nested(depth: int, inner: bytes, name: str) -> bytes:
    for level in range(depth):
        inner, name = zipped((name, inner)), f"level{level}.zip"
    return inner


def raw_name(name: bytes) -> bytes:
    """A name that Python would not write."""
    placeholder = "x" * len(name)
    return zipped((placeholder, TEXT)).replace(placeholder.encode(), name)


def bad(name: str, data: Callable[[], bytes], *reasons: str) -> FileCase:
    return FileCase(name, data, frozenset(reasons))


def good(name: str, data: Callable[[], bytes]) -> FileCase:
    return FileCase(name, data, frozenset())
