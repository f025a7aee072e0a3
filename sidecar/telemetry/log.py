"""The log: JSON lines on standard output, one for every upload and every error."""

import logging
import os
import traceback
from collections.abc import Callable
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self

from sidecar.policy.settings.model import Log
from sidecar.telemetry.json_line import encode
from sidecar.telemetry.line_writer import LineWriter
from sidecar.telemetry.outcome import Outcome
from sidecar.telemetry.outcome_event import event_of

LOGGER: Final = logging.getLogger("sidecar")
_LEVELS: Final = {
    "debug": logging.DEBUG,
    "info": logging.INFO,
    "warning": logging.WARNING,
    "error": logging.ERROR,
}
_NAMES: Final = {number: name for name, number in _LEVELS.items()}
_CLOSE_TIMEOUT: Final = 1.0
_FIRST_SERVER_ERROR: Final = 500


def log_event(event: str, level: str = "info", **fields: Any) -> None:  # noqa: ANN401 - whatever JSON can say
    """Logs something that is no exchange: a start, a reload, a drain. Input among the fields must be printable."""
    if LOGGER.isEnabledFor(_LEVELS[level]):
        _handle(_LEVELS[level], event, fields)


def log_outcome(outcome: Outcome, settings: Log) -> None:
    """Logs a finished exchange: every upload and every error; other requests only at level debug."""
    level = _level(outcome)
    if LOGGER.isEnabledFor(level):
        _handle(level, "upload" if outcome.upload else "request", event_of(outcome, settings))


def _handle(level: int, event: str, fields: dict[str, Any]) -> None:
    """Hands an event to the handlers; `Logger.log` would first look for its caller, which no line tells."""
    extra = {"event": event, "fields": fields}
    LOGGER.handle(LOGGER.makeRecord(LOGGER.name, level, "", 0, event, (), None, extra=extra))


def _level(outcome: Outcome) -> int:
    """How much an operator should care."""
    ours = outcome.error or outcome.action == "rejected"
    if ours and outcome.status >= _FIRST_SERVER_ERROR:
        return logging.ERROR
    if outcome.error or outcome.verdict in {"bad", "not_examined"}:
        return logging.WARNING
    return logging.INFO if outcome.upload else logging.DEBUG


class JsonFormatter(logging.Formatter):
    """Any log record as one line of JSON; those of other libraries too."""

    def format(self, record: logging.LogRecord) -> str:
        """The line without its newline."""
        return encode(_fields(record))


def _fields(record: logging.LogRecord) -> dict[str, Any]:
    """What every line has, then what this one has."""
    moment = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
    fields = {"ts": moment.replace("+00:00", "Z"), "level": _name(record.levelno)}
    if hasattr(record, "event"):
        fields |= {"event": record.event, **getattr(record, "fields", {})}
    else:
        fields |= {"event": "message", "logger": record.name, "message": _message(record)}
    return fields | _exception(record)


def _name(level: int) -> str:
    """The level as one of the four words that the metrics know."""
    return _NAMES.get(level) or ("error" if level > logging.ERROR else "debug")


def _message(record: logging.LogRecord) -> str:
    """The text of a record; its bare pattern where its arguments do not fit."""
    try:
        return record.getMessage()
    except (TypeError, ValueError, KeyError):
        return str(record.msg)


def _exception(record: logging.LogRecord) -> dict[str, str]:
    """The traceback of an error of our own."""
    if not record.exc_info or record.exc_info[0] is None:
        return {}
    return {"exception": "".join(traceback.format_exception(*record.exc_info))[-4000:]}


class _LineHandler(logging.Handler):
    """Hands lines to the writer and counts them."""

    def __init__(self, writer: LineWriter, count: Callable[[str], None]) -> None:
        super().__init__()
        self.setFormatter(JsonFormatter())
        self._writer = writer
        self._count = count

    def emit(self, record: logging.LogRecord) -> None:
        """Never blocks: the writer has a thread of its own."""
        self._count(_name(record.levelno))
        self._writer.write(self.format(record).encode("ascii") + b"\n")


class LogOutput:
    """Owns the way from the loggers to standard output, from `with` to its end."""

    def __init__(
        self,
        settings: Log,
        count: Callable[[str], None],
        dropped: Callable[[int], None],
        fd: int = 1,
        lock: int | None = None,
    ) -> None:
        self._writer = LineWriter(_own(fd), dropped, lock=lock)
        self._handler = _LineHandler(self._writer, count)
        self._level_before = LOGGER.level
        self.apply(settings)

    def apply(self, settings: Log) -> None:
        """Takes the level of a new configuration."""
        LOGGER.setLevel(_LEVELS[settings.level])

    def __enter__(self) -> Self:
        logging.getLogger().addHandler(self._handler)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        logging.getLogger().removeHandler(self._handler)
        LOGGER.setLevel(self._level_before)
        self._writer.close(_CLOSE_TIMEOUT)


def _own(fd: int) -> int:
    """A descriptor of our own: a closed standard output would leave its number to the next socket, a client's."""
    try:
        return os.dup(fd)
    except OSError:
        return os.open(os.devnull, os.O_WRONLY)
