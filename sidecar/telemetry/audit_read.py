"""A line of the audit log, read again: whatever is wrong with it is said, and nothing is guessed."""

import json
from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple

from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.name_shape import NameShape
from sidecar.inspection.reason import Reason
from sidecar.inspection.recorded import Recorded, RecordedField, RecordedFile
from sidecar.inspection.types.content import Content
from sidecar.inspection.types.kinds import canonical, kind_of_type
from sidecar.telemetry.audit_line import VERSION

LONGEST_LINE: Final = 256 * 1024
"""Bytes; a line of ours has far fewer."""
_WORDS: Final = ("ts", "request_id", "method", "route", "policy", "mode", "verdict", "action")
_OF_FILE: Final = ("field", "declared_type", "content_type", "sha256")
_MOST: Final = 1024
_MOST_WORDS: Final = 16
_LONGEST_WORD: Final = 64
_LONGEST_NAME: Final = 64 * 1024
_LARGEST: Final = 2**63


class AuditLineError(ValueError):
    """It is not a line of the audit log; the message says what was expected."""


class OtherVersionError(AuditLineError):
    """It is one of another version."""


class Line(NamedTuple):
    """One upload, and what became of it."""

    path: str | None
    """As sent, in latin-1; None where the settings left it out."""
    prefixes: tuple[str, ...]
    """Paths of its routes as they were configured."""
    policy_sha256: str
    refuses: tuple[bool, ...]
    """Whether each of the findings refused it, or would have."""
    upload: Recorded
    ts: str
    request_id: str
    method: str
    route: str
    policy: str
    mode: str
    verdict: str
    action: str


class Reader:
    """Reads lines; finds the reasons of the findings by their codes."""

    def __init__(self, reasons: Mapping[str, Reason]) -> None:
        self._reasons = reasons

    def read(self, raw: bytes) -> Line:
        """The line.

        Raises:
            OtherVersionError: it was written by another version.
            AuditLineError: it is no such line.
        """
        try:
            return self._line(_of_this_version(_parsed(raw)))
        except AuditLineError:
            raise
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
            raise AuditLineError("expected a line of the audit log") from error

    def _line(self, told: dict[str, Any]) -> Line:
        found = _list(told["findings"])
        prefixes = tuple(_list(told["prefixes"])) if "prefixes" in told else ()
        path, sha256 = told.get("path"), told.get("policy_sha256", "")
        words = [told[name] for name in _WORDS]
        _texts(*words, *prefixes, sha256, path or "")
        refuses = tuple(each["refuses"] is True for each in found)
        return Line(path, prefixes, sha256, refuses, self._recorded(told, found), *words)

    def _recorded(self, told: dict[str, Any], found: list[Any]) -> Recorded:
        files = tuple(map(_file, _list(told["listed"])))
        fields = tuple(map(_field, _list(told["fields"])))
        return Recorded(
            _number(told["size"]), _number(told["parts"]), max(_number(told["files"]), len(files)),
            _number(told.get("largest_field", 0)), files, fields, tuple(map(self._finding, found)),
            told["complete"] is True,
        )  # fmt: skip

    def _finding(self, told: dict[str, Any]) -> Finding:
        code = told["code"]
        _texts(code)
        reason = self._reasons.get(code) or _unknown(code)
        monitored = told.get("monitored") is True
        forward = told["refuses"] is not True if reason.not_examined and not monitored else None
        return Finding(reason, forward=forward, monitored=monitored)


def _parsed(raw: bytes) -> Any:  # noqa: ANN401 - whatever JSON can say
    """JSON in UTF-8 without half surrogate pairs, which an escape can hide and nobody can print."""
    told = json.loads(raw.decode())
    if b"\\ud" in raw.lower():
        json.dumps(told, ensure_ascii=False).encode()
    return told


def _of_this_version(told: dict[str, Any]) -> dict[str, Any]:
    if told["v"] != VERSION:
        raise OtherVersionError(f"expected version {VERSION}, got {printable(str(told['v']), 20)}")
    return told


@lru_cache(maxsize=256)
def _unknown(code: str) -> Reason:
    """A reason that this version does not have: it stays one, and refuses."""
    return Reason(printable(code, 64), "Found by another version", 422, "", "", "")


def _texts(*values: object) -> None:
    for value in values:
        if type(value) is not str:
            raise TypeError


def _number(value: object) -> int:
    if type(value) is not int or not 0 <= value < _LARGEST:
        raise TypeError
    return value


def _list(value: object) -> list[Any]:
    if type(value) is not list or len(value) > _MOST:
        raise TypeError
    return value


def _field(told: dict[str, Any]) -> RecordedField:
    name = told["field"]
    _texts(name)
    return RecordedField(name, _number(told["size"]), told.get("empty_file") is True)


def _file(told: dict[str, Any]) -> RecordedFile:
    field, declared, content_type, sha256 = (told[name] for name in _OF_FILE)
    _texts(field, declared, content_type, sha256)
    if sha256:
        bytes.fromhex(sha256)
    content = _content(told["content"], content_type) if "content" in told else None
    return RecordedFile(field, _shape(told), declared, content_type, content, _number(told["size"]), sha256)


def _shape(told: dict[str, Any]) -> NameShape:
    hidden = tuple(told["hidden_suffixes"]) if "hidden_suffixes" in told else ()
    return _made_shape(tuple(told["suffixes"]), hidden, _number(told["name_bytes"]), tuple(told["name_classes"]))


@lru_cache(maxsize=1024)
def _made_shape(suffixes: tuple[Any, ...], hidden: tuple[Any, ...], size: int, classes: tuple[Any, ...]) -> NameShape:
    if size > _LONGEST_NAME or max(len(suffixes), len(hidden), len(classes)) > _MOST_WORDS:
        raise TypeError
    _texts(*suffixes, *hidden, *classes)
    if any(len(word) > _LONGEST_WORD for word in (*suffixes, *hidden, *classes)):
        raise TypeError
    return NameShape(suffixes, hidden, size, classes)


def _content(told: dict[str, Any], content_type: str) -> Content:
    return _made_content(
        content_type,
        told.get("type"),
        told["text"] is True,
        told.get("opens_as"),
        told.get("runs_as"),
        tuple(told.get("begins_as", ())),
    )


@lru_cache(maxsize=1024)
def _made_content(
    content_type: str,
    other: object,
    text: bool,  # noqa: FBT001 - part of a key
    opens: object,
    runs: object,
    begins: tuple[Any, ...],
) -> Content:
    if len(begins) > _MOST_WORDS:
        raise TypeError
    _texts(*(each for each in (other, opens, runs) if each is not None), *begins)
    kind = canonical(content_type if other is None else str(other))
    opener, run = (None if each is None else kind_of_type(str(each)) for each in (opens, runs))
    begun = tuple(each for name in begins if (each := kind_of_type(name)) is not None)
    return Content(kind, kind_of_type(kind), text, opener, run, begun)
