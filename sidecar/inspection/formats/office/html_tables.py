"""A page that a spreadsheet opens as a sheet, as reports called NAME.xls are: its cells, one a line."""

import re
from collections.abc import Iterator
from typing import Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.office.references import resolved
from sidecar.inspection.formats.windows import WINDOW, find

_BEFORE: Final = b"\xef\xbb\xbf \t\r\n\0"
_FIRST: Final = 64
_CELL_ENDS: Final = re.compile(
    rb"</?(?:t(?:d|h|r|able|body|head|foot)|caption|br|p|div|li|[uod]l|d[td]|h[1-6]|pre|hr|body|center|form)(?![\w-])[^<>]*+>",
    re.IGNORECASE,
)
_FORMULA: Final = re.compile(rb"\bfmla\s{0,9}=\s{0,9}[\"']?", re.IGNORECASE)
"""The attribute in which Excel writes formulas."""
_TAG: Final = re.compile(rb"<[^<>]*+>")
_COMMENT, _COMMENT_END = b"<!--", b"-->"
_NAMES: Final = b"ExcelName"
"""The element in which a page of Excel gives names to formulas and texts."""
_NO_FORMULA: Final = re.compile(rb"\s*+[^\s\x1c-\x1f=+\-@\x80-\xff]")
"""How a cell begins of which the rest does not matter."""
_LINES: Final = bytes.maketrans(b"\r\n", b"  ")


def is_page(data: Data) -> bool:
    """Whether it begins with a tag."""
    return data[:_FIRST].lstrip(_BEFORE).startswith(b"<")


def gives_names(data: Data) -> bool:
    """Whether a page can give names to texts, for formulas to use."""
    return find(data, _NAMES) >= 0


def cells_of_page(data: Data) -> Iterator[bytes]:
    """Its cells in pieces of whole lines, so that no more than a window of an honest page is in memory."""
    rest = b""
    for piece in _pieces(data):
        in_lines = _FORMULA.sub(b">\n", piece.translate(_LINES))
        bare = _unescaped(_TAG.sub(b"", _CELL_ENDS.sub(b"\n", in_lines)))
        lines, _, rest = (rest + bare).rpartition(b"\n")
        yield lines
        if len(rest) > WINDOW and (beginning := _NO_FORMULA.match(rest)):
            rest = beginning[0]
    yield rest


def _unescaped(text: bytes) -> bytes:
    if text.find(b"&") < 0:
        return text
    return resolved(text.decode("utf-8", "surrogateescape")).encode("utf-8", "surrogateescape")


def _pieces(data: Data) -> Iterator[bytes]:
    """What is no comment, cut where no tag and no reference to a character is."""
    held = bytearray()
    for start, end in _spans(data):
        for at in range(start, end, WINDOW):
            held += data[at : min(end, at + WINDOW)]
            if len(held) >= WINDOW and (cut := _cut(held)) > 0:
                yield bytes(held[:cut])
                del held[:cut]
    yield bytes(held)


def _cut(held: bytearray) -> int:
    """Before the last tag; behind the last line, where no tag is for long."""
    tag = held.rfind(b"<")
    return held.rfind(b"\n") + 1 if tag <= 0 and held.rfind(b">") >= tag else tag


def _spans(data: Data) -> Iterator[tuple[int, int]]:
    """What lies around comments; one that does not end hides nothing."""
    at = 0
    while (start := data.find(_COMMENT, at)) >= 0 and (end := data.find(_COMMENT_END, start + len(_COMMENT))) >= 0:
        yield at, start
        at = end + len(_COMMENT_END)
    yield at, len(data)
