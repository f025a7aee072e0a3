"""The grammar's rules, each with its name, what was expected and where it is written."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the strict grammar.

    A rule is data, so that the answer, the log, the metric and the documentation all say the same.
    """

    code: str
    """Snake case, unique over the product: the metric label."""
    title: str
    """What is wrong, in a few words."""
    expected: str
    """What would have been right."""
    source: str
    """RFC section, CVE or measurement behind the rule."""
    advice: str = "Send the body as a browser or a common HTTP library does."
    """What the sender can do."""
    status: int = 400
    """HTTP status that a breach implies: 400 malformed, 413 too large, 415 not this type."""
    failed: str = "multipart grammar"
    """What was looked at."""
    quotes_names: bool = True
    """Whether what was seen may quote the name of a file: most of it stands where names do."""


class MalformedError(Exception):
    """The body breaks a rule of the grammar.

    Attributes:
        rule: the rule that is broken.
        actual: what was seen: a printable, bounded description, never raw input.
    """

    def __init__(self, rule: Rule, actual: str = "") -> None:
        super().__init__(f"{rule.code}: {actual or rule.title}")
        self.rule = rule
        self.actual = actual
