"""The views of a name: every way in which some service could read it."""

import re
from collections.abc import Iterable
from html import unescape
from typing import Final
from unicodedata import normalize
from urllib.parse import unquote_to_bytes

MAX_BYTES: Final = 1024
"""Bytes of a name that are looked at: four times what file systems keep, so that percent escapes fit in."""
_ROUNDS: Final = 3  # percent escapes twice, and one of the others

_AS_IT_IS: Final = re.compile(rb"[^%%&\x80-\xff]{0,%d}" % MAX_BYTES)
# A name that urllib's `quote` (aiohttp) or `encodeURIComponent` wrote: neither escapes letters and digits.
_ESCAPED: Final = re.compile(rb"(?:[A-Za-z0-9._~!'()*-]|%(?!3[0-9]|[46][1-9A-Fa-f]|[57][0-9Aa])[0-9A-Fa-f]{2})*")
_U_ESCAPE: Final = re.compile(r"%u([0-9a-fA-F]{4})")  # IIS and ASP read %u002e as a dot
# multiparty takes `&#65582;`, of five digits and more than U+FFFF, for a dot: String.fromCharCode counts modulo 65536.
_WRAPPING: Final = re.compile(r"&#(6553[6-9]|655[4-9][0-9]|65[6-9][0-9]{2}|6[6-9][0-9]{3}|[7-9][0-9]{4});")
_SEPARATORS: Final = re.compile(r"[/\\]")
# What cleaners of names take out: werkzeug's secure_filename, Django's get_valid_filename, and home-made ones.
_UNUSUAL: Final = re.compile(r"[^A-Za-z0-9._/\\-]+")
# What iconv //TRANSLIT (glibc) and Unidecode write for letters and dots that no compatibility form has.
_TRANSLITERATED: Final = str.maketrans(
    {"ħ": "h", "Ħ": "H", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ð": "d", "Ð": "D", "ø": "o", "Ø": "O", "ŧ": "t",
     "Ŧ": "T", "\u0131": "i", "ß": "ss", "ẞ": "SS", "þ": "th", "Þ": "Th", "æ": "ae", "Æ": "AE", "œ": "oe", "Œ": "OE",
     "ŋ": "ng", "Ŋ": "NG", "\u00b7": ".", "\u2027": ".", "\u3002": "."}
)  # fmt: skip
# What they, and Shift_JIS and EUC-KR, write as slashes: division, fraction, set minus, big solidus, yen, won.
_SLASH_LIKE: Final = re.compile("[/\\\\\u2044\u2215\u2216\u29f5\u29f8\u00a5\u20a9]")
_DRIVE: Final = re.compile(r"\A[A-Za-z]:(?=.)")
# UTF-8 in more bytes than needed (RFC 3629, section 3): lenient decoders read C0 AE as a dot (CVE-2000-0884).
_OVERLONG: Final = re.compile(
    rb"[\xc0\xc1][\x80-\xbf]|\xe0[\x80-\x9f][\x80-\xbf]|\xf0[\x80-\x8f][\x80-\xbf]{2}|\xf8[\x80-\x87][\x80-\xbf]{3}"
)


def text_of(raw: bytes) -> str:
    """A name as text: overlong sequences as what they stand for, other invalid bytes as U+FFFD."""
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return _OVERLONG.sub(_shortest, raw).decode(errors="replace")


def _shortest(sequence: re.Match[bytes]) -> bytes:
    first, *rest = sequence[0]
    point = first & (0x3F >> len(rest))
    for byte in rest:
        point = point << 6 | byte & 0x3F
    return chr(point).encode(errors="replace")


def beside_another(name: bytes) -> bool:
    """Whether macOS would name so what it keeps of another file, whose name follows (AppleDouble)."""
    return name.startswith(b"._")


def length_of(name: bytes) -> int:
    """Bytes of a name; of what it stands for where a client has escaped all of it, which makes it thrice as long."""
    return len(unquote_to_bytes(name) if b"%" in name and _ESCAPED.fullmatch(name) else name)


def views(raw: bytes) -> tuple[str, ...]:
    """A name as sent, then as services may decode it: percent escapes, HTML escapes, compatibility forms (NFKC).

    Combinations are followed three deep, so there are at most 40. Of names over MAX_BYTES both ends are looked at.
    """
    if _AS_IT_IS.fullmatch(raw):
        return (raw.decode(),)
    if len(raw) > MAX_BYTES:
        raw = raw[: MAX_BYTES // 2] + raw[-MAX_BYTES // 2 :]
    newest = [text_of(raw)]
    found = dict.fromkeys(newest)
    for _ in range(_ROUNDS):
        newest = list(dict.fromkeys(view for text in newest for view in _decoded(text) if view not in found))
        found |= dict.fromkeys(newest)
    return tuple(found)


def _decoded(text: str) -> list[str]:
    """What one step of decoding makes of a text; nothing for plain ASCII without escapes."""
    decoded = []
    if "%" in text:
        plain = _U_ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
        decoded.append(text_of(unquote_to_bytes(plain.encode(errors="replace"))))
    if "&" in text:
        decoded.append(unescape(_WRAPPING.sub(lambda escape: chr(int(escape[1]) & 0xFFFF), text)))
    if not text.isascii():
        decoded.append(folded(text))
    return decoded


def folded(text: str) -> str:
    """The compatibility form: full-width, circled and one-dot-leader characters become ASCII."""
    return normalize("NFKC", text)


def ascii_only(text: str) -> str:
    """What is left where all but ASCII is dropped, as many services do: accents and invisible characters go."""
    return normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")


def remnants(view: str) -> Iterable[str]:
    """What is left of a view where services delete characters; nothing for a plain one.

    All but letters, digits and `._-` of ASCII goes, with accents taken off before or not; or what cannot be printed
    (Django's parser); or all but ASCII, with letters written in other letters before or not. Slashes stay, so that a
    path keeps its segments.
    """
    if _UNUSUAL.search(view) is None:
        return ()
    left = [_UNUSUAL.sub("", view)]
    if not view.isascii():
        for plain in {ascii_only(view): None, ascii_only(view.translate(_TRANSLITERATED)): None}:
            left += [plain, _UNUSUAL.sub("", plain)]
    if not view.isprintable():
        left.append("".join(filter(str.isprintable, view)))
    return dict.fromkeys(left)


def in_small(view: str) -> str:
    """In small letters as services compare names.

    U+0131 becomes I in capitals, which in small letters is i: a comparison in capitals takes `.cg\u0131` for `.cgi`.
    """
    return view.casefold().replace("\u0131", "i")


def segments(view: str) -> list[str]:
    """The parts of a path, by slashes of both kinds."""
    return _SEPARATORS.split(view)


def segments_at_most(view: str) -> list[str]:
    """The parts of a path where all that services write as a slash is one; `AC\u2215DC.txt` is an honest name."""
    return _SLASH_LIKE.split(view)


def base_of(view: str) -> str:
    """The last segment that is not empty (`a.php/` is not no name), without the drive of `C:web.config`."""
    if _SEPARATORS.search(view) is not None:
        view = next((segment for segment in reversed(segments(view)) if segment), "")
    return _DRIVE.sub("", view)


def separators_in(view: str) -> int:
    """How many characters of a view part paths."""
    return view.count("/") + view.count("\\")
