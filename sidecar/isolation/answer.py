"""What a worker says of a file: written by whoever may have been taken over by it, so read as the worst of input."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sidecar.inspection.examined import Examined, Node
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.inspector import MAX_FINDINGS
from sidecar.inspection.reason import Reason
from sidecar.inspection.rewrite import MOST_PIECES, Kept, Rewrite

MOST: Final = 1024 * 1024
"""Bytes of an answer with a tree."""
_OF_FINDINGS: Final = 128 * 1024
"""Bytes of an answer with as many findings and failures as are kept, their texts with escapes in every place."""
_OF_REWRITE: Final = 256 * 1024
"""Bytes more of one with as many pieces, and as many bytes written anew, as a rewrite may have."""
LENGTH: Final = 4
"""Bytes of the first packet that say how long the answer is, little-endian."""
PACKET: Final = 64 * 1024
"""Bytes of an answer in one packet."""
_DEEPEST: Final = 40
_TEXT: Final = 400
_SAFE: Final = re.compile(rf"[ !-%'-;=-~]{{0,{_TEXT}}}")
"""ASCII without controls and without what opens markup."""
_NOTHING: Final = b"{}"
"""The answer about most files, in as few bytes as it takes."""
_FOUND_NOTHING: Final = Examined()


class Expected(NamedTuple):
    """What may be told of one file."""

    reasons: Mapping[str, Reason]
    """All that its checks can give."""
    tree: bool = False
    rewrite: bool = False


class NonsenseError(Exception):
    """An answer that no honest worker gives."""


def packets(told: Sequence[bytes]) -> Iterator[bytes]:
    """An answer, its length before it, in packets: what `written` says of each file, in their order."""
    data = b"[%b]" % b",".join(told)
    yield len(data).to_bytes(LENGTH, "little") + data[:PACKET]
    for at in range(PACKET, len(data), PACKET):
        yield data[at : at + PACKET]


def written(examined: Examined, *, explain: bool = True) -> bytes:
    """What is told of one file; with the tree, where one is to explain it."""
    tree = _told(examined.tree) if explain and examined.tree is not None else None
    if tree is None and not examined.findings and not examined.failures and examined.rewrite is None:
        return _NOTHING
    findings = [
        (each.reason.code, _text(each.actual), _text(each.expected), each.part, each.monitored, each.within)
        for each in examined.findings
    ]
    said = {"findings": findings, "failures": [*map(_text, examined.failures)], "tree": tree}
    if examined.rewrite is not None:
        said["rewrite"] = [each.hex() if isinstance(each, bytes) else each for each in examined.rewrite.pieces]
    return json.dumps(said).encode("ascii")


def _told(node: Node) -> list[Any]:
    inside = [_told(each) for each in node.inside]
    return [node.name, node.content_type, node.size, node.sha256, node.checks, node.findings, inside]


def most(expected: Sequence[Expected]) -> int:
    """Bytes of an answer about these files: it is read on the event loop, so no longer than what was asked for."""
    if any(each.tree for each in expected):
        return MOST
    return _OF_FINDINGS + (_OF_REWRITE if any(each.rewrite for each in expected) else 0)


def read(raw: bytes, expected: Sequence[Expected]) -> Sequence[Examined]:
    """The same answer at the other end.

    Args:
        raw: at most as many bytes as `most` says.
        expected: what may be told of each file that was asked about.

    Raises:
        NonsenseError: it is not what `packets` writes, or not what was asked for.
    """
    if raw == _nothing(len(expected)):
        return (_FOUND_NOTHING,) * len(expected)
    try:
        said = json.loads(raw.decode("ascii"))
        return [_examined(*each) for each in zip(said, expected, strict=True)]
    except (ValueError, TypeError, KeyError, IndexError, RecursionError) as error:
        raise NonsenseError(type(error).__name__) from error


@lru_cache
def _nothing(files: int) -> bytes:
    """The answer about so many files in which nothing was found."""
    return b"[%b]" % b",".join([_NOTHING] * files)


def _examined(said: dict[str, Any], expected: Expected) -> Examined:
    if said == {}:
        return _FOUND_NOTHING
    tree = said["tree"]
    if (tree is not None and not expected.tree) or ("rewrite" in said and not expected.rewrite):
        raise ValueError
    findings = tuple(_finding(each, expected.reasons) for each in said["findings"][:MAX_FINDINGS])
    failures = tuple(_text(each) for each in said["failures"][:MAX_FINDINGS])
    rewrite = _rewrite(said["rewrite"]) if "rewrite" in said else None
    return Examined(findings, failures, tree and _node(tree, 0), rewrite)


def _rewrite(said: list[Any]) -> Rewrite:
    if len(said) > MOST_PIECES:
        raise ValueError
    return Rewrite(tuple(map(_kept, said)))


def _finding(said: list[Any], reasons: Mapping[str, Reason]) -> Finding:
    code, actual, expected, part, *marks = said
    place = None if part is None else _text(part)
    monitored, within = marks[:1] == [True], marks[1:] != [False]
    return Finding(reasons[code], _text(actual), _text(expected), place, monitored=monitored, within=within)


def _kept(said: str | list[int]) -> Kept:
    """One piece; whether it fits the file is asked where that is known."""
    if isinstance(said, str):
        return bytes.fromhex(said)
    start, end = said
    if type(start) is not int or type(end) is not int:
        raise TypeError
    return start, end


def _text(said: object) -> str:
    """Printable text, whatever was said."""
    if not isinstance(said, str):
        raise TypeError
    return said if _SAFE.fullmatch(said) else printable(said, _TEXT)


def _node(said: list[Any], depth: int) -> Node:
    name, content_type, size, sha256, checks, findings, inside = said
    if depth > _DEEPEST or not isinstance(size, int):
        raise ValueError
    return Node(
        _text(name), _text(content_type), size, _text(sha256),
        [(_text(check), float(seconds)) for check, seconds in checks], [_text(code) for code in findings],
        [_node(each, depth + 1) for each in inside],
    )  # fmt: skip
