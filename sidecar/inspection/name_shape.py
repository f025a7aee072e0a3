"""The shape of a file name: what a policy can be judged by, without the words that people put into names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from sidecar.inspection.names import beside_another, in_small, length_of, remnants, segments, views
from sidecar.inspection.types.kinds import KINDS
from sidecar.policy.values.suffixes import DEFAULT_DENY_SUFFIXES

MASKED: Final = "*"
"""Stands for what may be a word."""
_BESIDE: Final = "_"
"""Stands for such a word where the name is that of an AppleDouble file: `._photo.jpg`."""
_MOST: Final = 8
_LONGEST: Final = 24
_LAST: Final = re.compile(r"[a-z0-9]{1,10}")
"""What stands at the end of a name is a suffix even where no table has it."""
_CORE: Final = re.compile(r"[^\0:;?#\s\"'`~]+")
_CLASSES: Final = (
    ("lower", re.compile("[a-z]")), ("upper", re.compile("[A-Z]")), ("digit", re.compile("[0-9]")),
    ("space", re.compile(r"\s")), ("slash", re.compile(r"[/\\]")), ("escape", re.compile(r"%[0-9A-Fa-f]{2}|&[#\w]+;")),
    ("punctuation", re.compile(r"[!-,.:-@\[\]-`{-~-]")), ("beyond_ascii", re.compile("[^\0-\x7f]")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class NameShape:
    """What is kept of a file name."""

    suffixes: tuple[str, ...] = ()
    """In small letters and in order; those within the name that no table has are masked. At most 8."""
    hidden: tuple[str, ...] = ()
    """Known suffixes that only show once the name is decoded, folded, or cut into its path. At most 8."""
    size: int = 0
    """Bytes of the name that goes on, unescaped where all of it is escaped."""
    classes: tuple[str, ...] = ()
    """Which kinds of characters it has."""


def shape_of(filename: bytes, sent: bytes | None = None) -> NameShape:
    """The shape of a name.

    Args:
        filename: that goes on, as UTF-8.
        sent: with its path; None where it is the same.
    """
    first, *others = views(filename if sent is None else sent)
    tokens = in_small(views(filename)[0]).split(".")[1:]
    suffixes = tuple(_shown(token, last=number == len(tokens)) for number, token in enumerate(tokens, 1))
    if suffixes[:1] == (MASKED,) and beside_another(filename):
        suffixes = (_BESIDE, *suffixes[1:])
    seen = {*suffixes, *map(_core, suffixes)}
    hidden = tuple(dict.fromkeys(core for core in _hidden(first, others) if core not in seen))
    classes = tuple(name for name, pattern in _CLASSES if pattern.search(first))
    return NameShape(_few(suffixes), hidden[:_MOST], length_of(filename), classes)


@lru_cache(maxsize=1024)
def like(suffixes: tuple[str, ...], hidden: tuple[str, ...], size: int) -> tuple[bytes, ...]:
    """Names that have a shape, for whatever judges names: one for all of it, and one for each hidden suffix."""
    begin, rest = ("._", suffixes[1:]) if suffixes[:1] == (_BESIDE,) else ("", suffixes)
    end = "".join(f".{'x' if suffix == MASKED else suffix}" for suffix in rest)
    standing = begin + "x" * max(1, size - len(begin) - len(end)) + end
    return (standing.encode(), *(f"x.{suffix}".encode() for suffix in hidden))


def _few(suffixes: tuple[str, ...]) -> tuple[str, ...]:
    """The last ones, and of the others those that are known."""
    if len(suffixes) <= _MOST:
        return suffixes
    return (*[suffix for suffix in suffixes[:-4] if suffix != MASKED][: _MOST - 4], *suffixes[-4:])


def _shown(token: str, *, last: bool) -> str:
    core = _core(token)
    if len(token) <= _LONGEST and token.isascii() and (core in _known() or (last and _LAST.fullmatch(token))):
        return token
    return core if core in _known() else MASKED


def _core(token: str) -> str:
    match = _CORE.search(token)
    return match[0] if match else ""


def _hidden(first: str, others: list[str]) -> Iterator[str]:
    """In the folders of the name as sent, and anywhere in its other views."""
    *folders, _ = segments(in_small(first)) or [""]
    left = [remnant for view in (first, *others) for remnant in remnants(view)]
    within = [segment for view in (*others, *left) for segment in segments(in_small(view))]
    for segment in (*folders, *within):
        yield from (core for token in segment.split(".")[1:] if (core := _core(token)) in _known())


@cache
def _known() -> frozenset[str]:
    return frozenset(DEFAULT_DENY_SUFFIXES) | frozenset(suffix for kind in KINDS for suffix in kind.suffixes)
