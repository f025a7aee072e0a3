"""Base64 and data URIs read strictly, piece by piece (RFC 4648, RFC 2397)."""

import binascii
import re
from typing import Final
from urllib.parse import unquote_to_bytes

from sidecar.multipart.filename import extended_filename
from sidecar.multipart.rules import MalformedError
from sidecar.multipart.shown import shown
from sidecar.proxy.rules import FILE_NAMES_DIFFER, JSON_FILE_UNREADABLE

_SCHEME: Final = "data:"
_LONGEST_HEAD: Final = 1024
_MEDIA_TYPE: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]{1,127}/[!#$%&'*+.^_`|~0-9A-Za-z-]{1,127}")
_LETTERS: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
_BREAKS: Final = b"\r\n"  # RFC 2045, section 6.8: encoders for mail write lines, and every decoder skips their ends
_SIGNS: Final = frozenset(b"+/")
_URL_SAFE_SIGNS: Final = frozenset(b"-_")
_URL_SAFE: Final = bytes.maketrans(b"-_", b"+/")
_QUANTUM: Final = 4
_NAMES: Final = frozenset({"name", "filename", "file"})
_EXTENDED_NAMES: Final = frozenset({"name*", "filename*"})  # RFC 8187


class Base64Text:
    """One file as text; both alphabets are read, but not both in one file.

    Attributes:
        media_type: what a data URI declares, None if nothing.
        filename: the one name that a data URI carries besides, as sent; None if none.
    """

    def __init__(self) -> None:
        self.media_type: bytes | None = None
        self.filename: bytes | None = None
        self._head = ""
        self._in_head = True
        self._carry = b""
        self._signs: set[int] = set()
        self._padded = False

    def feed(self, text: str) -> bytes:
        """What the next characters stand for.

        Raises:
            MalformedError: they are not base64, or a data URI gives several names or one that cannot be read.
        """
        if not self._in_head:
            return self._decoded(text)
        self._head += text
        start = self._head[: len(_SCHEME)].lower()
        if start == _SCHEME:
            return self._after_comma()
        if _SCHEME.startswith(start):
            return b""
        self._in_head = False
        return self._decoded(self._head)

    def close(self) -> bytes:
        """What the last characters stand for; padding may be left out (RFC 4648, section 3.2)."""
        if self._in_head and self._head.lower().startswith(_SCHEME):
            raise MalformedError(JSON_FILE_UNREADABLE, "a data URI without data")
        decoded = self._decoded(self._head) if self._in_head else b""
        if not self._carry:
            return decoded
        if len(self._carry) == 1 or b"=" in self._carry:
            raise MalformedError(JSON_FILE_UNREADABLE, "the base64 is cut")
        return decoded + self._bytes_of(self._carry + b"=" * (_QUANTUM - len(self._carry)))

    def _after_comma(self) -> bytes:
        head, comma, data = self._head.partition(",")
        if not comma:
            if len(head) > _LONGEST_HEAD:
                raise MalformedError(JSON_FILE_UNREADABLE, "a data URI with too long a head")
            return b""
        self._in_head = False
        self._read_head(head[len(_SCHEME) :])
        return self._decoded(data)

    def _read_head(self, head: str) -> None:
        media_type, *parameters = head.split(";")
        if not parameters or parameters.pop().strip().lower() != "base64":
            raise MalformedError(JSON_FILE_UNREADABLE, "a data URI without ;base64")
        if media_type and not _MEDIA_TYPE.fullmatch(media_type):
            raise MalformedError(JSON_FILE_UNREADABLE, f"media type {shown(media_type.encode(errors='replace'))}")
        self.media_type = media_type.encode() or None
        names = {name for parameter in parameters if (name := _name_in(parameter))}
        if len(names) > 1:
            raise MalformedError(FILE_NAMES_DIFFER, " and ".join(sorted(map(shown, names))[:3]))
        self.filename = next(iter(names), None)

    def _decoded(self, text: str) -> bytes:
        data = self._carry + text.encode("ascii", "replace").translate(None, _BREAKS)
        whole = len(data) - len(data) % _QUANTUM
        self._carry = data[whole:]
        return self._bytes_of(data[:whole])

    def _bytes_of(self, data: bytes) -> bytes:
        if not data:
            return b""
        self._signs |= set(data.translate(None, _LETTERS + b"="))
        if self._padded or not (self._signs <= _SIGNS or self._signs <= _URL_SAFE_SIGNS):
            raise MalformedError(JSON_FILE_UNREADABLE, "characters that are not base64")
        self._padded = b"=" in data
        try:
            return binascii.a2b_base64(data.translate(_URL_SAFE), strict_mode=True)
        except binascii.Error as error:
            raise MalformedError(JSON_FILE_UNREADABLE, "base64 that is cut or goes on after its end") from error


def _name_in(parameter: str) -> bytes | None:
    """The name of a file that a parameter gives; None where it is empty or says something else."""
    if parameter.count('"') % 2:
        raise MalformedError(JSON_FILE_UNREADABLE, "a semicolon between quotes in a data URI")
    key, _, text = parameter.partition("=")
    key, value = key.strip().lower(), text.strip().encode("utf-8", "surrogatepass")
    if key in _EXTENDED_NAMES and value:
        return extended_filename(value, None, set())
    return unquote_to_bytes(value.strip(b'"')) or None if key in _NAMES else None
