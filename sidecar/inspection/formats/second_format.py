"""Signatures of a second format within a file: where each may stand, and what makes it valid there.

A signature alone is met by chance or in honest talk about it, so that each row also asks for what a reader of that
format would need next.
"""

import re
from collections.abc import Callable, Iterator
from struct import Struct
from typing import Final, NamedTuple

from sidecar.inspection.formats import windows
from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.containers.tar_fields import BLOCK, looks_like_tar
from sidecar.inspection.formats.openers import ANYWHERE, LONGEST
from sidecar.inspection.formats.pdf.features import pdf_header
from sidecar.inspection.formats.playlists import playlist_at

_TAIL: Final = 22 + 65_535
"""An end record with the longest comment (APPNOTE, 4.3.16): readers search no further."""
_END: Final = Struct("<4xHHHHIIH")
_LOCATOR: Final = 20
_ISO_9660: Final = 0x8001
_NEAR: Final = 64 * 1024
"""Of a large file: reading one byte of every block to its end would cost as much as its digest."""
_WITHIN: Final = 8 * 1024 * 1024 + 8
"""An archive behind a program: 7-Zip searches 8 MiB for where it begins (measured with 26.02), UnRAR 4 (7.1)."""


class Row(NamedTuple):
    """A second format, and a search for it that tells where it stands; -1 if it does not."""

    title: str
    find: Callable[[Data], int]


def zip_at_end(data: Data) -> int:
    """Where a ZIP ends whose directory stands where its end record says; -1 if there is none."""
    return next(_zip_ends(data), -1)


def _zip_ends(data: Data) -> Iterator[int]:
    """Each such record, the last first."""
    low = max(0, len(data) - _TAIL)
    at = data.rfind(b"PK\5\6", low)
    while at >= 0:
        if at + _END.size <= len(data) and _has_directory(data, at):
            yield at
        at = data.rfind(b"PK\5\6", low, at)


def _has_directory(data: Data, at: int) -> bool:
    """Offsets count from where the archive begins, which is unknown here; mostly the directory ends at the record."""
    *_, entries, size, offset, _comment = _END.unpack_from(data, at)
    if data[max(0, at - _LOCATOR) : at].startswith(b"PK\6\7"):
        return True
    return bool(entries) and any(data[max(0, start) : max(0, start) + 4] == b"PK\1\2" for start in (at - size, offset))


def zip_to_end(data: Data) -> int:
    """The same, with a comment that reaches to the end of the file: not one that is only embedded.

    Any of the records: a comment may hold a further one, which some readers take and others pass over.
    """
    return next((at for at in _zip_ends(data) if at + _END.size + _comment(data, at) == len(data)), -1)


def _comment(data: Data, at: int) -> int:
    return int(_END.unpack_from(data, at)[-1])


def pdf_near_start(data: Data) -> int:
    """A PDF that does not begin at once."""
    return pdf_header(data, 1)


def pdf_in_text(data: Data) -> int:
    """The same in text, which may talk of it: only with an object and a trailer."""
    at = pdf_near_start(data)
    if at < 0 or not _PDF_OBJECT.search(data, at):
        return -1
    return at if data.find(b"startxref", at) >= 0 or data.find(b"/Root", at) >= 0 else -1


_PDF_OBJECT: Final = re.compile(rb"[0-9]\s{1,9}[0-9]{1,5}\s{1,9}obj\b")


def tar_near_start(data: Data) -> int:
    """A header of tar in a block near the start, by its checksum (POSIX.1-1988, 10.1.1): not all have `ustar` at 257.

    GNU's tar, bsdtar, Perl and node-tar skip blocks that are none until the first that is one.
    """
    first_of_sums = bytes(data[_CHECKSUM:_NEAR:BLOCK])
    starts = (found.start() * BLOCK for found in _BEGINS_SUM.finditer(first_of_sums))
    return next((at for at in starts if looks_like_tar(data[at : at + BLOCK])), -1)


_CHECKSUM: Final = 148
_BEGINS_SUM: Final = re.compile(rb"[\s\0-7]")


def phar(data: Data) -> int:
    """What ends the stub of a PHP archive."""
    return windows.find(data, b"__HALT_COMPILER();")


def script_or_page(data: Data) -> int:
    """Code of a server, or markup that runs."""
    found = windows.search(data, ANYWHERE, LONGEST)
    return -1 if found is None else found.start()


def javascript(data: Data) -> int:
    """A signature that begins a program: as a name, or with the rest of the header in a comment."""
    found = _JAVASCRIPT.match(data)
    if found is None:
        return -1
    return 0 if found.group(1) is None or _COMMENT_ENDS.search(data, found.end()) else -1


_JAVASCRIPT: Final = re.compile(
    rb"(?:GIF8[79]a|BM|RIFF|FORM|ID3|fLaC|OggS|wOF[F2]|\xff\xd8\xff[\xe0\xe1\xfe]|8BPS|true|OTTO|ttcf)"
    rb"(?:[\x01-\x20]{0,4}(/\*)|\s{0,9}[=(;][\t\r\n -~]{8}|\s{0,9}//[\t\r -~]{0,64}\n[\t\r\n -~]{8})"
)
_COMMENT_ENDS: Final = re.compile(rb"\*/\s{0,99}[=(;.,+*?|&-][\t\r\n -~]{6}")


def dicom(data: Data) -> int:
    """A DICOM file, whose first 128 bytes are anybody's (PS3.10, 7.1; CVE-2019-11687); honest in TIFF."""
    return 128 if data[128:132] == b"DICM" and data[:2] not in {b"II", b"MM"} else -1


def disk_image(data: Data) -> int:
    """A file system of a CD (ECMA-119, 8.4)."""
    return _ISO_9660 if data[_ISO_9660 : _ISO_9660 + 5] == b"CD001" else -1


def archive_behind(data: Data) -> int:
    """An archive behind whatever stands first, as self-extracting programs have it; readers search no further."""
    found = (_rar(data), windows.find(data, b"7z\xbc\xaf\x27\x1c\0", 1, _WITHIN))
    return min((at for at in found if at >= 0), default=-1)


def _rar(data: Data) -> int:
    """One search where there is none; it has two signatures that begin alike."""
    if (start := windows.find(data, b"Rar!\x1a\x07", 1, _WITHIN)) < 0:
        return -1
    signatures = (b"Rar!\x1a\x07\0", b"Rar!\x1a\x07\1\0")
    found = (windows.find(data, signature, start, _WITHIN) for signature in signatures)
    return min((at for at in found if at >= 0), default=-1)


def shows_archive(head: bytes) -> bool:
    """Whether the first bytes show that an archive begins among them, but not with them."""
    signatures = (b"PK\3\4", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c")
    return any(head.find(signature, 1) >= 0 for signature in signatures) or tar_near_start(head) > 0


EVERYWHERE: Final = (Row("tar archive", tar_near_start), Row("PHP archive", phar))
"""In whatever is no container of files itself."""
IN_TEXT: Final = (*EVERYWHERE, Row("PDF document", pdf_in_text), Row("ZIP archive", zip_at_end))
IN_DATA: Final = (
    *EVERYWHERE, Row("playlist", playlist_at), Row("JavaScript", javascript), Row("PDF document", pdf_near_start),
    Row("ZIP archive", zip_at_end), Row("DICOM image", dicom), Row("disk image", disk_image),
    Row("archive", archive_behind), Row("script or page", script_or_page),
)  # fmt: skip
"""In images, sound, film and fonts."""
IN_PDF: Final = (*EVERYWHERE, Row("ZIP archive", zip_to_end))
"""Attachments of a PDF may stand in it as they are."""
IN_OTHERS: Final = (Row("ZIP archive", zip_to_end),)
"""In data that may hold whole files as they are: databases, disks, captures, old Office documents."""
IN_UNTOLD: Final = (
    Row("tar archive", tar_near_start), Row("ZIP archive", zip_at_end), Row("archive", archive_behind),
)  # fmt: skip
"""In data of which nobody says what it is."""
IN_HEAD: Final = (
    Row("tar archive", tar_near_start), Row("playlist", playlist_at), Row("PDF document", pdf_near_start),
    Row("DICOM image", dicom),
)  # fmt: skip
"""What the first 4 KiB tell."""


def found_in(data: Data, rows: tuple[Row, ...]) -> Iterator[tuple[str, int]]:
    """What of a table is there, and where."""
    for row in rows:
        at = row.find(data)
        if at >= 0:
            yield row.title, at
