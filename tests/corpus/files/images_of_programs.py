"""Images that only some programs write, and what would like to be taken for one of these."""

import zlib
from collections.abc import Callable

from tests.corpus.files import image_samples as i
from tests.corpus.files.case import FileCase

_ACTIVE = "image_metadata_active"
_CURVE = b"<?=?>??@@BAABCCDDEEFG <%$e7%$]/%$S(%$G"
_BROWNS = bytes(value for number in range(32) for value in (60 - number // 4, 37 - number // 8, 33))
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
    b"/deletefile load\n",
)  # fmt: skip


def _case(name: str, data: Callable[[], bytes], *reasons: str) -> FileCase:
    return FileCase(name, data, frozenset(reasons))


def _icc(*, data: bytes) -> bytes:
    return b"ICC_PROFILE\0\1\1" + i.profile() + data


_DANGEROUS = (
    _case("curves-php.jpg", lambda: i.jpeg_with(0xE2, _icc(data=_CURVE + _SHELL)), _ACTIVE),
    _case("curves-asp.jpg", lambda: i.jpeg_with(0xE2, _icc(data=_CURVE + _ASP)), _ACTIVE),
    _case("curves-php.png", lambda: i.png_with(b"iCCP", b"a\0\0" + zlib.compress(_CURVE + _SHELL)), _ACTIVE),
    _case("palette-asp.png", lambda: i.png_with(b"PLTE", _BROWNS + _ASP + b"!"), _ACTIVE),
    *(
        _case(f"of-no-illustrator-{number}.eps", lambda more=more: _EPS + _DELETES + more, "image_delegate")
        for number, more in enumerate(_NOT_OF_ILLUSTRATOR)
    ),
)
_HONEST = (
    _case("illustrator.eps", lambda: _EPS + _DELETES),
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
