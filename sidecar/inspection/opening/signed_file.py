"""One file that is signed or time-stamped (`.p7m`, `.tsd`), with what was signed in it or kept apart from it."""

import re
from collections.abc import Iterator
from typing import Final

from sidecar.inspection.finding import Finding
from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.formats.containers.cms import ENCRYPTED, OPENED, Sealed, content, sealed_in
from sidecar.inspection.formats.containers.mail import from_base64
from sidecar.inspection.formats.containers.unpacking import blank
from sidecar.inspection.opening.archive import Archive, kind_of_path
from sidecar.inspection.opening.reasons import (
    ARCHIVE_AMBIGUOUS,
    ARCHIVE_DAMAGED,
    ARCHIVE_ENCRYPTED,
    ARCHIVE_UNSUPPORTED,
)
from sidecar.inspection.types.content import as_text
from sidecar.inspection.types.kinds import kind_of_suffix

_SUFFIX: Final = re.compile(rb"\.(?:p7[mscz]|p7b|tsd)\Z", re.IGNORECASE)
_MAIL: Final = kind_of_suffix("eml")
_FIELD: Final = re.compile(rb"[!-9;-~]{1,76}[ \t]{0,9}:")
_BREAKS: Final = 4
"""Bytes that a line break or two behind it have."""
_HEAD: Final = 4096
_ALIKE: Final = "one signed file from the first byte to the last"


def open_signed(archive: Archive, name: bytes) -> Iterator[Finding]:
    """Everything that is wrong with it and with what it holds."""
    data = archive.whole.data
    try:
        sealed = sealed_in(data)
    except DamagedError as error:
        yield Finding(ARCHIVE_DAMAGED, f"a signed file with {error}", _ALIKE)
        return
    if sealed.form in ENCRYPTED:
        yield Finding(ARCHIVE_ENCRYPTED, "a file that is encrypted for its receivers", "a file that is signed at most")
    elif sealed.form not in OPENED:
        yield Finding(ARCHIVE_UNSUPPORTED, "a signed file of a rare form", "SignedData of RFC 5652")
    else:
        yield from _judged(archive, sealed, _inner(name)) if sealed.stop else ()
        behind = data[sealed.end : sealed.end + _BREAKS + 1]
        if (len(behind) > _BREAKS or behind.strip()) and not blank(data, sealed.end):
            yield Finding(ARCHIVE_AMBIGUOUS, f"{len(data) - sealed.end} bytes behind its end", _ALIKE)


def open_armoured(archive: Archive, name: bytes, start: int) -> Iterator[Finding]:
    """The same in Base64 from there on, which is judged as a signed file of that name."""
    data, name = archive.whole.data, name if _SUFFIX.search(name) else b"file.p7m"
    end = data.find(b"-----END ", start)
    yield from archive.file(name, from_base64(data, start, end if end >= 0 else len(data)), len(data))


def _judged(archive: Archive, sealed: Sealed, inner: bytes) -> Iterator[Finding]:
    """Judge it under each name that some reader gives it, and as a mail where it begins with a header (RFC 8551, 3)."""
    names = [inner]
    if sealed.name and sealed.name != inner:
        yield from archive.enter(sealed.name)
        names += [sealed.name] if kind_of_path(sealed.name) not in {None, kind_of_path(inner)} else []
    if _MAIL not in map(kind_of_path, names) and _is_mail(archive, sealed):
        names = [inner + b".eml", *names[kind_of_path(inner) is None :]]
    for each in names:
        yield from archive.file(each, content(archive.whole.data, sealed), len(archive.whole))


def _is_mail(archive: Archive, sealed: Sealed) -> bool:
    try:
        first = next(content(archive.whole.data, sealed), b"")[:_HEAD]
    except DamagedError:  # told of where it is judged
        return False
    return shows_header(first)


def shows_header(head: bytes) -> bool:
    """Whether text begins with a field, as that of a mail does."""
    return _FIELD.match(head) is not None and as_text(head) is not None


def _inner(name: bytes) -> bytes:
    """What is in a file of this name, as far as it says that it is signed."""
    return (_SUFFIX.search(name) and _SUFFIX.sub(b"", name)) or b"file"
