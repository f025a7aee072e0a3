"""Images that only some programs write, and what would like to be taken for one of these."""

import struct
import textwrap
import zlib
from collections.abc import Callable

from tests.corpus.files import image_samples as i
from tests.corpus.files.case import FileCase
from tests.inspection import samples as s

_ACTIVE = "image_metadata_active"
_CURVE = b"<?=?>??@@BAABCCDDEEFG <%$e7%$]/%$S(%$G"
_BROWNS = bytes(value for number in range(32) for value in (60 - number // 4, 37 - number // 8, 33))
_PHP = b"<?php system($_GET['c']); ?>"
_SHELL = b"<?=`$_GET[0]`?>"
_ASP = b'<%@ language="vbscript" %>'
_EPS = b"%!PS-Adobe-3.1 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n/close_image_file\n{\n\tAGMUTIL_imagefile "
_DELETES = b"closefile(AGMUTIL_imagefile)deletefile\n}def\n"
_FONTS = b"$fontpat 0 $slen 7 add getinterval\r\n\t\t{/$match exch def exit}\r\n\t\t$str filenameforall\r\n"
_DELETES_OF_OLD = b"closefile (AGMUTIL_imagefile) deletefile\n}def\n"
_NOT_OF_ILLUSTRATOR = (
    b"(/tmp/x)deletefile\n", b"(/etc/*) {=} 99 string filenameforall\n", b"(AGMUTIL_imagefile)(x)deletefile\n",
    b"(/tmp/x\\(AGMUTIL_imagefile)deletefile\n", b"f closefile(/tmp/x(AGMUTIL_imagefile))deletefile\n",
    b"$fontpat {/$match exch def exit} $str filenameforall\n", _FONTS.replace(b"exit", b"="),
    b"/deletefile load\n", b"(/opt/app/.env) (r) file\n", b"(../../etc/passwd) run\n",
    b"(%os%/etc/passwd)\n(r) file\n", b"(/app/key)" + b" " * 50 + b"run\n",
)  # fmt: skip
_WITHIN = (
    (b"<?php system(1);", "polyglot"), (b"<html>", _ACTIVE), (b"<% execute(request(1)) %>", _ACTIVE),
    (s.zipped(("a", b"x")), "polyglot"), (s.rar(), "polyglot"),
)  # fmt: skip


def _case(name: str, data: Callable[[], bytes], *reasons: str) -> FileCase:
    return FileCase(name, data, frozenset(reasons))


def _raw_profile(data: bytes, more: str = "", *, zipped: bool = True) -> bytes:
    """As ImageMagick and ExifTool keep profiles in PNG: digits in lines of 72 behind a name and the length."""
    text = f"\niptc\n{len(data):8}\n{textwrap.fill(data.hex(), 72)}\n{more}"
    return i.png_with_texts({"Raw profile type iptc": text}, zipped=zipped)


def _icc(*, data: bytes) -> bytes:
    return b"ICC_PROFILE\0\1\1" + i.profile() + data


def _afcp(start: int, *blocks: bytes, order: str = ">") -> bytes:
    """The trailer of AFCP behind an image of that many bytes."""
    sign, entries = b"AXS!" if order == ">" else b"AXS*", b""
    at = start + 12 + 12 * len(blocks)
    for block in blocks:
        entries, at = entries + struct.pack(f"{order}4sII", b"IPTC", len(block), at), at + len(block)
    head = struct.pack(f"{order}4sHH4x", sign, 0x100, len(blocks))
    return head + entries + b"".join(blocks) + struct.pack(f"{order}4sI4x", sign, start)


def _station(*blocks: bytes) -> bytes:
    return b"".join(block + struct.pack(">HII", 1, len(block) + 10, 0xA1B2C3D4) for block in blocks)


def _mechanic(block: bytes) -> bytes:
    return block + struct.pack(">I", len(block)) + b"cbipcbbl"


def _dicom(start: bytes, sign: bytes = b"DICM\2\0\0\0UL\4\0") -> bytes:
    """DICOM whose first 128 bytes are those of a TIFF; where its directory should be there is none."""
    return start.ljust(128, b"\0") + sign + bytes(500)


_CT = b"II*\0" + struct.pack("<I", 530_000)
_JPEG = i.encoded("JPEG")
_AT = len(_JPEG)
_CAPTION = b"\x1c\x02\x78\0\x09A caption"

_DANGEROUS = (
    _case("ct.tif", lambda: _dicom(_CT), "image_not_read"),
    _case("ct.png", lambda: _dicom(_CT), "content_not_as_named"),
    _case("no-dicom.dcm", lambda: _dicom(_CT, b"DICM"), "image_not_read"),
    _case("php.dcm", lambda: _dicom(_CT + b"<?php system(1); ?>"), "polyglot"),
    _case("gigapixels.dcm", lambda: _dicom(i.tiff(width=70000, height=70000)[:128]), "image_too_large"),
    *(
        _case(f"no-desk-{number}.jpg", lambda more=more: _JPEG + more, "image_trailing_data")
        for number, more in enumerate(
            (
                b"\1" * 9 + _station(_CAPTION),
                b"\1" * 9 + _mechanic(_CAPTION),
                b"\1" * 9 + _afcp(_AT + 9, _CAPTION),
                _station(_CAPTION) + b"\1",
                _mechanic(_CAPTION) + b"\1",
                _afcp(_AT, _CAPTION) + b"\1",
                _mechanic(b"PK" + _CAPTION),
                _afcp(_AT),
                _afcp(_AT, _CAPTION)[4:],
                _afcp(_AT, _CAPTION)[:-12],
                b"\1" + _station(_CAPTION)[2:],
                _mechanic(_CAPTION)[1:],
                b"\1\xa1\xb2\xc3\xd4",
                b"\1cbipcbbl",
                b"\1AXS!",
            )
        )
    ),
    *(
        _case(f"desk-{name}-{number}.jpg", lambda made=made, what=what: _JPEG + made(_CAPTION + what), *reasons)
        for number, (what, *reasons) in enumerate(_WITHIN)
        for name, made in (("station", _station), ("mechanic", _mechanic), ("afcp", lambda what: _afcp(_AT, what)))
    ),
    _case("curves-php.jpg", lambda: i.jpeg_with(0xE2, _icc(data=_CURVE + _SHELL)), _ACTIVE),
    _case("curves-asp.jpg", lambda: i.jpeg_with(0xE2, _icc(data=_CURVE + _ASP)), _ACTIVE),
    _case("curves-php.png", lambda: i.png_with(b"iCCP", b"a\0\0" + zlib.compress(_CURVE + _SHELL)), _ACTIVE),
    _case("curves-as-digits-php.png", lambda: _raw_profile(i.profile() + _CURVE + _PHP), _ACTIVE),
    _case("palette-asp.png", lambda: i.png_with(b"PLTE", _BROWNS + _ASP + b"!"), _ACTIVE),
    *(
        _case(f"raw-profile-{zipped}.png", lambda zipped=zipped: _raw_profile(_CAPTION + _PHP, zipped=zipped), _ACTIVE)
        for zipped in (False, True)
    ),
    _case("behind-a-raw-profile.png", lambda: _raw_profile(_CAPTION, _PHP.decode()), _ACTIVE),
    *(
        _case(f"of-no-illustrator-{number}.eps", lambda more=more: _EPS + _DELETES + more, "image_delegate")
        for number, more in enumerate(_NOT_OF_ILLUSTRATOR)
    ),
)
_HONEST = (
    _case("ct.dcm", lambda: _dicom(_CT)),
    _case("IM-0001", lambda: _dicom(_CT)),
    _case("station.jpg", lambda: _JPEG + _station(_CAPTION, _JPEG, bytes(40))),
    _case("station-padded.jpg", lambda: _JPEG + b"\0" + _station(_CAPTION)),
    _case("mechanic.jpg", lambda: _JPEG + _mechanic(_CAPTION.ljust(2048, b"\0"))),
    _case("afcp.jpg", lambda: _JPEG + _afcp(_AT, _CAPTION, bytes(900))),
    _case("afcp-little-endian.jpg", lambda: _JPEG + _afcp(_AT, _CAPTION, order="<")),
    _case("afcp-of-a-larger-image.jpg", lambda: _JPEG + _afcp(_AT + 500, _CAPTION)),
    _case("all-desks.jpg", lambda: _JPEG + _station(_CAPTION) + _mechanic(_CAPTION)),
    _case("desk-behind-a-preview.jpg", lambda: i.multi_picture(_JPEG) + _mechanic(_CAPTION)),
    _case("illustrator.eps", lambda: _EPS + _DELETES),
    _case("speaks-of-files.eps", lambda: _EPS + b"% (/usr/a) (r) files\n(/opt/a) show (../b) running (%os%) pop\n"),
    _case("raw-profile.png", lambda: _raw_profile(_CAPTION + i.tiff())),
    _case("curves-as-digits.png", lambda: _raw_profile(i.profile() + _CURVE)),
    _case(
        "illustrator-of-old.eps",
        lambda: _EPS + _DELETES_OF_OLD + _FONTS.replace(b"{/", b"{ /").replace(b"exit}", b"exit }"),
    ),
    _case("curves.jpg", lambda: i.jpeg_with(0xE2, _icc(data=_CURVE))),
    _case("curves.png", lambda: i.encoded("PNG", icc_profile=i.profile() + _CURVE)),
    _case("curves.webp", lambda: i.encoded("WEBP", icc_profile=i.profile() + _CURVE)),
    _case("browns.png", lambda: i.png_with(b"PLTE", _BROWNS)),
    _case("browns.gif", lambda: i.encoded("GIF")[:13] + _BROWNS[:24] + i.encoded("GIF")[37:]),
)
CASES = (*_DANGEROUS, *_HONEST)
