"""Records of binary workbooks (MS-XLSB)."""

from typing import Final

_BEGIN_SUP_BOOK: Final = 360
_DDE: Final = 1
_MOST: Final = 100_000


def has_dde_link(data: bytes) -> bool:
    """Whether an external link asks another program for data (BrtBeginSupBook, section 2.4.248)."""
    at = 0
    for _ in range(_MOST):
        kind, at = _number(data, at, 2)
        size, at = _number(data, at, 4)
        if at >= len(data):
            return False
        if kind == _BEGIN_SUP_BOOK:
            return data[at : at + 2] == _DDE.to_bytes(2, "little")
        at += size
    return False


def _number(data: bytes, at: int, most: int) -> tuple[int, int]:
    """A number in up to so many groups of seven bits, and where it ends (section 2.1.4)."""
    value = 0
    for shift in range(0, 7 * most, 7):
        if at >= len(data):
            break
        byte, at = data[at], at + 1
        value |= (byte & 0x7F) << shift
        if byte < 0x80:  # noqa: PLR2004 - the highest bit says that another group follows
            break
    return value, at
