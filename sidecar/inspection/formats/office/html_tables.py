"""A page that a spreadsheet opens as a sheet, as reports called NAME.xls are: its cells, one a line."""

import re
from html import unescape
from typing import Final

_BEFORE: Final = "\ufeff \t\r\n\0"
_FIRST: Final = 64
_CELL_ENDS: Final = re.compile(
    r"</?(?:t(?:d|h|r|able|body|head|foot)|caption|br|p|div|li|[uod]l|d[td]|h[1-6]|pre|hr|body|center|form)(?![\w-])[^<>]*+>",
    re.IGNORECASE,
)
_FORMULA: Final = re.compile(r"\bfmla\s{0,9}=\s{0,9}[\"']?", re.IGNORECASE)
"""The attribute in which Excel writes formulas."""
_TAG: Final = re.compile(r"<[^<>]*+>")
_COMMENT, _COMMENT_END = "<!--", "-->"
_SEPARATOR: Final = "\1"


def cells_of_page(data: bytes) -> bytes | None:
    """Its cells as a table of one column; nothing where a file does not begin with a tag."""
    encoding = "utf-16" if data.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8"
    if not data[:_FIRST].decode(encoding, "replace").lstrip(_BEFORE).startswith("<"):
        return None
    text = _without_comments(data.decode(encoding, "surrogateescape" if encoding == "utf-8" else "replace"))
    in_lines = _FORMULA.sub(">\n", text.replace("\r", " ").replace("\n", " "))
    bare = _TAG.sub("", _CELL_ENDS.sub("\n", in_lines))
    return f"sep={_SEPARATOR}\n{unescape(bare)}".encode("utf-8", "surrogateescape")


def _without_comments(text: str) -> str:
    """Without its comments; one that does not end hides nothing."""
    end = text.rfind(_COMMENT_END) + len(_COMMENT_END)
    first, *others = text[:end].split(_COMMENT)
    return "".join((first, *(each.partition(_COMMENT_END)[2] for each in others), text[end:]))
