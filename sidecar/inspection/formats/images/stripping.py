"""Images without their metadata, byte for byte the same pixels: what is kept of JPEG, PNG, GIF and WebP.

What changes how pixels look stays: colour profiles, the orientation, gamma, density, timing. EXIF (GPS and thumbnails
with it), XMP, IPTC, comments, text, and whatever stands behind the end are left out; of EXIF a new one with the
orientation alone is written where it says more than "upright". Only for images whose structure is whole: a damaged one
raises DamagedError, and is better refused.
"""

from collections.abc import Callable, Iterator
from struct import Struct
from typing import Final

from sidecar.inspection.formats.anatomy import Anatomy, DamagedError, Data, Span
from sidecar.inspection.formats.images import gif, jpeg, png, tiff, webp
from sidecar.inspection.formats.images.chunk_writing import (
    jpeg_segment,
    png_chunk,
    riff_chunk,
    riff_chunk_head,
    riff_head,
)
from sidecar.inspection.rewrite import Kept, Rewrite, joined

_KEPT_BY_PNG: Final = frozenset({
    b"IHDR", b"PLTE", b"IDAT", b"IEND", b"tRNS", b"gAMA", b"cHRM", b"sRGB", b"iCCP", b"sBIT", b"bKGD", b"pHYs", b"hIST",
    b"sPLT", b"acTL", b"fcTL", b"fdAT", b"cICP", b"mDCV", b"cLLI", b"mDCv", b"cLLi",
})  # fmt: skip
_KEPT_BY_WEBP: Final = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_KEPT_BY_A_FRAME: Final = frozenset({b"ALPH", b"VP8 ", b"VP8L"})
_FRAME_HEAD: Final = 16
"""Bytes of an ANMF before its own chunks (RFC 9649, section 2.7.1.1)."""
_KEPT_BY_GIF: Final = frozenset({b"\x0bNETSCAPE2.0", b"\x0bANIMEXTS1.0", b"\x0bICCRGBG1012"})
_GRAPHIC_CONTROL: Final = 0xF9
_JFIF: Final = b"JFIF\0"
_ADOBE: Final = b"Adobe"
_HEADERS: Final = {jpeg.APP0: (12, b"\0\0"), jpeg.APP14: (12, b"")}
"""Bytes of JFIF before its thumbnail, and those of none (T.871, section 10.1); those of Adobe (T.872, 6.5.3)."""
_FLAGS: Final = Struct("<B")
_EXIF_FLAG, _XMP_FLAG = 0x08, 0x04
_UPRIGHT: Final = 1
_MIRRORED_MOST: Final = 8


def stripped(data: Data) -> Rewrite | None:
    """What is kept of an image; None for a format of which nothing is stripped.

    Raises:
        DamagedError: its structure is not whole.
    """
    strip = _strip_of(data[:16])
    return None if strip is None else joined(strip(data))


def recognises(start: bytes) -> bool:
    """Whether a file begins like an image that can be stripped."""
    return _strip_of(start) is not None


def _strip_of(start: bytes) -> "Strip | None":
    return next((strip for known, strip in _STRIPS if known(start)), None)


def _png(data: Data) -> Iterator[Kept]:
    chunks = list(png.chunks(data, Anatomy("PNG")))
    if not chunks or chunks[0].type != b"IHDR" or all(chunk.type != b"IDAT" for chunk in chunks):
        raise DamagedError("there are no pixels")
    turned = next((orientation(data[chunk.start : chunk.end]) for chunk in chunks if chunk.type == b"eXIf"), _UPRIGHT)
    yield 0, len(png.SIGNATURE)
    for chunk in chunks:
        if chunk.type in _KEPT_BY_PNG:
            yield chunk.start - 8, chunk.end + 4
        if chunk.type == b"IHDR" and turned != _UPRIGHT:
            yield png_chunk(b"eXIf", _exif(turned))


def _jpeg(data: Data) -> Iterator[Kept]:
    segments = list(jpeg.segments(data, Anatomy("JPEG")))
    if all(segment.marker != jpeg.SOS for segment in segments):
        raise DamagedError("there are no pixels")
    blocks = [data[each.start : each.end] for each in segments if jpeg.kind_of(data, each) == "EXIF"]
    turned = next((orientation(block[len(jpeg.EXIF) :]) for block in blocks), _UPRIGHT)
    kept = [segment for segment in segments if _is_kept(data, segment)]
    first = 1 if kept[:1] and kept[0].marker == jpeg.APP0 else 0  # JFIF stands first (T.871, section 10.1)
    yield 0, 2
    for number, segment in enumerate(kept):
        if number == first and turned != _UPRIGHT:
            yield jpeg_segment(jpeg.APP1, jpeg.EXIF + _exif(turned))
        yield _jpeg_segment(data, segment)


def _jpeg_segment(data: Data, segment: jpeg.Segment) -> Kept:
    """A segment; one of JFIF without its thumbnail, which may show what was cut away."""
    size, rest = _HEADERS.get(segment.marker, (len(data), b""))
    if segment.end - segment.start <= size + len(rest):
        return segment.at, segment.end
    return jpeg_segment(segment.marker, data[segment.start : segment.start + size] + rest)


def _is_kept(data: Data, segment: jpeg.Segment) -> bool:
    """Tables, frames and scans; of the rest what tells how colours and density are meant."""
    if segment.marker == jpeg.COM or segment.marker in _LEFT_OUT_OF_JPEG:
        return False
    start = data[segment.start : segment.start + len(jpeg.ICC)]
    wanted = {jpeg.APP0: _JFIF, jpeg.APP2: jpeg.ICC, jpeg.APP14: _ADOBE}.get(segment.marker, b"")
    return start.startswith(wanted)


_LEFT_OUT_OF_JPEG: Final = frozenset(range(0xE0, 0xFE)) - {jpeg.APP0, jpeg.APP2, jpeg.APP14}


def _webp(data: Data) -> Iterator[Kept]:
    anatomy = Anatomy("WebP")
    webp.walk(data, anatomy)
    chunks = list(webp.chunks(data, 12, min(len(data), anatomy.end or 0), Anatomy("WebP")))
    blocks = [data[chunk.start : chunk.end] for chunk in chunks if chunk.type == b"EXIF"]
    turned = next((orientation(block.removeprefix(jpeg.EXIF)) for block in blocks), _UPRIGHT)
    body = [piece for chunk in chunks if chunk.type in _KEPT_BY_WEBP for piece in _webp_chunk(data, chunk, turned)]
    if turned != _UPRIGHT and any(chunk.type == b"VP8X" for chunk in chunks):
        body.append(riff_chunk(b"EXIF", _exif(turned)))
    yield riff_head(Rewrite(tuple(body)).size)
    yield from body


def _webp_chunk(data: Data, chunk: webp.Chunk, turned: int) -> Iterator[Kept]:
    if chunk.type == b"VP8X" and chunk.start < chunk.end:
        flags = data[chunk.start] & ~(_EXIF_FLAG | _XMP_FLAG) | (_EXIF_FLAG if turned != _UPRIGHT else 0)
        yield riff_chunk(chunk.type, _FLAGS.pack(flags) + data[chunk.start + 1 : chunk.end])
    elif chunk.type == b"ANMF":
        yield from _frame(data, chunk)
    else:
        yield from _whole(data, chunk)


def _frame(data: Data, chunk: webp.Chunk) -> Iterator[Kept]:
    """A frame without chunks of unknown kinds, which readers are to ignore."""
    start = chunk.start + _FRAME_HEAD
    own = list(webp.chunks(data, start, chunk.end, Anatomy("WebP")))
    if all(each.type in _KEPT_BY_A_FRAME for each in own):
        yield from _whole(data, chunk)
        return
    body = [piece for each in own if each.type in _KEPT_BY_A_FRAME for piece in _whole(data, each)]
    yield riff_chunk_head(b"ANMF", _FRAME_HEAD + Rewrite(tuple(body)).size)
    yield chunk.start, start
    yield from body


def _whole(data: Data, chunk: webp.Chunk) -> Iterator[Kept]:
    """A chunk as it is, with the byte that makes its length even, which some encoders forget."""
    odd = (chunk.end - chunk.start) % 2
    padded = data[chunk.end : chunk.end + odd] == b"\0" * odd
    yield chunk.start - 8, chunk.end + (odd if padded else 0)
    yield b"" if padded else b"\0" * odd


def _gif(data: Data) -> Iterator[Kept]:
    """Without comments and what applications wrote; what is drawn as text cannot be told from them."""
    anatomy = Anatomy("GIF")
    gif.walk(data, anatomy)
    if anatomy.overfull or any(span.kind == "text" for span in anatomy.spans):
        raise DamagedError("it has too many blocks, or text")
    at = 0
    for span in anatomy.spans:
        if span.kind != "palette" and data[span.start - 1] != _GRAPHIC_CONTROL and not _loops(data, span):
            yield at, span.start - 2
            at = span.end
    yield at, anatomy.end or at


def _loops(data: Data, span: Span) -> bool:
    return span.kind == "application" and data[span.start : span.start + 12] in _KEPT_BY_GIF


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
Strip = Callable[[Data], Iterator[Kept]]
_STRIPS: Final[tuple[tuple[Callable[[bytes], bool], Strip], ...]] = (
    (lambda start: start.startswith(png.SIGNATURE), _png),
    (lambda start: start.startswith(jpeg.SIGNATURE), _jpeg),
    (webp.is_webp, _webp),
    (lambda start: start.startswith(gif.SIGNATURES), _gif),
)
