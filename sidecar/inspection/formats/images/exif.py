"""EXIF (CIPA DC-008): where text stands in it, and where cameras keep small images and what they like."""

from collections.abc import Iterator
from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError
from sidecar.inspection.formats.images.tiff import OWN, SETTINGS, Entry, Layout, directory, layout_of, value

_BEFORE: Final = b"Exif\0\0"
_BYTES: Final = frozenset({1, 2, 7})
"""Types in which text is written: by systems, by the standard, and where its encoding stands before it."""

Range = tuple[int, int]


def texts(block: bytes) -> list[Range] | None:
    """Where fields stand that may be text, in order and apart from each other; None where nobody could follow it.

    The rest are numbers, and a thumbnail, whose tables have neighbours that are alike: `<?=<;<=>>` is one of those.
    """
    base = len(_BEFORE) if block.startswith(_BEFORE) else 0
    layout = layout_of(block, base)
    if layout is None:
        return None
    try:
        return _joined(sorted(_fields(block, base, layout)))
    except DamagedError:
        return None


def _fields(block: bytes, base: int, layout: Layout) -> Iterator[Range]:
    counted, seen = Anatomy("EXIF"), {0}
    pending = [layout.offset(block, base + layout.first)]
    while pending:
        if (offset := pending.pop()) in seen:
            continue
        seen.add(offset)
        entries, following = directory(block, base, offset, layout, counted)
        pending.append(following)
        pending += [value(block, entry, layout) or 0 for entry in entries if entry.tag in SETTINGS]
        yield from (_place(entry, len(block)) for entry in entries if entry.type in _BYTES and entry.tag not in OWN)


def _place(entry: Entry, most: int) -> Range:
    return min(entry.at, most), min(entry.at + entry.values, most)


def _joined(ranges: list[Range]) -> list[Range]:
    joined: list[Range] = []
    for start, end in ranges:
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(end, joined[-1][1])
        else:
            joined.append((start, end))
    return joined
