"""What image converters hand to other programs: the scripts of ImageMagick, its addresses, PostScript."""

import re
from typing import Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.bounds import Budget

CODER_IN_NAME: Final = re.compile(
    rb"(?:msl|mvg|ephemeral|https?|ftp|gopher|file|url|inline|eps[fi23]?|ps[23]?|vid|magick):[^\s]"
    rb"|(?:label|text|caption|pango):@|\|",
    re.IGNORECASE,
)
"""A file name that ImageMagick reads as format and address, or that GraphicsMagick gives to a shell."""

SCRIPT_AT_START: Final = re.compile(
    rb"(?:\xef\xbb\xbf)?(?:\s|#[^\n]*+\n)*+(?:push\s{1,9}graphic-context\b|viewbox\s{1,9}[0-9])"
    rb"|(?:\xef\xbb\xbf)?(?:\s++|<\?xml[^>]*+>|<!--(?:[^-]|-(?!->))*+-->|<!doctype[^>\[]*+>)*+"
    rb"<(?:msl|image|group)(?:\s[^>]*)?>(?:\s++|<!--(?:[^-]|-(?!->))*+-->)*+<(?:read|write|msl|image|get|print|swap)\b[^>]{0,400}/?>",
    re.IGNORECASE,
)
"""MVG, whose drawing commands open files, and MSL, whose elements read and write them."""

_CODER: Final = (
    rb"\s{0,9}(?:(?:msl|mvg|ephemeral|vid|text|caption|pango|inline|gopher|ps[23]?|eps[fi23]?|magick):[^\s\"')]"
    rb"|label:@)"
)
IN_ADDRESS: Final = re.compile(
    rb"(?:href|src|fill|stroke|mask|clip-path|filter)\s{0,9}=\s{0,9}[\"']" + _CODER + rb"|url\([\"']?" + _CODER
    + rb"|(?:&quot;|&\#34;|&\#x22;|`|&\#96;)\s{0,9}\|\s{0,9}[a-z/&]",
    re.IGNORECASE,
)  # fmt: skip
"""In a drawing, an address that only ImageMagick understands, or one that breaks out into a shell."""

IN_POSTSCRIPT: Final = re.compile(
    rb"%pipe%|\.forceput\b|\.forcedef\b|\.runandhide\b|\.putdeviceparams\b|\.setsafe\b|\.locksafe\b|\.libfile\b|\.tempfile\b"
    rb"|\bputdeviceprops\b|/OutputFile\b|/PermitFile(?:Reading|Writing|Control)\b|\bdeletefile\b|\brenamefile\b"
    rb"|\bfilenameforall\b|\bgetenv\b|\brunlibfile\b|\bnull\s{1,9}restore\b|\((?:%os%|/|\.\./)[^)]{0,200}\)"
    rb"\s{0,99}(?:\([rwa]\+?\)\s{0,99}file|run)\b|\b\.?loaddevice\b|/SAFER\s{1,9}false\b|/LockFilePermissions\b",
)
"""Programs, files and the locks on them; what a page needs is none of these."""
_OF_ILLUSTRATOR: Final = re.compile(
    rb"(?:\bclosefile ?\(AGMUTIL_imagefile\) ?deletefile"
    rb"|\$fontpat 0 \$slen 7 add getinterval\s{1,40}\{ ?/\$match exch def exit ?\}\s{1,40}\$str filenameforall)\Z"
)
"""Two of these that every EPS of Illustrator holds: it deletes a file of its own making, and looks for a font."""
_LONGEST_OF_ILLUSTRATOR: Final = 160

_PREVIEW: Final = b"\xc5\xd0\xd3\xc6"
_STARTS: Final = (b"%!", b"\x04%!", _PREVIEW, b"\x1b%-12345X")


def starts_postscript(head: bytes) -> bool:
    """Whether it begins like PostScript, or like an EPS with a preview."""
    return head.lstrip(b" \t\r\n").startswith(_STARTS)


_WORDS: Final = (
    b"%pipe%", b".forceput", b".forcedef", b".runandhide", b".putdeviceparams", b".setsafe", b".locksafe", b".libfile",
    b".tempfile", b"putdeviceprops", b"/OutputFile", b"/PermitFile", b"deletefile", b"renamefile", b"filenameforall",
    b"getenv", b"runlibfile", b"null", b"(/", b"(../", b"(%os%", b"loaddevice", b"/SAFER", b"/LockFilePermissions",
)  # fmt: skip
"""How whatever IN_POSTSCRIPT matches begins."""
_CODERS: Final = (
    b"msl:", b"mvg:", b"ephemeral:", b"vid:", b"text:", b"caption:", b"pango:", b"inline:", b"gopher:", b"ps:", b"ps2:",
    b"ps3:", b"eps:", b"epsf:", b"epsi:", b"eps2:", b"eps3:", b"magick:", b"label:@", b"|",
)  # fmt: skip
"""What IN_ADDRESS matches is around one of these, in small letters."""
_OPENS: Final = (b'"', b"'", b"(", b";", b"`")
"""One of these stands before it, with at most nine blanks between."""
_BLANKS: Final = 9
_BEFORE: Final = 48
_BEHIND: Final = 24
"""Bytes around the word that IN_ADDRESS can take in."""
_REFERENCE: Final = re.compile(rb"&#(?:x0*+([2-7][0-9a-f])|0*+(3[2-9]|[4-9][0-9]|1[01][0-9]|12[0-6]));", re.IGNORECASE)
"""A character of ASCII by its number; converters resolve it before they look at an address."""
_CLOSELY: Final = 10
MOST_PLACES: Final = 1_000_000
"""Places that are passed, or ten times as many as are looked at closely, which costs microseconds each."""
_MOST_IN_DRAWINGS: Final = 500_000
"""The same; a place costs a microsecond there."""


def in_postscript(data: Data) -> bytes:
    """The first name that a page does without; empty where there is none.

    Raises:
        TooMuchError: there are more places to look at than are.
    """
    budget = Budget(MOST_PLACES, "names")
    for word in _WORDS:
        at = data.find(word)
        while at >= 0:
            budget.spend(_CLOSELY)
            found = IN_POSTSCRIPT.match(data, at)
            if found and not _OF_ILLUSTRATOR.search(data, max(0, at - _LONGEST_OF_ILLUSTRATOR), found.end()):
                return found.group()
            at = data.find(word, at + 1)
    return b""


def in_drawing(data: Data) -> bytes:
    """The first address in a drawing that only a converter understands; empty where there is none.

    Raises:
        TooMuchError: there are more places to look at than are.
    """
    budget, text = Budget(_MOST_IN_DRAWINGS, "addresses"), data[:]
    return _in_drawing(text, budget) or (_in_drawing(_resolved(text, budget), budget) if b"&#" in text else b"")


def _resolved(text: bytes, budget: Budget) -> bytes:
    budget.spend(text.count(b"&#"))
    return _REFERENCE.sub(lambda found: bytes((int(found[1], 16) if found[1] else int(found[2]),)), text)


def _in_drawing(text: bytes, budget: Budget) -> bytes:
    small = text.lower()
    for word in _CODERS:
        at = small.find(word)
        while at >= 0:
            budget.spend(1)
            if small[max(0, at - _BLANKS - 1) : at].rstrip().endswith(_OPENS):
                budget.spend(_CLOSELY)
                if found := IN_ADDRESS.search(text, max(0, at - _BEFORE), at + _BEHIND):
                    return found.group()
            at = small.find(word, at + 1)
    return b""
