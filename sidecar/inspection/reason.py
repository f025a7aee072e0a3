"""A Reason: the one source of an answer, a log line, a metric label and a page of documentation."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from sidecar.multipart.rules import Rule


class Retry(StrEnum):
    """What a client may do after a refusal."""

    NEVER = "never"
    """The same request will be refused again."""
    SAFE = "safe"
    """Nothing reached the service: try again later."""
    UNKNOWN = "unknown"
    """The service may have acted: ask it before trying again."""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why something was refused, or could not be examined."""

    code: str
    """Snake case, unique over the product: metric label and last part of the problem type."""
    title: str
    """What is wrong, in a few words, the same every time."""
    status: int
    """HTTP status of the refusal."""
    failed: str
    """What was looked at: `multipart grammar`, `file name`, `content type`, `limit`, ..."""
    expected: str
    """What would have been right; a finding may say it more exactly."""
    advice: str
    """What the sender, or the operator, can do."""
    retry: Retry = Retry.NEVER
    source: str = ""
    """RFC section, CVE or measurement behind it."""
    not_examined: bool = False
    """True where it says that something could not be examined, not that it is bad."""
    quotes_names: bool = False
    """True where what was seen may quote the name of a file, or of one within it: the log hides those."""
    of_upload: bool = False
    """True where it is about an upload as a whole, not about one of its parts."""
    shed: bool = False
    """True where there was no room, and a request was not taken on."""


def reasons_in(constants: Mapping[str, object]) -> tuple[Reason, ...]:
    """Every Reason among the `globals()` of a module: none has to be listed, and none can be forgotten."""
    return tuple(value for value in constants.values() if isinstance(value, Reason))


def reason_of(rule: Rule) -> Reason:
    """A breach of a grammar as a Reason."""
    return Reason(
        code=rule.code,
        title=rule.title,
        status=rule.status,
        failed=rule.failed,
        expected=rule.expected,
        advice=rule.advice,
        source=rule.source,
        quotes_names=rule.quotes_names,
    )
