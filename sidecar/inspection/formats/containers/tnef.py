"""What Outlook packs with a mail in `winmail.dat` (MS-OXTNEF): the files attached to it, and their names."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from sidecar.inspection.formats.anatomy import DamagedError, Data
from sidecar.inspection.formats.bounds import Budget

BEGINS: Final = b"\x78\x9f\x3e\x22"
_FIRST: Final = 6
_ATTRIBUTE: Final = struct.Struct("<xLL")
_CHECKSUM: Final = 2
_RENDERING, _DATA, _PROPERTIES = 0x69002, 0x6800F, 0x69005
_NAMES: Final = frozenset({0x18010, 0x69001})
_LONG: Final = struct.Struct("<L")
_TAG: Final = struct.Struct("<HH")
_BINARY, _OBJECT, _TEXT, _UNICODE, _MANY = 0x102, 0x0D, 0x1E, 0x1F, 0x1000
_WITH_LENGTH: Final = frozenset({_BINARY, _OBJECT, _TEXT, _UNICODE})
_SIZES: Final = {
    1: 0, 2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16, _MANY | 2: 2,
}  # fmt: skip
"""Bytes of a value by its type (MS-OXCDATA, section 2.11.1), padded; short ones of several are padded together."""
_CALLED: Final = frozenset({0x3707, 0x3704})
_SHOWN, _HELD = 0x3001, 0x3701
_NAMED: Final = 0x8000
_INTERFACE: Final = 16
"""Bytes before an object that say what it is: a message, packed like this one, or a compound file."""
_MOST: Final = 200_000
_NAME_MOST: Final = 2048


@dataclass(slots=True)
class Attached:
    """One file, or one message.

    Attributes:
        titles: what its attributes call it.
        called: what its properties call it.
        shown: what is shown in their place where it has none.
        places: where what may be its bytes begins and ends.
    """

    titles: list[bytes] = field(default_factory=list)
    called: list[bytes] = field(default_factory=list)
    shown: list[bytes] = field(default_factory=list)
    places: list[tuple[int, int]] = field(default_factory=list)

    @property
    def names(self) -> list[bytes]:
        """Each name that a reader could give it, the likeliest first."""
        return [*reversed(self.called), *self.titles]


@dataclass(frozen=True, slots=True)
class _Property:
    number: int
    kind: int
    start: int
    end: int


def attached(data: Data) -> Iterator[Attached]:
    """Everything that is attached; checksums are not believed, and what is cut short counts as far as it goes.

    Raises:
        DamagedError: it cannot be told what is attached.
        TooMuchError: there is more of it than any mail has.
    """
    budget, each = Budget(_MOST, "attributes"), Attached()
    for number, start, end in _attributes(data, budget):
        if number == _RENDERING:
            yield each
            each = Attached()
        elif number == _DATA:
            each.places.append((start, end))
        elif number in _NAMES:
            each.titles.append(_text(data, start, end, _TEXT))
        elif number == _PROPERTIES:
            _take(data, start, end, each, budget)
    yield each


def _attributes(data: Data, budget: Budget) -> Iterator[tuple[int, int, int]]:
    at = _FIRST
    while at + _ATTRIBUTE.size <= len(data):
        budget.spend(1)
        number, size = _ATTRIBUTE.unpack_from(data, at)
        start = at + _ATTRIBUTE.size
        yield number, start, min(start + size, len(data))
        at = start + size + _CHECKSUM


def _take(data: Data, start: int, end: int, each: Attached, budget: Budget) -> None:
    """What the properties of an attachment tell."""
    try:
        for found in _properties(data, start, end, budget):
            if found.number == _HELD:
                each.places.append((found.start + (_INTERFACE if found.kind == _OBJECT else 0), found.end))
            elif found.number in _CALLED:
                each.called.append(_text(data, found.start, found.end, found.kind))
            elif found.number == _SHOWN:
                each.shown.append(_text(data, found.start, found.end, found.kind))
    except (struct.error, KeyError) as error:
        raise DamagedError("properties that cannot be read") from error


def _properties(data: Data, at: int, end: int, budget: Budget) -> Iterator[_Property]:
    (count,) = _LONG.unpack_from(data, at)
    at += _LONG.size
    for _ in range(count):
        if at >= end:
            return
        budget.spend(1)
        kind, number = _TAG.unpack_from(data, at)
        at = _behind_name(data, at + _TAG.size) if number >= _NAMED else at + _TAG.size
        several, kind = kind & _MANY, kind & ~_MANY
        values = 1
        if several or kind in _WITH_LENGTH:
            (values,) = _LONG.unpack_from(data, at)
            at += _LONG.size
        if kind not in _WITH_LENGTH:
            at += _padded(values * _SIZES.get(several | kind, _SIZES[kind]))
            continue
        for _ in range(values):
            budget.spend(1)
            (size,) = _LONG.unpack_from(data, at)
            start = at + _LONG.size
            yield _Property(number, kind, start, min(start + size, end))
            at = start + _padded(size)


def _behind_name(data: Data, at: int) -> int:
    """A property of a program's own has its set before it, and a number there or a name."""
    kind, size = struct.unpack_from("<16xLL", data, at)
    return at + 24 + (_padded(size) if kind else 0)


def _padded(size: int) -> int:
    return size + -size % 4


def _text(data: Data, start: int, end: int, kind: int) -> bytes:
    raw = bytes(data[start : min(end, start + _NAME_MOST)])
    return raw.decode("utf-16-le" if kind == _UNICODE else "cp1252", "replace").rstrip("\0").encode()
