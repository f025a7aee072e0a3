"""What the answer of an ICAP server means: RFC 3507 has no word for it, so each product has its own."""

import re
from dataclasses import dataclass
from typing import Final

from sidecar.inspection.finding import printable
from sidecar.scanners.icap_message import Head
from sidecar.scanners.result import Bad, Clean, EngineError, NotExamined, Result, Trouble, named

_THREAT: Final = re.compile(r"(?:^|;)\s*Threat\s*=\s*([^;]*)", re.IGNORECASE)
_TYPE: Final = re.compile(r"(?:^|;)\s*Type\s*=\s*(\d+)", re.IGNORECASE)
_CONTAINER: Final = "2"
"""draft-stecher-icap-subid: the archive could not be looked into (0 is an infection, 1 a policy about mail)."""
_NAMES: Final = (
    "x-virus-id", "x-virus-name", "x-fsecure-infection-name", "x-infected-with", "x-threat-name", "x-malware-name",
    "x-violation-id",
)  # fmt: skip
"""c-icap, Kaspersky, Trend Micro; McAfee; F-Secure; and others that write a name and nothing else."""
_NOTHING: Final = frozenset({"", "0", "none", "no", "clean", "-", "false"})
_UNSCANNED: Final = ("x-fsecure-scan-result", "x-scan-result", "x-av-status", "x-response-info")
_UNSCANNED_WORDS: Final = re.compile(
    r"not.?scanned|unscanned|skipped|error|timeout|encrypted|incomplete", re.IGNORECASE
)
_INFECTED_WORDS: Final = re.compile(r"\b(infected|blocked|virus|malware)\b", re.IGNORECASE)
_CONTINUE, _OK, _NO_CHANGE = 100, 200, 204
_HTTP_ERRORS: Final = 400
_UNAVAILABLE: Final = 503


@dataclass(frozen=True, slots=True)
class Answer:
    """All of an answer that matters."""

    head: Head
    http_status: int
    """Of the response that it encapsulates; 0 where there is none."""
    same: bool
    """The body came back as it was sent."""
    all_sent: bool
    """All of the file was sent before the answer came, and the end of the request with it."""


def judge(answer: Answer) -> Result:
    """The verdict; what says nothing is no verdict.

    Raises:
        EngineError: the server failed.
    """
    found = _found(answer.head)
    if found is not None:
        return found
    match answer.head.status:
        case 204:
            return _passed(answer)
        case 200:
            return _passed(answer) if answer.same else _replaced(answer)
        case 503 | 408 | 500:
            raise EngineError(Trouble.DOWN, f"ICAP status {answer.head.status}")
    raise EngineError(Trouble.GARBLED, f"ICAP status {answer.head.status}; expected 200 or 204 of this service")


def _passed(answer: Answer) -> Result:
    """A server may pass what it has only seen the beginning of: that is its right, and no scan."""
    if not answer.all_sent:
        return NotExamined(Trouble.INCOMPLETE, "the server has passed it on before it had seen all of it")
    return Clean()


def _replaced(answer: Answer) -> Result:
    if answer.http_status >= _HTTP_ERRORS:
        return Bad(f"blocked with {answer.http_status}, without a name")
    return Bad("replaced, without a name")


def _found(head: Head) -> Result | None:
    """What the fields say, in the words of any product."""
    infection = head.fields.get("x-infection-found", "")
    if infection:
        return _infection(infection)
    for field in _NAMES:
        if head.fields.get(field, "").lower() not in _NOTHING:
            return named(head.fields[field])
    violations = head.fields.get("x-violations-found", "").split("\n")
    if violations[0].lower() not in _NOTHING:
        return named(_of_violations(violations))
    for field in _UNSCANNED:
        value = head.fields.get(field, "")
        if _INFECTED_WORDS.search(value):
            return named(value)
        if _UNSCANNED_WORDS.search(value):
            return NotExamined(Trouble.INCOMPLETE, printable(value))
    return None


def _infection(value: str) -> Result:
    """`Type=0; Resolution=2; Threat=NAME;`."""
    threat, kind = _THREAT.search(value), _TYPE.search(value)
    name = threat[1].strip() if threat else value
    if kind is not None and kind[1] == _CONTAINER:
        return NotExamined(Trouble.INCOMPLETE, printable(name))
    return named(name)


def _of_violations(lines: list[str]) -> str:
    """A count, and for each a file, a threat, its number and what was done (Symantec, Clearswift)."""
    return lines[2] if len(lines) > 2 else "a violation"  # noqa: PLR2004 - the second line below the count
