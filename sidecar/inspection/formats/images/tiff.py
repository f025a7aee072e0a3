"""Structure of TIFF 6.0 and BigTIFF, of which EXIF is made too."""

from collections.abc import Iterator
from contextlib import suppress
from struct import Struct
from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data, unpack

WIDTH, HEIGHT, ORIENTATION, SUB_DIRECTORIES = 0x100, 0x101, 0x112, 0x14A
SETTINGS: Final = frozenset({0x8769, 0x8825, 0xA005})
"""Directories of EXIF: of the camera's settings, of the place, and of what it is compatible with."""
OWN: Final = frozenset({0x927C, 0xC4A5})
"""What makers and printers keep as they like, images among it."""
_PIXELS: Final = frozenset({0x111, 0x144, 0x201, 0x935C})
"""Offsets of strips and tiles, thumbnails, and the layers that Photoshop keeps beside them."""
_SIZES: Final = {1: 1, 2: 1, 3: 2, 4: 4, 5: 8, 6: 1, 7: 1, 8: 2, 9: 4, 10: 8, 11: 4, 12: 8, 13: 4, 16: 8, 17: 8, 18: 8}
_NUMBERS: Final = {1: "B", 3: "H", 4: "I", 6: "B", 8: "H", 9: "I", 13: "I", 16: "Q", 17: "Q", 18: "Q"}
"""Whole numbers; what is below zero is too large."""
_KINDS: Final = {0x2BC: "XMP", 0x8773: "ICC profile", **dict.fromkeys(OWN, "maker note")}
_SHORT: Final = 8
"""Bytes in which nothing can be said."""
_BYTES: Final = frozenset({1, 2, 7})


class Layout(NamedTuple):
    """How numbers are written in one file."""

    order: str
    big: bool

    @property
    def first(self) -> int:
        """Where the offset of the first directory stands."""
        return 8 if self.big else 4

    def offset(self, data: Data, at: int) -> int:
        """An offset."""
        return int(unpack(Struct(self.order + ("Q" if self.big else "I")), data, at)[0])


class Entry(NamedTuple):
    """One field of a directory; `at` is where its value stands."""

    tag: int
    type: int
    values: int
    at: int


def layout_of(data: Data, at: int = 0) -> Layout | None:
    """The layout that the first bytes tell; None if they are not those of a TIFF."""
    start = data[at : at + 4]
    known = {b"II*\0": ("<", False), b"MM\0*": (">", False), b"II+\0": ("<", True), b"MM\0+": (">", True)}
    return Layout(*known[start]) if start in known else None


def directory(data: Data, base: int, offset: int, layout: Layout, anatomy: Anatomy) -> tuple[list[Entry], int]:
    """The fields of one directory, and the offset of the next.

    Raises:
        DamagedError: it does not lie within the file, or all directories have too many fields together.
    """
    at = base + offset
    (count,) = unpack(Struct(layout.order + ("Q" if layout.big else "H")), data, at)
    at += 8 if layout.big else 2
    entry = Struct(layout.order + ("HHQ" if layout.big else "HHI"))
    width, inline = (20, 8) if layout.big else (12, 4)
    entries = []
    for _ in range(count):
        anatomy.step()
        tag, kind, number = unpack(entry, data, at)
        here = at + entry.size
        fits = _SIZES.get(kind, 1) * number <= inline
        entries.append(Entry(tag, kind, number, here if fits else base + layout.offset(data, here)))
        at += width
    return entries, layout.offset(data, at)


def value(data: Data, entry: Entry, layout: Layout) -> int | None:
    """The first number of a field; None if it is none."""
    code = _NUMBERS.get(entry.type)
    return int(unpack(Struct(layout.order + code), data, entry.at)[0]) if code and entry.values else None


def walk(data: Data, anatomy: Anatomy) -> None:
    """Follow the directories, which are the pages, and those within them."""
    layout = layout_of(data)
    if layout is None:
        raise DamagedError("it does not begin like a TIFF")
    pending, seen, settings = [layout.offset(data, layout.first)], {0}, set[int]()
    while pending:
        if (offset := pending.pop()) in seen:
            continue
        seen.add(offset)
        anatomy.step()
        entries, following = directory(data, 0, offset, layout, anatomy)
        pending += [following, *_page(data, entries, layout, anatomy)]
        settings |= _settings(data, entries, layout)
    for offset in settings - seen:
        with suppress(DamagedError):  # programs that change an image leave addresses behind that lead nowhere
            _note_settings(data, offset, layout, anatomy)
    if not anatomy.pixels:
        raise DamagedError("it has no size")


def _settings(data: Data, entries: list[Entry], layout: Layout) -> set[int]:
    """Where directories of EXIF begin; one address is all that such a field holds."""
    told = [entry for entry in entries if entry.tag in SETTINGS and entry.values == 1]
    return {value(data, entry, layout) or 0 for entry in told}


def _note_settings(data: Data, offset: int, layout: Layout, anatomy: Anatomy) -> None:
    """Take in the fields of one directory of EXIF, and of those within it."""
    anatomy.step()
    entries, _ = directory(data, 0, offset, layout, anatomy)
    _note(data, entries, anatomy)
    for nested in _settings(data, entries, layout) - {0, offset}:
        _note(data, directory(data, 0, nested, layout, anatomy)[0], anatomy)


def _page(data: Data, entries: list[Entry], layout: Layout, anatomy: Anatomy) -> Iterator[int]:
    widths, heights = (_numbers(data, entries, tag, layout) for tag in (WIDTH, HEIGHT))
    if widths and heights:
        anatomy.measure(max(widths), max(heights))  # of two fields libtiff goes by the first, others by the last
        anatomy.frames += 1
    _note(data, entries, anatomy)
    for nested in entries:
        if nested.tag != SUB_DIRECTORIES or nested.type not in {4, 13, 16, 18}:
            continue
        width, kind = (_SIZES[nested.type], 16) if nested.type in {16, 18} else (4, 4)
        for number in range(min(nested.values, 64)):
            anatomy.step()
            yield value(data, Entry(0, kind, 1, nested.at + number * width), layout) or 0


def _note(data: Data, entries: list[Entry], anatomy: Anatomy) -> None:
    for entry in entries:
        if entry.type in _BYTES and entry.values > _SHORT and entry.tag not in _PIXELS:
            anatomy.note(_KINDS.get(entry.tag, "field"), entry.at, min(entry.at + entry.values, len(data)))


def _numbers(data: Data, entries: list[Entry], tag: int, layout: Layout) -> list[int]:
    """The first number of every field with one tag."""
    found = [value(data, entry, layout) for entry in entries if entry.tag == tag]
    if None in found:
        raise DamagedError("its size is no number")
    return [number for number in found if number is not None]
