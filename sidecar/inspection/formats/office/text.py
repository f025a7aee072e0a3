"""The files within documents of Office that are text: XML, and web archives (MHTML)."""

import base64
import binascii
import re
from collections.abc import Iterable, Iterator
from typing import Final

from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.inflating import inflate

_WEB_ARCHIVE: Final = re.compile(rb"mime-version\s*:|content-type\s*:\s*multipart/related")
_WEB_WORDS: Final = (b"mime-version", b"multipart/related")
_SPACE: Final = b" \t\r\n\0"
_ACTIVE_MIME: Final = b"ActiveMime"
_PACKED: Final = re.compile(rb"QWN0aXZlTWltZ[A-Za-z0-9+/]*")
"""`ActiveMime` in Base64, whatever white space stands in it."""
_COMPOUND: Final = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FILES: Final = (_COMPOUND, b"PK\3\4", b"{\\rt", b"%PDF-", b"MZ")
_HEADER_MOST: Final = 1024
_MOST: Final = 64 * 1024 * 1024
"""Bytes of all files that one document holds, unpacked."""


class PackedError(Exception):
    """What macros are kept in cannot be unpacked."""


def is_web_archive(head: bytes) -> bool:
    """Whether Word would open it as a web archive, whatever stands before."""
    small = head.lower()  # the words are sought first: every file is asked, and `re` takes 0.1 ms to find none
    return any(small.find(word) >= 0 for word in _WEB_WORDS) and _WEB_ARCHIVE.search(small) is not None


def in_xml(texts: Iterable[str]) -> Iterator[bytes]:
    """The files that are kept as text in elements.

    Raises:
        PackedError: one cannot be unpacked.
        TooMuchError: they are larger than is looked at.
    """
    budget = Budget(_MOST, "bytes within")
    for text in texts:
        try:
            yield from _files(base64.b64decode(text), budget)
        except (binascii.Error, ValueError) as error:
            raise PackedError from error


def in_web_archive(data: bytes) -> Iterator[bytes]:
    """The files in which Word and Excel keep macros.

    Raises:
        PackedError: one cannot be unpacked.
        TooMuchError: they are larger than is looked at.
    """
    budget = Budget(_MOST, "bytes within")
    for found in _PACKED.finditer(data.translate(None, _SPACE)):
        text = found[0]
        yield from _files(base64.b64decode(text[: len(text) - len(text) % 4]), budget)
    if _ACTIVE_MIME + b"\0\0" in binascii.a2b_qp(data):
        raise PackedError


def _files(data: bytes, budget: Budget) -> Iterator[bytes]:
    """A file that is judged as one of its own; what ActiveMime packs (a zlib stream behind a header) instead of it."""
    budget.spend(len(data))
    if data.startswith(_ACTIVE_MIME):
        places = (memoryview(data)[at:] for at in range(min(_HEADER_MOST, len(data))) if data[at] == 0x78)  # noqa: PLR2004
        stream = next((each for each in places if inflate(each, len(_COMPOUND)).data == _COMPOUND), None)
        if stream is None:
            raise PackedError
        file = inflate(stream, _MOST).data
        budget.spend(len(file))
        yield file
    elif data.startswith(_FILES):
        yield data
