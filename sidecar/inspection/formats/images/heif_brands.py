"""Images in boxes, by their brands: HEIF and AVIF (ISO/IEC 23008-12, 10; AV1 Image File Format 1.2, 6 and 8).

The first brand is whatever the writer likes; readers go by any of those that the file says it is compatible with.
"""

from typing import Final

_AVIF: Final = frozenset({b"avif", b"avis", b"avio"})
_HEIC: Final = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs"})
_HEIF: Final = _AVIF | _HEIC | frozenset({
    b"mif1", b"mif2", b"mif3", b"msf1", b"miaf", b"1pic", b"unif", b"avci", b"avcs", b"vvic", b"vvis", b"evbi", b"evbs",
    b"jpeg", b"jpgs", b"j2ki", b"j2is", b"MA1A", b"MA1B",
})  # fmt: skip


def is_heif(head: bytes) -> bool:
    """Whether one of its brands is that of an image."""
    return not _HEIF.isdisjoint(_brands(head))


def heif_type(head: bytes) -> str:
    """The content type of an image in boxes by its brands, the general one where they tell of several; else empty."""
    brands = _brands(head)
    if _HEIF.isdisjoint(brands):
        return ""
    avif, heic = not _AVIF.isdisjoint(brands), not _HEIC.isdisjoint(brands)
    if avif == heic:
        return "image/heif"
    return "image/avif" if avif else "image/heic"


def _brands(head: bytes) -> frozenset[bytes]:
    """Those of the first box (ISO/IEC 14496-12, 4.3), as far as they are there."""
    if head[4:8] != b"ftyp":
        return frozenset()
    large = head[:4] == b"\0\0\0\1"
    start = 16 if large else 8
    end = int.from_bytes(head[8:16] if large else head[:4])
    version = start + 4
    return frozenset({head[start:version], *(head[at : at + 4] for at in range(version + 4, min(end, len(head)), 4))})
