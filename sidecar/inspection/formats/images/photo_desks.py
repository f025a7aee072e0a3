"""Trailers in which programs of photo desks keep captions behind an image: AFCP, FotoStation, Photo Mechanic.

Each is told from its end, where it says how long it is, so that several of them are taken off one by one.
"""

from struct import Struct
from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data, unpack

_AFCP_ENDS: Final = {b"AXS!": Struct(">4sI4x"), b"AXS*": Struct("<4sI4x")}
_AFCP_HEADS: Final = {b"AXS!": Struct(">4sHH4x"), b"AXS*": Struct("<4sHH4x")}
_AFCP_ENTRIES: Final = {b"AXS!": Struct(">4sII"), b"AXS*": Struct("<4sII")}
_AFCP_MOST: Final = 100
_STATION: Final = Struct(">HII")
_STATION_SIGN: Final = 0xA1B2C3D4
_MECHANIC: Final = Struct(">I8s")
_MECHANIC_SIGN: Final = b"cbipcbbl"


def start_of(data: Data, anatomy: Anatomy, image_end: int) -> int:
    """Where those that end the file begin; its end where there is none."""
    end = len(data)
    while end > image_end:
        anatomy.step()
        start = _afcp(data, end, image_end) or _station(data, end) or _mechanic(data, end)
        if start is None or start >= end:
            return end
        end = start
    return end


def _afcp(data: Data, end: int, image_end: int) -> int | None:
    """AFCP 1.0: a directory before its blocks, found by an offset, or behind an image that has changed in size."""
    sign = data[end - 12 : end - 8]
    if sign not in _AFCP_ENDS:
        return None
    _, told = _AFCP_ENDS[sign].unpack_from(data, end - 12)
    start = next((at for at in (told, image_end) if at < end - 12 and data[at : at + 4] == sign), None)
    return start if start is not None and _afcp_fits(data, sign, start, end, start - told) else None


def _afcp_fits(data: Data, sign: bytes, start: int, end: int, moved: int) -> bool:
    """Whether every block lies between the directory and the end."""
    try:
        _, _version, count = unpack(_AFCP_HEADS[sign], data, start)
        places = range(start + 12, start + 12 + 12 * min(count, _AFCP_MOST), 12)
        entries = [unpack(_AFCP_ENTRIES[sign], data, at) for at in places]
    except DamagedError:
        return False
    first, last = start + 12 + 12 * count, end - 12
    return 0 < count <= _AFCP_MOST and all(first <= at + moved <= at + moved + size <= last for _, size, at in entries)


def _station(data: Data, end: int) -> int | None:
    """FotoStation: each block ends with its kind, its length with these, and a signature."""
    if end < _STATION.size:
        return None
    _kind, size, sign = _STATION.unpack_from(data, end - _STATION.size)
    return end - size if sign == _STATION_SIGN and _STATION.size <= size <= end else None


def _mechanic(data: Data, end: int) -> int | None:
    """Photo Mechanic: records like those of IPTC, their length, and a signature."""
    if end < _MECHANIC.size:
        return None
    size, sign = _MECHANIC.unpack_from(data, end - _MECHANIC.size)
    start = end - _MECHANIC.size - int(size)
    return start if sign == _MECHANIC_SIGN and start >= 0 and data[start : start + 2] == b"\x1c\x02" else None
