"""Sizes and counts of an upload: the limits that are always on."""

from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.finding import Finding
from sidecar.inspection.reason import Reason
from sidecar.multipart.events import Part
from sidecar.policy.settings.model import Policy, Settings

_SOURCE: Final = "OWASP ASVS 5.0, 5.2.1 and 5.2.4"
_UNITS: Final = ((1024**3, "GiB"), (1024**2, "MiB"), (1024, "KiB"))


def _limit(code: str, title: str, expected: str, advice: str, *, of_upload: bool = False) -> Reason:
    return Reason(code, title, 413, "limit", expected, advice, source=_SOURCE, of_upload=of_upload)


BODY_TOO_LARGE: Final = _limit(
    "body_too_large", "The upload is too large", "a request body within max_body of the policy",
    "Send fewer or smaller files in one request. Operators: policies.<name>.max_body.", of_upload=True,
)  # fmt: skip
FILE_TOO_LARGE: Final = _limit(
    "file_too_large", "A file is too large", "files within max_file of the policy",
    "Send a smaller file, or compress it. Operators: policies.<name>.max_file.",
)  # fmt: skip
FIELD_TOO_LARGE: Final = _limit(
    "field_too_large", "A form field is too large", "fields within max_field of the policy",
    "Shorten the text, or send it as a file. Operators: policies.<name>.max_field.",
)  # fmt: skip
FILES_OVER_LIMIT: Final = _limit(
    "files_over_limit", "The upload has too many files", "as many files as max_files of the policy allows",
    "Send the files in several requests. Operators: policies.<name>.max_files.", of_upload=True,
)  # fmt: skip
PARTS_OVER_LIMIT: Final = _limit(
    "parts_over_limit", "The form has too many fields and files", "as many parts as max_parts of the policy allows",
    "Send the form in several requests. Operators: policies.<name>.max_parts.", of_upload=True,
)  # fmt: skip

INSIDE_TOO_MANY: Final = _limit(
    "inside_too_many", "There are too many files within a file", "as many as inside.max_files of the policy allows",
    "Send fewer files at once. Operators: policies.<name>.inside.max_files.",
)  # fmt: skip
INSIDE_TOO_LARGE: Final = _limit(
    "inside_too_large", "A file holds more than is accepted once it is unpacked",
    "files that unpack to no more than inside.max_file and inside.max_bytes of the policy",
    "Send fewer or smaller files at once. Operators: policies.<name>.inside.",
)  # fmt: skip
INSIDE: Final = (INSIDE_TOO_MANY, INSIDE_TOO_LARGE)
"""What is found while files within files are examined."""


def in_words(size: int) -> str:
    """A size as people write it, where it comes out even: `5 MiB`, `1500 bytes`."""
    if size == 1:
        return "1 byte"
    factor, unit = next((pair for pair in _UNITS if size and size % pair[0] == 0), (1, "bytes"))
    return f"{size // factor} {unit}"


def body_finding(policy: Policy, size: int) -> Finding | None:
    """What is to be said of a body of `size` bytes or more."""
    if size <= policy.max_body:
        return None
    return Finding(BODY_TOO_LARGE, f"{size} bytes or more", f"at most {in_words(policy.max_body)}")


def count_findings(policy: Policy, parts: int, files: int) -> list[Finding]:
    """What is to be said of an upload with as many parts and files."""
    counted = (
        (PARTS_OVER_LIMIT, parts, policy.max_parts, "parts"),
        (FILES_OVER_LIMIT, files, policy.max_files, "files"),
    )
    return [_counted(reason, allowed, what) for reason, count, allowed, what in counted if count > allowed]


class Limits(Check):
    """Counts parts and bytes; each limit is told once, when it is passed.

    An empty file input (a file name of no characters) is a part, not a file: browsers send one for every input in
    which nothing was chosen. A part without a name and with the type of a file is one.
    """

    name = "limits"
    reasons: ClassVar = (BODY_TOO_LARGE, FILE_TOO_LARGE, FIELD_TOO_LARGE, FILES_OVER_LIMIT, PARTS_OVER_LIMIT)

    def __init__(self, settings: Settings, policy: Policy) -> None:
        super().__init__(settings, policy)
        self._parts = self._files = self._size = self._allowed = 0

    def begin(self, part: Part) -> Findings:
        """Count the part."""
        policy = self.policy
        self._size, self._allowed = 0, policy.max_field
        self._parts += 1
        if (part.filename or part.content_type) and part.holds_file:  # most fields have neither
            self._allowed = policy.max_file
            self._files += 1
        if self._parts <= policy.max_parts and self._files <= policy.max_files:
            return ()
        findings = []
        if self._parts == policy.max_parts + 1:
            findings.append(_counted(PARTS_OVER_LIMIT, policy.max_parts, "parts"))
        if self._files == policy.max_files + 1 and part.holds_file:
            findings.append(_counted(FILES_OVER_LIMIT, policy.max_files, "files"))
        return findings

    def feed(self, part: Part, chunk: bytes | memoryview) -> Findings:
        """Count the bytes."""
        before, self._size = self._size, self._size + len(chunk)
        if self._size <= self._allowed or before > self._allowed:
            return ()
        return self._passed(part)

    def judge_size(self, part: Part, size: int) -> Findings:
        """What is to be said of a part that began last and has, or had, this size."""
        return self._passed(part) if size > self._allowed else ()

    def _passed(self, part: Part) -> Findings:
        allowed = in_words(self._allowed)
        reason = FILE_TOO_LARGE if part.holds_file else FIELD_TOO_LARGE
        return (Finding(reason, f"more than {allowed}", f"at most {allowed}"),)


def _counted(reason: Reason, allowed: int, what: str) -> Finding:
    return Finding(reason, f"more than {allowed} {what}", f"at most {allowed} {what}")
