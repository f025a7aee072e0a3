"""Sound that is cut anywhere: a few frames in a row, of which each tells its length, show what it is."""

import re
from collections.abc import Callable
from typing import Final

_IN_A_ROW: Final = 3
"""Or as many as begin within the bytes that are there, two at least: the longest has 8 KiB."""
_KBITS: Final = {
    (3, 1): (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
    (3, 2): (0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384),
    (2, 1): (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),
}
"""By version and layer as they are written (ISO/IEC 11172-3, 2.4.2.3; ISO/IEC 13818-3, 2.4.2.3)."""
_HERTZ: Final = {3: (44_100, 48_000, 32_000), 2: (22_050, 24_000, 16_000), 0: (11_025, 12_000, 8_000)}
_TOLD: Final = b"".join(b"%c-%c" % (rate << 4, rate << 4 | 11) for rate in range(1, 15))
"""Third bytes that name a rate of bits and one of samples."""
_MPEG: Final = re.compile(rb"\xff[\xe2-\xe5\xf2-\xf5\xfa-\xfd][%b]" % re.sub(rb"([^\w-])", rb"\\\1", _TOLD))
_ADTS: Final = re.compile(rb"\xff[\xf0\xf1\xf8\xf9].{4}", re.DOTALL)
_LOAS: Final = re.compile(rb"\x56[\xe0-\xff].", re.DOTALL)
_Length = Callable[[bytes], int]


def has_mpeg_frames(head: bytes) -> bool:
    """Whether frames of MPEG layers II and III follow on each other somewhere."""
    return _has_row(head, _MPEG, _mpeg_length)


def has_aac_frames(head: bytes) -> bool:
    """Whether frames of AAC do, in ADTS or in LOAS (ISO/IEC 14496-3, 1.A.3.2 and 1.7.2)."""
    return _has_row(head, _ADTS, _adts_length) or _has_row(head, _LOAS, _loas_length)


def _has_row(head: bytes, header: re.Pattern[bytes], length: _Length) -> bool:
    return any(_is_row(head, found.start(), header, length) for found in header.finditer(head))


def _is_row(head: bytes, at: int, header: re.Pattern[bytes], length: _Length) -> bool:
    for count in range(_IN_A_ROW):
        found = header.match(head, at)
        if found is None:
            return count > 1 and at + 6 > len(head)  # as long as headers are
        at += max(length(found[0]), len(found[0]))
    return True


def _mpeg_length(header: bytes) -> int:
    """Half as many samples are in a frame of layer III at half the rates."""
    version, layer = header[1] >> 3 & 3, header[1] >> 1 & 3
    kbits = _KBITS[(3, layer) if version == 3 else (2, 1)][header[2] >> 4]  # noqa: PLR2004
    per_bit = 144_000 if version == 3 or layer > 1 else 72_000  # noqa: PLR2004
    return per_bit * kbits // _HERTZ[version][header[2] >> 2 & 3] + (header[2] >> 1 & 1)


def _adts_length(header: bytes) -> int:
    return (header[3] & 3) << 11 | header[4] << 3 | header[5] >> 5


def _loas_length(header: bytes) -> int:
    return 3 + ((header[1] & 0x1F) << 8 | header[2])
