"""Tags that tell nothing, passed a run at a time: of most drawings that is nearly all, for a tenth of the time."""

import re
from collections.abc import Iterable
from typing import Final

from sidecar.inspection.formats.bounds import Budget

MOST: Final = 1_500_000
"""Tags, and attributes in them: 0.15 microseconds each."""
_WS: Final = rb"\t\n\f\r "
_NAMES: Final = (
    b"script", b"handler", b"iframe", b"frame", b"object", b"embed", b"applet", b"portal", b"foreignobject", b"meta",
    b"style", b"include", b"title", b"textarea", b"xmp", b"no", b"fenced",
)  # fmt: skip
_ATTRIBUTES: Final = (
    b"href", b"src", b"action", b"form", b"data(?!-)", b"poster", b"background", b"to", b"from", b"by", b"values",
    b"code", b"cite", b"longdesc", b"lowsrc", b"dynsrc", b"ping", b"imagesrcset", b"base", b"attributename", b"style",
    b"on",
)  # fmt: skip
"""How the names begin of whatever `active` judges, without their prefixes; a few others begin so, and are looked at.
Each layer and object of Illustrator has a `data-name`."""


def _any(words: Iterable[bytes]) -> bytes:
    """A pattern of words in any case that tries only those of the right first letter."""
    return b"|".join(b"[%b%b](?i:%b)" % (word[:1], word[:1].upper(), word[1:]) for word in sorted(words))


# What a style of these values could tell needs one of `\&:/x` beside a bracket; references are resolved elsewhere.
_VALUE: Final = (
    rb"(?:\"(?:[^\"&<>(]*+\"|[^\"&<>\\:/xX]*+\"|matrix\([\d\s,.eE+-]*+\)\")|'(?:[^'&<>(]*+'|[^'&<>\\:/xX]*+'))"
)
_PREFIX: Final = rb"(?:[\w.-]++:)?+"
_ATTRIBUTE: Final = (
    rb"[%b]++(?:(?!xmlns)%b(?!%b)[\w.-]++=%b|(?:xlink:)?+href=\"#[^\"&<>]*+\""
    rb"|style=\"[^\"&<>(\\-]*+(?:-(?!-)[^\"&<>(\\-]*+)*+\")" % (_WS, _PREFIX, _any(_ATTRIBUTES), _VALUE)
)
_TAG: Final = rb"<%b(?!%b)[a-zA-Z_][\w.-]*+(?:%b)*+[%b]*+/?>" % (_PREFIX, _any(_NAMES), _ATTRIBUTE, _WS)
_RUN: Final = re.compile(rb"(?:%b|[^<]++|</[^<>\"'=]*+>){0,10000}+" % _TAG)
"""Bounded, so that it is paid for on the way; no value has `<` or `>`, so that tags can be told apart afterwards."""
_EACH: Final = re.compile(rb"<[^<>]*+>")
_SLASH: Final = ord("/")


def run_from(text: bytes, at: int, budget: Budget) -> int:
    """Where a run of tags and text ends that tell nothing, by the rules of HTML and by those of XML.

    Raises:
        TooMuchError: there are more of them than the budget has left.
    """
    while (found := _RUN.match(text, at)) is not None and (end := found.end()) > at:
        budget.spend(text.count(b"<", at, end) + text.count(b'="', at, end) + text.count(b"='", at, end))
        at = end
    return at


def depths(run: bytes, depth: int) -> tuple[int, int]:
    """How deep a run ends that begins so deep, and the least that it comes to on its way."""
    least = depth
    for tag in _EACH.findall(run):
        if tag[1] == _SLASH:
            depth -= 1
            least = min(least, depth)
        elif tag[-2] != _SLASH:
            depth += 1
    return depth, least
