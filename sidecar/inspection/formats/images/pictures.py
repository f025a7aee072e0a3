"""Which walker an image is for, by its first bytes."""

from collections.abc import Callable
from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data
from sidecar.inspection.formats.images import (
    bmp,
    gif,
    heif_brands,
    ico,
    isobmff_image,
    jpeg,
    jpeg2000,
    jxl,
    png,
    psd,
    tga,
    tiff,
    webp,
)

Walk = Callable[[Data, Anatomy], None]

_HEAD_BYTES: Final = 4096
"""In which the brands of an image in boxes stand; the rest is told by fewer."""
_STARTS: Final[tuple[tuple[bytes, str, Walk], ...]] = (
    (png.SIGNATURE, "PNG", png.walk),
    (jpeg.SIGNATURE, "JPEG", jpeg.walk),
    *((signature, "GIF", gif.walk) for signature in gif.SIGNATURES),
    (b"BM", "BMP", bmp.walk),
    *((start, "TIFF", tiff.walk) for start in (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")),
    *((signature, "icon", ico.walk) for signature in ico.SIGNATURES),
    (jxl.BARE, "JPEG XL", jxl.walk),
    (jxl.BOXED, "JPEG XL", jxl.walk),
    (psd.SIGNATURE, "PSD", psd.walk),
    (jpeg2000.BARE, "JPEG 2000", jpeg2000.walk),
    (jpeg2000.BOXED, "JPEG 2000", jpeg2000.walk),
)


def anatomy_of(data: Data) -> Anatomy | None:
    """Walk an image as far as its structure can be followed; None for a format without a walker."""
    found = _walker(data)
    if found is None:
        return None
    name, walk = found
    anatomy = Anatomy(name)
    try:
        walk(data, anatomy)
    except DamagedError as error:
        anatomy.fault = str(error)
    return anatomy


def _walker(data: Data) -> tuple[str, Walk] | None:
    start = data[:_HEAD_BYTES]
    if tga.is_tga(start):  # most begin like a cursor, but with zero where that counts its pictures
        return "TGA", tga.walk
    if webp.is_webp(start):
        return "WebP", webp.walk
    if heif_brands.is_heif(start):
        return "HEIF", isobmff_image.walk
    return next(((name, walk) for signature, name, walk in _STARTS if start.startswith(signature)), None)


def is_picture(content_type: str) -> bool:
    """Whether libmagic calls it an image of pixels; drawings in XML are text."""
    return content_type.startswith("image/") and not content_type.startswith("image/svg")
