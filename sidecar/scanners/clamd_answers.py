"""What clamd says, read strictly (clamd(8), section COMMANDS)."""

import calendar
import re
from email.utils import parsedate
from typing import Final

from sidecar.inspection.finding import printable
from sidecar.scanners.engine import Identity
from sidecar.scanners.result import Clean, NotExamined, Result, Trouble, garbled, named

_ANSWER: Final = re.compile(r"(?:stream|fd\[\d+\]): (?:(?P<ok>OK)|(?P<name>\S.*) FOUND)")

_NO_ROOM: Final = re.compile(r"temporary|create new file|write to file|timed? ?out", re.IGNORECASE)
"""Its disk is full, or it has waited for us too long: said of a file, and true of any."""


def read_result(answer: bytes) -> Result:
    """The result of INSTREAM or FILDES.

    Raises:
        EngineError: it is none.
    """
    text = answer.decode("utf-8", "backslashreplace").strip()
    if text.endswith(" ERROR"):
        return _failed(text)
    match = _ANSWER.fullmatch(text)
    if match is None:
        raise garbled(answer)
    if match["ok"]:
        return Clean()
    return named(match["name"])


def _failed(text: str) -> NotExamined:
    """An error is mostly about this file: one that clamd cannot read must not bring clamd down for all others."""
    if "size limit exceeded" in text:
        return NotExamined(Trouble.TOO_LARGE, printable(text))
    return NotExamined(Trouble.DOWN if _NO_ROOM.search(text) else Trouble.INCOMPLETE, printable(text))


def read_version(answer: bytes) -> Identity:
    """The answer to VERSION: `ClamAV 1.4.6/27500/Mon Nov 23 09:00:00 2026`.

    With signatures of its own only it tells no version of them, and with EnableVersionCommand off nothing at all.
    """
    text = printable(answer.strip(b"\0\n "), 120)
    program, _, signatures = text.partition("/")
    date = parsedate(signatures.partition("/")[2])
    return Identity(program, signatures, float(calendar.timegm(date)) if date else 0.0)
