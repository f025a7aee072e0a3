"""Every path that some service could take a raw path for."""

import re
from collections.abc import Callable
from typing import Final

from sidecar.policy.values.spellings import decoded, same_hex

_MOST_READINGS: Final = 64
_MOST_CHARACTERS: Final = 16 * 1024
"""Readings beyond these bounds are not made: what takes more is nothing that an honest client sends."""
_READ_DIFFERENTLY: Final = re.compile(r"[%\\;\x00\t\n\r]|//|/\.|[. ](?:/|\Z)")
_PARAMETERS: Final = re.compile(r";[^/]*")
_AUTHORITY: Final = re.compile(r"\A//+[^/]*")
_SLASHES: Final = re.compile(r"//+")
_TRAILING: Final = re.compile(r"(?<=[^/. ])[. ]+(?=/|\Z)")
_UNENCODABLE: Final = re.compile("[\ud800-\udc7f\udd00-\udfff]")
"""Surrogates that stand for no byte: no server makes them of a target."""
_BREAKS: Final = str.maketrans("", "", "\t\n\r")
_CUTS: Final = re.compile(r"[?#\x00]")


def text_of(path: bytes | str) -> str:
    """A raw target as text that can become the same bytes again, without query and fragment."""
    text = path if isinstance(path, str) else path.decode("utf-8", "surrogateescape")
    if not text.isascii():
        text = _UNENCODABLE.sub("?", text)
    return text.partition("?")[0].partition("#")[0]


def _slashed(path: str) -> str:
    """IIS and .NET take a backslash for a slash; WHATWG URL, section 4.4, does too."""
    return path.replace("\\", "/")


def _without_parameters(path: str) -> str:
    """Servlet containers drop `;name=value` from every segment, which turns `..;` into `..`."""
    return _PARAMETERS.sub("", path)


def _without_authority(path: str) -> str:
    """URL parsers take `//x/up` for `/up` at the host x (RFC 3986, section 4.2); those of WHATWG skip more slashes."""
    return _AUTHORITY.sub("", path) or "/"


def _merged(path: str) -> str:
    """As nginx does with `merge_slashes`."""
    return _SLASHES.sub("/", path)


def _resolved(path: str) -> str:
    """Without dot segments (RFC 3986, section 5.2.4)."""
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            del kept[-1:]
        elif segment != ".":
            kept.append(segment)
    closed = segments[-1:] in ([".."], ["."])
    return "/" + "/".join(kept) + ("/" if closed and kept else "")


def _trimmed(path: str) -> str:
    """Windows ignores dots and spaces at the end of a name."""
    return _TRAILING.sub("", path)


def _unbroken(path: str) -> str:
    """URL parsers drop tabs and newlines (WHATWG URL, section 4.4), and `$` matches before one at the end."""
    return path.translate(_BREAKS)


def _cut(path: str) -> str:
    """What was encoded once may begin a query after decoding, or end a string in C."""
    return _CUTS.split(path, maxsplit=1)[0]


_STEPS: Final[tuple[Callable[[str], str], ...]] = (
    decoded, _slashed, _without_parameters, _without_authority, _merged, _resolved, _trimmed, _unbroken, _cut
)  # fmt: skip


def readings(path: str) -> tuple[str, ...] | None:
    """The path, and all that any sequence of the steps above makes of it; None where they are too many.

    Servers differ in which steps they take and in what order (CVE-2021-41773, CVE-2020-17523), so each order counts.
    """
    if not _READ_DIFFERENTLY.search(path):
        return (path,)
    start = same_hex(path)
    found = {start: None}
    queue = [start]
    room = _MOST_CHARACTERS - len(start)
    while queue:
        reading = queue.pop()
        for step in _STEPS:
            other = step(reading)
            if other not in found:
                room -= len(other)
                if room < 0 or len(found) >= _MOST_READINGS:
                    return None
                found[other] = None
                queue.append(other)
    return tuple(found)
