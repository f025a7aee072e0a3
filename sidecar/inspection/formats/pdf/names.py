"""Names of PDF as any reader takes them (ISO 32000-2, sections 7.2.3 and 7.3.5)."""

import re
from typing import Final

WHITE: Final = b"\0\t\n\f\r \x80\xff"
"""White space; the last two are so to PDFium alone, which thereby ends names and numbers before them."""
SPACE: Final = re.escape(WHITE)
"""The same within a set of characters of a pattern."""
ENDING: Final = SPACE + rb"()<>\[\]{}/%"
"""What ends a name, within a set of characters."""
_HEX: Final = b"0-9a-fA-F"
# poppler and PDFium take one digit alone for the first of two and pass over what stands in the place of the second.
_ESCAPED: Final = re.compile(rb"#([%b])(?:([%b])|.)?" % (_HEX, _HEX), re.DOTALL)
_MOST_KEPT: Final = 2000
_LONGEST_KEPT: Final = 40


def named(*names: bytes) -> re.Pattern[bytes]:
    """Finds some names, however they are spelled: where it finds nothing, no object holds one of them."""
    spelled = (b"".join(_spellings(byte) for byte in name) for name in names)
    firsts = re.escape(bytes({name[0] for name in names}))
    ends = rb"[%b]|\Z|#0(?:0|[^%b]|\Z)" % (ENDING, _HEX)
    return re.compile(rb"/(?=[#%b])(?:%b)(?=%b)" % (firsts, b"|".join(spelled), ends))


def _spellings(byte: int) -> bytes:
    digits = b"".join(b"[%b%b]" % (digit.upper(), digit) for digit in (b"%x" % (byte >> 4), b"%x" % (byte & 15)))
    alone = b"" if byte & 15 else b"|#%x[^%b]" % (byte >> 4, _HEX)
    return b"(?:%b|#%b%b)" % (re.escape(bytes([byte])), digits, alone)


class Name(bytes):
    """A name, decoded: `/Java#53cript` is `JavaScript`."""

    __slots__ = ()


class _Names(dict[bytes, Name]):
    """Names as they are written; documents have few, and each a thousand times."""

    def __missing__(self, written: bytes) -> Name:
        name = Name(_decoded(written) if b"#" in written else written)
        if len(self) < _MOST_KEPT and len(written) <= _LONGEST_KEPT:
            self[written] = name
        return name


NAMES: Final = _Names()


def _decoded(written: bytes) -> bytes:
    """What the most lenient of readers make of it: names are strings of C to poppler, which end at a NUL."""
    return _ESCAPED.sub(_byte, written).partition(b"\0")[0]


def _byte(match: re.Match[bytes]) -> bytes:
    return bytes([int(match[1] + (match[2] or b"0"), 16)])
