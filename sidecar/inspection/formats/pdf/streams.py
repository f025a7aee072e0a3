"""The streams of PDF, decoded up to a limit (ISO 32000-2, section 7.4)."""

import base64
import binascii
import re
from collections.abc import Callable
from typing import Any, Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.inflating import inflate
from sidecar.inspection.formats.pdf.names import SPACE, WHITE, Name
from sidecar.inspection.formats.pdf.syntax import Dictionary, Ref

# Matches anywhere, so that what was read can be counted; possessive, so that no byte is read twice.
_STREAM: Final = re.compile(
    rb"[%(space)b]*+(?:%%[^\r\n]*+[%(space)b]*+)*+(stream(?:\r\n|\n|\r|[ \t]+\r?\n)?)?" % {b"space": SPACE}
)
_END: Final = b"endstream"
_NEAR: Final = 64
_MOST_FILTERS: Final = 8
_FIRST_PNG_PREDICTOR: Final = 2
_RUN_COST: Final = 64
_CHARACTER_COST: Final = 32
"""What a run, and a character of base 85, cost: they are decoded so many times slower than a byte is inflated."""


class UnreadableStreamError(Exception):
    """A stream cannot be decoded here; the message says why."""


def stream_start(data: Data, at: int, budget: Budget) -> int:
    """Where the stream behind a dictionary begins; -1 where there is none."""
    match = _STREAM.match(data, at)
    budget.spend(match.end() - at if match else 0)
    return match.end() if match and match[1] else -1


def raw_stream(data: Data, start: int, lengths: list[int], limit: int) -> bytes:
    """The bytes of a stream: its length is believed where the stream ends there, as readers do; of several the longest.

    What a longer one gives begins with all that a shorter one gives.
    """
    fitting = [each for each in lengths if 0 <= each <= limit and _END in data[start + each : start + each + _NEAR]]
    if fitting:
        return data[start : start + max(fitting)]
    end = data.find(_END, start, start + limit + _NEAR)
    return data[start : end if end >= 0 else start + limit]


def decode(raw: bytes, entries: Dictionary, limit: int, budget: Budget) -> bytes:
    """Apply the filters of a stream.

    Args:
        raw: its bytes.
        entries: the dictionary before it.
        limit: bytes that may come out.
        budget: pays for every byte that goes into a filter and comes out of it, also where it cannot be decoded.

    Raises:
        UnreadableStreamError: a filter is unknown here, the data is damaged or comes out larger than the limit.
        TooMuchError: the budget is spent.
    """
    budget.spend(len(raw))
    if any(True for key in (b"DecodeParms", b"DP") for value in entries.all(key) if _predicts(value)):
        raise UnreadableStreamError("a predictor")
    for name in _filters(entries):
        apply = _FILTERS.get(name)
        if apply is None:
            raise UnreadableStreamError(f"filter {name.decode('latin-1')}")
        raw = apply(raw, limit, budget)
    return raw


def _filters(entries: Dictionary) -> list[Name]:
    """The filters in their order; those that readers differ in are told as unreadable.

    `F` is short for `Filter` in images on pages. Of streams some readers take it so where there is no other.
    """
    named = list(entries.all(b"Filter"))
    if any(each != named[0] for each in named) or (not named and any(map(_could_be_filters, entries.all(b"F")))):
        raise UnreadableStreamError("filters that are read in two ways")
    filters = named[0] if named and isinstance(named[0], list) else named[:1]
    if any(isinstance(name, Ref) for name in filters) or len(filters) > _MOST_FILTERS:
        raise UnreadableStreamError("filters that are named elsewhere")
    return [name for name in filters if isinstance(name, Name)]


def _could_be_filters(value: Any) -> bool:  # noqa: ANN401 - any object
    return isinstance(value, Name | Ref | list) and not isinstance(value, Dictionary)


def _predicts(value: Any) -> bool:  # noqa: ANN401 - any object
    if isinstance(value, list) and not isinstance(value, Dictionary):
        return any(map(_predicts, value))
    if not isinstance(value, Dictionary):
        return isinstance(value, Ref)
    return any(not isinstance(kind, int) or kind >= _FIRST_PNG_PREDICTOR for kind in value.all(b"Predictor"))


def _flate(raw: bytes, limit: int, budget: Budget) -> bytes:
    out = inflate(raw, limit + 1)
    budget.spend(len(out.data))
    if not out.whole and len(out.data) <= limit:
        out = inflate(raw[2:], limit + 1, raw=True)  # readers do not care about a wrong header or checksum
        budget.spend(len(out.data))
    if len(out.data) > limit:
        raise UnreadableStreamError("more than is looked at")
    if not out.whole:
        raise UnreadableStreamError("damaged data")
    return out.data


def _hexadecimal(raw: bytes, limit: int, budget: Budget) -> bytes:
    budget.spend(len(raw))
    digits = raw.partition(b">")[0].translate(None, WHITE)[: limit * 2]
    try:
        return binascii.unhexlify(digits + b"0" * (len(digits) % 2))
    except binascii.Error as error:
        raise UnreadableStreamError("damaged data") from error


def _base85(raw: bytes, limit: int, budget: Budget) -> bytes:
    budget.spend(len(raw) * _CHARACTER_COST)
    text = raw.strip(WHITE).removeprefix(b"<~").partition(b"~")[0]
    try:
        out = base64.a85decode(text, ignorechars=WHITE)
    except ValueError as error:
        raise UnreadableStreamError("damaged data") from error
    if len(out) > limit:
        raise UnreadableStreamError("more than is looked at")
    return out


def _run_length(raw: bytes, limit: int, budget: Budget) -> bytes:
    out = bytearray()
    at = 0
    while at < len(raw) and raw[at] != 128 and len(out) <= limit:  # noqa: PLR2004 - end of data, section 7.4.5
        budget.spend(_RUN_COST)
        count = raw[at]
        step = count + 2 if count < 128 else 2  # noqa: PLR2004
        out += raw[at + 1 : at + step] if count < 128 else raw[at + 1 : at + 2] * (257 - count)  # noqa: PLR2004
        at += step
    budget.spend(len(out))
    if len(out) > limit:
        raise UnreadableStreamError("more than is looked at")
    return bytes(out)


_FILTERS: Final[dict[bytes, Callable[[bytes, int, Budget], bytes]]] = {
    b"FlateDecode": _flate, b"Fl": _flate, b"ASCIIHexDecode": _hexadecimal, b"AHx": _hexadecimal,
    b"ASCII85Decode": _base85, b"A85": _base85, b"RunLengthDecode": _run_length, b"RL": _run_length,
}  # fmt: skip
