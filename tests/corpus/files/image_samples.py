"""Images as real encoders write them, and what is put into them block by block."""

import io
import struct
import zlib
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import Any

from PIL import Image, ImageCms, PngImagePlugin

XMP = (
    b'<?xpacket begin="\xef\xbb\xbf" id="W5M0MpCehiHzreSzNTczkc9d"?><x:xmpmeta xmlns:x="adobe:ns:meta/" x:xmptk="x">'
    b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"><rdf:Description rdf:about="" '
    b'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title><rdf:Alt><rdf:li xml:lang="x-default">A &lt;b&gt; day at '
    b"5 %% &amp; more</rdf:li></rdf:Alt></dc:title>%b</rdf:Description></rdf:RDF></x:xmpmeta>" + b" " * 200
    + b'<?xpacket end="w"?>'
)  # fmt: skip
HONEST_XMP = XMP % b""


@cache
def picture(mode: str = "RGB", size: tuple[int, int] = (48, 32), seed: int = 1) -> Image.Image:
    """A picture with something in it; the same every time."""
    random = Random(seed)
    noise = Image.frombytes("L", size, bytes(random.choices(range(0, 256, 16), k=size[0] * size[1])))
    if mode == "CMYK":
        return Image.merge("CMYK", (noise,) * 4)
    if mode == "I;16":
        return Image.frombytes("I;16", size, bytes(random.choices(range(256), k=2 * size[0] * size[1])))
    return noise.convert("RGB").convert(mode)


def encoded(kind: str, mode: str = "RGB", size: tuple[int, int] = (48, 32), **options: Any) -> bytes:
    """One picture in one format."""
    buffer = io.BytesIO()
    picture(mode, size).save(buffer, kind, **options)
    return buffer.getvalue()


def animated(kind: str, frames: int = 5, **options: Any) -> bytes:
    """Several pictures in one file."""
    buffer = io.BytesIO()
    rest = [picture("RGB", seed=seed) for seed in range(2, frames + 1)]
    picture("RGB").save(buffer, kind, save_all=True, append_images=rest, **options)
    return buffer.getvalue()


def exif(orientation: int = 6, comment: bytes = b"a day out") -> bytes:
    """As a phone writes it, with GPS and a comment."""
    fields = Image.Exif()
    fields[0x010F], fields[0x0110], fields[0x0112] = "Maker", "Phone 7", orientation
    fields[0x010E] = comment.decode("latin-1")
    fields.get_ifd(0x8825).update({1: "N", 2: (48.0, 51.0, 30.0), 3: "E", 4: (2.0, 17.0, 40.0)})
    fields.get_ifd(0x8769).update({0x9003: "2026:01:02 03:04:05", 0x9286: b"ASCII\0\0\0" + comment})
    return fields.tobytes()


@cache
def profile() -> bytes:
    """A colour profile."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of PNG."""
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def png_with(kind: bytes, data: bytes) -> bytes:
    """A PNG with one more chunk before its pixels."""
    png = encoded("PNG")
    return png[:33] + chunk(kind, data) + png[33:]


def png_with_texts(texts: dict[str, str], *, zipped: bool) -> bytes:
    """Texts as the encoder writes them."""
    info = PngImagePlugin.PngInfo()
    for key, text in texts.items():
        info.add_text(key, text, zip=zipped)
    return encoded("PNG", pnginfo=info)


def png_header(width: int, height: int) -> bytes:
    """A whole PNG that claims a size."""
    pixels = zlib.compress(bytes(100))
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


def segment(marker: int, data: bytes) -> bytes:
    """A segment of JPEG."""
    return struct.pack(">BBH", 0xFF, marker, len(data) + 2) + data


def jpeg_with(marker: int, data: bytes) -> bytes:
    """A JPEG with one more segment behind its first."""
    jpeg = encoded("JPEG")
    return jpeg[:20] + segment(marker, data) + jpeg[20:]


def multi_picture(*extra: bytes) -> bytes:
    """A JPEG and further ones behind it, as CIPA DC-007 announces them: gain maps, previews, second lenses."""
    first = encoded("JPEG")
    size = len(first) + 4 + 4 + 66 + 16 * len(extra)
    at, entries = size - 28, [struct.pack(">IIIHH", 0x030000, size, 0, 0, 0)]
    for image in extra:
        entries.append(struct.pack(">IIIHH", 0, len(image), at, 0, 0))
        at += len(image)
    values = b"".join(entries)
    fields = (
        struct.pack(">HHI4s", 0xB000, 7, 4, b"0100") + struct.pack(">HHII", 0xB001, 4, 1, len(entries))
        + struct.pack(">HHII", 0xB002, 7, len(values), 50)
    )  # fmt: skip
    mpf = b"MPF\0MM\0*\0\0\0\x08\0\3" + fields + bytes(4) + values
    return first[:20] + segment(0xE2, mpf) + first[20:] + b"".join(extra)


def box(kind: bytes, data: bytes) -> bytes:
    """A box of ISO base media."""
    return struct.pack(">I4s", len(data) + 8, kind) + data


def film(data: bytes = bytes(300)) -> bytes:
    """A short film without much in it."""
    return box(b"ftyp", b"mp42\0\0\0\0isommp42") + box(b"mdat", data) + box(b"moov", box(b"mvhd", bytes(100)))


def samsung_trailer(*blocks: tuple[int, bytes, bytes]) -> bytes:
    """What phones of one maker write at the end of a JPEG: blocks, their directory, its length."""
    data, entries = b"", []
    for kind, name, value in blocks:
        block = struct.pack("<HHI", 0, kind, len(name)) + name + value
        entries.append((kind, len(data), len(block)))
        data += block
    directory = b"SEFH" + struct.pack("<II", 107, len(entries)) + b"".join(
        struct.pack("<HHII", 0, kind, len(data) - start, size) for kind, start, size in entries
    )  # fmt: skip
    return data + directory + struct.pack("<I", len(directory)) + b"SEFT"


def gif_with(label: int, blocks: Sequence[bytes]) -> bytes:
    """A GIF with one more extension before its pixels."""
    gif = encoded("GIF")
    at = 13 + (6 << (gif[10] & 7))
    body = b"".join(bytes([len(block)]) + block for block in blocks)
    return gif[:at] + b"!" + bytes([label]) + body + b"\0" + gif[at:]


def gif_xmp(xmp: bytes) -> bytes:
    """XMP as Adobe writes it: bare, with a trailer that readers of sub-blocks fall through."""
    gif = encoded("GIF")
    at = 13 + (6 << (gif[10] & 7))
    trailer = b"\1" + bytes(range(255, -1, -1)) + b"\0"
    return gif[:at] + b"!\xff\x0bXMP DataXMP" + xmp + trailer + gif[at:]


def riff_chunk(kind: bytes, data: bytes) -> bytes:
    """A chunk of WebP."""
    return kind + struct.pack("<I", len(data)) + data + b"\0" * (len(data) % 2)


def webp_with(kind: bytes, data: bytes) -> bytes:
    """A WebP with one more chunk at its end."""
    webp = encoded("WEBP", exif=exif())
    body = webp[8:] + riff_chunk(kind, data)
    return b"RIFF" + struct.pack("<I", len(body)) + body


def icon(*pictures: bytes) -> bytes:
    """An icon of these pictures."""
    at, head, body = 6 + 16 * len(pictures), struct.pack("<HHH", 0, 1, len(pictures)), b""
    for data in pictures:
        head += struct.pack("<BBBBHHII", 0, 0, 0, 0, 1, 32, len(data), at + len(body))
        body += data
    return head + body


def tiff(*fields: tuple[int, int, int, bytes], width: int = 8, height: int = 8) -> bytes:
    """A TIFF of one page, with fields besides those it must have: tag, type, count, bytes."""
    size = [(0x100, 4, 1, struct.pack("<I", width)), (0x101, 4, 1, struct.pack("<I", height))]
    rest = [(0x111, 4, 1, struct.pack("<I", 8)), (0x117, 4, 1, struct.pack("<I", 8))]
    entries = sorted([*size, *rest, *fields])
    at, directory, values = 18 + 12 * len(entries), b"", b""
    for tag, kind, count, data in entries:
        inline = len(data) <= 4
        place = data.ljust(4, b"\0") if inline else struct.pack("<I", at + len(values))
        directory += struct.pack("<HHI", tag, kind, count) + place
        values += b"" if inline else data
    return b"II*\0" + struct.pack("<IH", 8, len(entries)) + directory + bytes(4 + 4) + values


def tiff_pages(*pages: tuple[int, str, int]) -> bytes:
    """A TIFF of square pages, of each the type of its numbers, their layout, and the side."""
    data = b"II*\0" + struct.pack("<I", 8)
    for kind, layout, side in pages:
        value, start = struct.pack(layout, side), len(data)
        place = value if len(value) <= 4 else struct.pack("<I", start + 54)
        fields = (struct.pack("<HHI", tag, kind, 1) + place for tag in (0x100, 0x101))
        rest = (struct.pack("<HHII", tag, 4, 1, 8) for tag in (0x111, 0x117))
        data += b"\4\0" + b"".join((*fields, *rest)) + struct.pack("<I", start + 62) + value.ljust(8, b"\0")
    return data[:-12] + bytes(4) + data[-8:]


def hevc_like(brand: bytes, width: int, height: int, *, more: bytes = b"") -> bytes:
    """An image in boxes that claims a size."""
    extent = box(b"ispe", struct.pack(">III", 0, width, height))
    meta = box(b"meta", bytes(4) + box(b"hdlr", bytes(8) + b"pict" + bytes(12)) + box(b"iprp", box(b"ipco", extent)))
    return box(b"ftyp", brand + bytes(4) + b"mif1" + brand) + meta + more + box(b"mdat", bytes(64))


def jpeg_xl(*boxes: bytes) -> bytes:
    """A JPEG XL of eight pixels a side in boxes, with more of these before the pixels."""
    start = box(b"JXL ", b"\r\n\x87\n") + box(b"ftyp", b"jxl \0\0\0\0jxl ")
    return start + b"".join(boxes) + box(b"jxlc", b"\xff\x0a\x41" + bytes(20))


def psd(number: int, data: bytes) -> bytes:
    """A Photoshop image with one resource behind another."""
    blocks = b"".join(
        b"8BIM" + struct.pack(">H", each) + name + struct.pack(">I", len(value)) + value + b"\0" * (len(value) % 2)
        for each, name, value in ((0x03ED, b"\3abc", bytes(15)), (number, b"\0\0", data))
    )
    head = b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHHI", 3, 1, 1, 8, 3, 0)
    return head + struct.pack(">I", len(blocks)) + blocks + bytes(9)


def tiff_settings(tag: int, text: bytes) -> bytes:
    """A TIFF with a directory of EXIF that holds one text."""
    page = tiff((0x8769, 4, 1, bytes(4)))
    field = struct.pack("<HHHII", 1, tag, 7, len(text), len(page) + 18) + bytes(4)
    return (
        page.replace(struct.pack("<HHII", 0x8769, 4, 1, 0), struct.pack("<HHII", 0x8769, 4, 1, len(page)))
        + field
        + text
    )
