"""One event as one line of JSON, bounded, with nothing in it that a terminal, a parser or a page could act on."""

import json
from collections.abc import Mapping
from typing import Any, Final

MAX_LINE: Final = 16 * 1024 - 1
"""Bytes of a line without its newline: container runtimes split longer ones, and then neither half is JSON."""

_KEPT: Final = ("ts", "level", "event", "request_id", "message")
_SHORT: Final = 64

# JSON escapes controls below U+0020, and ensure_ascii everything above U+007E; these are left, and a page that shows
# the log could act on them. They can only stand inside strings, so the line stays the same JSON.
_ENCODER: Final = json.JSONEncoder(separators=(",", ":"), default=str)
_ESCAPES: Final = {ord(char): f"\\u{ord(char):04x}" for char in "<>&'\x7f"}


def encode(event: Mapping[str, Any]) -> str:
    """The line, without its newline; what is too long loses the second halves of its lists and texts, and says so."""
    line = dump(event)
    for _ in range(16):
        if len(line) <= MAX_LINE:
            return line
        event = {**{key: _halved(value) for key, value in event.items()}, "truncated": True}
        line = dump(event)
    kept = {key: str(event[key])[:_SHORT] for key in _KEPT if key in event}
    return dump({**kept, "truncated": True})


def dump(event: Mapping[str, Any]) -> str:
    """The event as ASCII JSON; what JSON does not know goes in as text."""
    return _ENCODER.encode(event).translate(_ESCAPES)


def _halved(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """The first half of whatever is long in it."""
    match value:
        case str() if len(value) > _SHORT:
            return value[: max(_SHORT, len(value) // 2)]
        case list() | tuple():
            return [_halved(item) for item in value[: max(1, len(value) // 2)]]
        case dict():
            return {key: _halved(item) for key, item in value.items()}
        case _:
            return value
