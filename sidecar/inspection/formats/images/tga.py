"""The header of TGA: the format has no signature, and random bytes are easily taken for it."""

from struct import Struct
from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, Data, unpack

_HEAD: Final = Struct("<xBBHHBxxxxHHBB")
_SIZE: Final = Struct("<12xHH")
_WITH_MAP: Final = frozenset({1, 9})
_WITHOUT_MAP: Final = frozenset({2, 3, 10, 11})
_DEPTHS: Final = frozenset({8, 15, 16, 24, 32})
_ALPHA: Final = 8
_RESERVED: Final = 0xC0


def is_tga(head: bytes) -> bool:
    """Whether every field of the header has a value that the format knows (Truevision TGA 2.0, appendix C)."""
    if len(head) < _HEAD.size:
        return False
    mapped, kind, first, length, entry, width, height, depth, flags = _HEAD.unpack_from(head)
    if mapped not in {0, 1} or kind not in _WITH_MAP | _WITHOUT_MAP or (kind in _WITH_MAP and not mapped):
        return False
    if (mapped and entry not in _DEPTHS) or (not mapped and (first or length or entry)):
        return False
    return bool(width and height) and depth in _DEPTHS and not flags & _RESERVED and flags & 0x0F <= _ALPHA


def walk(data: Data, anatomy: Anatomy) -> None:
    """Read the size; what else it holds has no order."""
    anatomy.measure(*unpack(_SIZE, data, 0))
    anatomy.frames = 1
