"""The encoding of HTML, SVG and XML: whether what a reader sees is what the bytes show."""

import re
from typing import Final

_UTF16: Final = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16", b"<\0": "utf-16-le", b"\0<": "utf-16-be"}
_UNREAD: Final = (
    b"\xff\xfe\0\0", b"\0\0\xfe\xff", b"<\0\0\0", b"\0<\0\0", b"\0\0<\0", b"\0\0\0<", b"\x4c\x6f\xa7\x94",
)  # fmt: skip
"""UCS-4 in each order of bytes, and `<?xm` in EBCDIC (XML 1.0, appendix F)."""
_BEGINS: Final = re.compile(rb"\s*+<\?xml\s")
_LONGEST: Final = 1000
"""Bytes of an XML declaration; libxml2 reads on behind any number of blanks."""
_DECLARED: Final = re.compile(rb"\sencoding\s*+=\s*+[\"']([^\"'>]*+)")
# Not UTF-16 with its order told, UCS-2 nor EBCDIC: libxml2 changes over to it in the middle of the declaration.
_WITH_ASCII: Final = re.compile(
    rb"utf-?8|utf-?16|(?:us-)?ascii|latin-?\d\d?|iso[-_]?(?:8859|646)[\w:-]*|koi8[\w-]*|(?:x-)?mac[\w-]*"
    rb"|(?:windows|cp|ibm)[-_]?(?:125\d|437|7[37]\d|8[56]\d|874|93[26]|949|950|20127|20866|21866|28\d{3}|51932|54936|65001)"
    rb"|windows-31j|gb(?:2312|k|18030)|big5(?:-hkscs)?|(?:x-)?s(?:hift)?[-_]?jis|euc-?[a-z]+|tis-?620|viscii",
    re.IGNORECASE,
)
_SHIFTS: Final = re.compile(rb"\x1b[($]")
"""ISO-2022-JP: what follows may be read otherwise, or not at all. Terminals have colours behind `ESC [`."""


def with_ascii(raw: bytes) -> bytes | None:
    """A document in an encoding with ASCII in it and without a byte-order mark; None where that cannot be told."""
    if raw.startswith(_UNREAD):
        return None
    if encoding := _UTF16.get(raw[:2]):
        return raw.decode(encoding, "replace").encode(errors="replace")
    text = raw.removeprefix(b"\xef\xbb\xbf")
    return text if _is_as_it_looks(text) else None


def _is_as_it_looks(text: bytes) -> bool:
    if b"\x1b" in text and _SHIFTS.search(text):
        return False
    begins = _BEGINS.match(text)
    if begins is None:
        return True
    ends = text.find(b">", begins.end(), begins.end() + _LONGEST)
    named = _DECLARED.findall(text, begins.end() - 1, ends)
    return ends >= 0 and all(_WITH_ASCII.fullmatch(each.strip()) for each in named)
