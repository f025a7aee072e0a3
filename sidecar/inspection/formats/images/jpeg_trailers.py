"""What honest cameras write behind the end of a JPEG: more images, a film, the trailers of some makers and programs.

More images are those of CIPA DC-007 (multi-picture) and of gain maps (ISO 21496-1); the film is that of motion photos.
They are told by their own structure, not by what announces them: an announcement is as easily forged as a trailer, and
programs that edit photos drop one and keep the other.
"""

import re
from collections.abc import Callable
from struct import Struct
from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data, unpack
from sidecar.inspection.formats.images.boxes import FILM, boxes
from sidecar.inspection.formats.images.photo_desks import start_of

_PADDING: Final = re.compile(rb"(?:[\x00\x20\r\n]|\xff(?!\xd8))*+")
_LIVE: Final = re.compile(rb"v[0-9]{1,2}_f[0-9]{1,4}[\w ]{0,32}LIVE_[0-9]{1,12} {0,16}")
_SEF_TAIL: Final = Struct("<I4s")
_SEF_HEAD: Final = Struct("<4sII")
_SEF_ENTRY: Final = Struct("<HHII")
_SEF_MOST: Final = 1000

WalkOne = Callable[[Data, Anatomy, int], int]


def end_of(data: Data, anatomy: Anatomy, at: int, walk_one: WalkOne) -> int:
    """Where the last of them ends."""
    while at < len(data):
        anatomy.step()
        padded = _behind_padding(data, at)
        following = _image(data, anatomy, padded, walk_one)
        following = following or _film(data, at, padded) or _samsung(data, at, padded) or _live(data, padded)
        following = following or _desks(data, anatomy, at, padded)
        if following is None:
            return padded
        at = following
    return at


def _behind_padding(data: Data, at: int) -> int:
    match = _PADDING.match(data, at)
    return match.end() if match else at


def _image(data: Data, anatomy: Anatomy, at: int, walk_one: WalkOne) -> int | None:
    if data[at : at + 3] != b"\xff\xd8\xff":
        return None
    try:
        return walk_one(data, anatomy, at)
    except DamagedError:
        return None


def _film(data: Data, at: int, padded: int) -> int | None:
    """The end of a film that begins here: boxes one after the other, up to whatever is none."""
    start = data.find(b"ftyp", max(at, padded - 4), padded + 8) - 4  # its size may look like padding
    if start < at:
        return None
    end, seen = start, set()
    for box in boxes(data, start, len(data)):
        if box.type not in FILM:
            break
        seen.add(box.type)
        end = box.end
    return end if b"mdat" in seen else None


def _samsung(data: Data, at: int, padded: int) -> int | None:
    """The end of the file, where a directory there says that its blocks begin here (SEFH ... SEFT)."""
    try:
        length, mark = unpack(_SEF_TAIL, data, len(data) - 8)
        directory = len(data) - 8 - length
        if mark != b"SEFT" or directory < at:
            return None
        start, _version, count = unpack(_SEF_HEAD, data, directory)
        entries = [unpack(_SEF_ENTRY, data, directory + 12 + 12 * number) for number in range(min(count, _SEF_MOST))]
    except DamagedError:
        return None
    if start != b"SEFH" or length != 12 + 12 * count or not entries:
        return None
    first = directory - max(back for _, _, back, _ in entries)
    return len(data) if at <= first <= padded and all(size <= back for _, _, back, size in entries) else None


def _desks(data: Data, anatomy: Anatomy, at: int, padded: int) -> int | None:
    """The end of the file, where the trailers that end it begin here."""
    start = start_of(data, anatomy, padded)
    if not at <= start <= padded or start == len(data):
        return None
    anatomy.note("trailer", start, len(data))
    return len(data)


def _live(data: Data, at: int) -> int | None:
    match = _LIVE.match(data, at)
    return match.end() if match else None
