"""Images without their metadata, byte for byte the same pixels: what is kept of JPEG, PNG and WebP, in pieces.

What changes how pixels look stays: colour profiles, the orientation, gamma, density, timing. EXIF (GPS and thumbnails
with it), XMP, IPTC, comments, text, and whatever stands behind the end are left out; of EXIF a new one with the
orientation alone is written where it says more than "upright". Only for images whose structure is whole: a damaged one
raises DamagedError, and is better refused.
"""

from collections.abc import Callable, Iterator
from struct import Struct
from typing import Final

from sidecar.inspection.formats import jpeg, png, tiff, webp
from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data
from sidecar.inspection.formats.chunk_writing import jpeg_segment, png_chunk, riff_chunk, riff_head

Pieces = list[bytes]

_KEPT_BY_PNG: Final = frozenset({
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"hIST",
    b"sPLT", b"acTL", b"fcTL", b"fdAT", b"cICP", b"mDCV", b"cLLI", b"mDCv", b"cLLi",
})  # fmt: skip
_KEPT_BY_WEBP: Final = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_JFIF: Final = b"JFIF\0"
_ADOBE: Final = b"Adobe"
_FLAGS: Final = Struct("<B")
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04
_UPRIGHT: Final = 1
_MIRRORED_MOST: Final = 8


def stripped(data: Data) -> Pieces | None:
    """What is kept of an image, in order; None for a format of which nothing is stripped.

    Raises:
        DamagedError: its structure is not whole.
    """
    strip = next((strip for known, strip in _STRIPS if known(data[:16])), None)
    return None if strip is None else list(strip(data))


def _png(data: Data) -> Iterator[bytes]:
    yield png.SIGNATURE
    chunks = list(png.chunks(data, Anatomy("PNG")))
    if not chunks or chunks[0].type != b"IHDR" or all(chunk.type != b"IDAT" for chunk in chunks):
        raise DamagedError("there are no pixels")
    turned = next((orientation(data[chunk.start : chunk.end]) for chunk in chunks if chunk.type == b"eXIf"), _UPRIGHT)
    for chunk in chunks:
        if chunk.type in _KEPT_BY_PNG:
            yield data[chunk.start - 8 : chunk.end + 4]
        if chunk.type == b"IHDR" and turned != _UPRIGHT:
            yield png_chunk(b"eXIf", _exif(turned))


def _jpeg(data: Data) -> Iterator[bytes]:
    segments = list(jpeg.segments(data, Anatomy("JPEG")))
    if all(segment.marker != jpeg.SOS for segment in segments):
        raise DamagedError("there are no pixels")
    yield data[:2]
    blocks = [data[each.start : each.end] for each in segments if jpeg.kind_of(data, each) == "EXIF"]
    turned = next((orientation(block[len(jpeg.EXIF) :]) for block in blocks), _UPRIGHT)
    kept = [segment for segment in segments if _is_kept(data, segment)]
    first = 1 if kept[:1] and kept[0].marker == jpeg.APP0 else 0  # JFIF stands first (T.871, section 10.1)
    for number, segment in enumerate(kept):
        if number == first and turned != _UPRIGHT:
            yield jpeg_segment(jpeg.APP1, jpeg.EXIF + _exif(turned))
        yield data[segment.at : segment.end]


def _is_kept(data: Data, segment: jpeg.Segment) -> bool:
    """Tables, frames and scans; of the rest what tells how colours and density are meant."""
    if segment.marker == jpeg.COM or segment.marker in _LEFT_OUT_OF_JPEG:
        return False
    start = data[segment.start : segment.start + len(jpeg.ICC)]
    wanted = {jpeg.APP0: _JFIF, jpeg.APP2: jpeg.ICC, jpeg.APP14: _ADOBE}.get(segment.marker, b"")
    return start.startswith(wanted)


_LEFT_OUT_OF_JPEG: Final = frozenset(range(0xE0, 0xFE)) - {jpeg.APP0, jpeg.APP2, jpeg.APP14}


def _webp(data: Data) -> Iterator[bytes]:
    anatomy = Anatomy("WebP")
    webp.walk(data, anatomy)
    chunks = list(webp.chunks(data, 12, min(len(data), anatomy.end or 0), Anatomy("WebP")))
    blocks = [data[chunk.start : chunk.end] for chunk in chunks if chunk.type == b"EXIF"]
    turned = next((orientation(block.removeprefix(jpeg.EXIF)) for block in blocks), _UPRIGHT)
    body = [_webp_chunk(data, chunk, turned) for chunk in chunks if chunk.type in _KEPT_BY_WEBP]
    if turned != _UPRIGHT and any(chunk.type == b"VP8X" for chunk in chunks):
        body.append(riff_chunk(b"EXIF", _exif(turned)))
    yield riff_head(sum(map(len, body)))
    yield from body


def _webp_chunk(data: Data, chunk: webp.Chunk, turned: int) -> bytes:
    held = data[chunk.start : chunk.end]
    if chunk.type == b"VP8X" and held:
        flags = held[0] & ~(_EXIF_FLAG | _XMP_FLAG) | (_EXIF_FLAG if turned != _UPRIGHT else 0)
        held = _FLAGS.pack(flags) + held[1:]
    return riff_chunk(chunk.type, held)


def orientation(exif: bytes) -> int:
    """How an image is to be turned, 1 to 8 (Exif 3.0, 4.6.5.1); 1 where EXIF does not tell, or cannot be read."""
    layout = tiff.layout_of(exif)
    if layout is None:
        return _UPRIGHT
    try:
        entries, _ = tiff.directory(exif, 0, layout.offset(exif, layout.first), layout, Anatomy("EXIF"))
        told = [tiff.value(exif, entry, layout) for entry in entries if entry.tag == tiff.ORIENTATION]
    except DamagedError:
        return _UPRIGHT
    turned = told[0] if told else None
    return turned if turned is not None and _UPRIGHT <= turned <= _MIRRORED_MOST else _UPRIGHT


def _exif(turned: int) -> bytes:
    """EXIF with one field: orientation."""
    return b"MM\0*\0\0\0\x08\0\1" + _ENTRY.pack(tiff.ORIENTATION, 3, 1, turned) + bytes(4)


_ENTRY: Final = Struct(">HHIHxx")
_STRIPS: Final[tuple[tuple[Callable[[bytes], bool], Callable[[Data], Iterator[bytes]]], ...]] = (
    (lambda start: start.startswith(png.SIGNATURE), _png),
    (lambda start: start.startswith(jpeg.SIGNATURE), _jpeg),
    (webp.is_webp, _webp),
)
