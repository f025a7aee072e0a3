"""Archives that cannot be opened here, known by first bytes that nothing else has by chance."""

import re
from typing import Final

_UNOPENED: Final = re.compile(
    rb"(?P<_7z>7z\xbc\xaf\x27\x1c)|(?P<RAR>Rar!\x1a\x07)"
    # One compressed file each.
    rb"|(?P<lzip>LZIP[\0\x01])|(?P<LZ4>\x04\x22\x4d\x18|\x02\x21\x4c\x18)|(?P<lzop>\x89LZO\0\r\n\x1a\n)|(?P<lrzip>LRZI\0)"
    # Properties and window as xz and 7-Zip write them, a size or none, and the zero that the range coder begins with.
    rb"|(?P<LZMA>\x5d\0\0(?:[\x01-\xff]\0|\0[\x01-\x10])(?:\xff{8}|.{5}\0{3})\0)"
    # Bits of a code, 9 to 16, and whether its table is cleared; the two bits between are unused.
    rb"|(?P<compress>\x1f\x9d[\x09-\x10\x89-\x90])"
    # Many files. A Debian package is a program, and judged as one.
    rb"|(?P<ar>!<(?:arch|thin)>\n(?!debian-binary))|(?P<cpio>07070[12][0-9A-Fa-f]{104}|070707[0-7]{70})"
    rb"|(?P<LHA>..-(?:l[hz][0-9ds]|pm[0-2s])-.{13}[\0-\x03])|(?P<ACE>.{4}\0..\*\*ACE\*\*)"
    rb"|(?P<ARJ>\x60\xea.[\0-\x0a][\x1e-\x30]..[\0-\x0b]..\x02)|(?P<CAB>MSCF\0{4})|(?P<WIM>(?:MSWIM|WLPWM)\0\0\0)"
    rb"|(?P<XAR>xar!\0[\x1c-\xff]\0[\x01\x02])|(?P<WARC>WARC/\d\.\d{1,2}\r\n)"
    # A ZIP behind a header of its own: extensions of Chromium, modules of Java, drawings of Autodesk.
    rb"|(?P<CRX>Cr24[\x02\x03]\0{3})|(?P<JMOD>JM\x01\0PK\x03\x04)"
    rb"|(?P<DWF>\(DWF V[0-9.]{5}\)PK\x03\x04)",
    re.DOTALL,
)


def unopened(head: bytes) -> str:
    """The name of such a format; empty if it is none."""
    found = _UNOPENED.match(head)
    return (found.lastgroup or "").replace("_7z", "7-Zip") if found else ""
