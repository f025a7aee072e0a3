"""The ways to write one path: percent-encoded in several ways, and decoded."""

import re
from typing import Final
from urllib.parse import quote, unquote_to_bytes

_PATH_CHARACTERS: Final = "/%:@!$&'()*+,;=~"
"""What stands unencoded in a path (RFC 3986, section 3.3), and the percent sign of what is encoded already."""
_HEX: Final = re.compile(r"%(?:[0-9A-F][a-f]|[a-f][0-9A-Fa-f])")
_OVERLONG: Final = ((b"\xc0\xaf", b"/"), (b"\xc1\x9c", b"\\"), (b"\xc0\xae", b"."))  # CVE-2000-0884, CVE-2008-2938


def spellings(path: str) -> set[str]:
    """The ways to write the path of a route that all servers read alike."""
    plain = path.rstrip("/")
    return {same_hex(plain), quote(plain, safe=_PATH_CHARACTERS), decoded(plain)}


def same_hex(path: str) -> str:
    """The path with its percent-encoding in capitals (RFC 3986, section 6.2.2.1)."""
    return _HEX.sub(lambda triplet: triplet[0].upper(), path) if "%" in path else path


def decoded(path: str) -> str:
    """RFC 3986, section 2.1; double decoding comes from repeating it."""
    if "%" not in path:
        return path
    raw = unquote_to_bytes(path.encode("utf-8", "surrogateescape"))
    for overlong, plain in _OVERLONG:
        raw = raw.replace(overlong, plain)
    return raw.decode("utf-8", "surrogateescape")
