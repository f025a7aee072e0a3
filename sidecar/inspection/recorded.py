"""An upload as the audit log tells of it, judged by a policy with the very checks that judge uploads."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, NamedTuple

from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.check import Check
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding
from sidecar.inspection.limits import Limits, body_finding, count_findings
from sidecar.inspection.monitored import monitored
from sidecar.inspection.name_shape import NameShape, like
from sidecar.inspection.reason import Reason
from sidecar.inspection.selection import chosen
from sidecar.inspection.types.content import Content
from sidecar.multipart.events import Part
from sidecar.policy.settings.model import Policy, Settings

_HEAD: Final = b"?"
"""Stands for the first bytes of a file that has any: what they show is known."""
_TYPES: Final = "content type"
_FIELD: Final = Part(0, b"field", None, None)
_FILE: Final = Part(1, b"file", b"file", None)

REST_NOT_SEEN: Final = "rest_not_seen"
PARTS_NOT_LISTED: Final = "parts_not_listed"
TYPE_NOT_RECORDED: Final = "type_not_recorded"


class RecordedFile(NamedTuple):
    """One file."""

    field: str
    shape: NameShape
    declared_type: str
    content_type: str
    content: Content | None
    """None where no check had asked what its head shows."""
    size: int
    sha256: str
    """Empty where it did not come to its end."""


class RecordedField(NamedTuple):
    """One field that is not a file, or an empty file input."""

    name: str
    size: int
    is_file: bool = False


class Recorded(NamedTuple):
    """One upload. Sizes are bytes."""

    size: int
    """Of the body as it was sent."""
    parts: int = 0
    files: int = 0
    largest_field: int = 0
    listed_files: tuple[RecordedFile, ...] = ()
    listed_fields: tuple[RecordedField, ...] = ()
    findings: tuple[Finding, ...] = ()
    """What was found in it then."""
    complete: bool = True
    """All of it was inspected: no refusal ended that, nor a client who went away."""


class Judgement(NamedTuple):
    """What a policy says of a recorded upload."""

    findings: tuple[Finding, ...] = ()
    unknown: str = ""
    """Why what is not among them is not known: rest_not_seen, parts_not_listed, type_not_recorded; empty: it is."""
    forward_not_examined: bool = False

    @property
    def refusal(self) -> Finding | None:
        """The finding that refuses the upload."""
        forward = self.forward_not_examined
        return next((finding for finding in self.findings if finding.refuses(forward_not_examined=forward)), None)


@dataclass(frozen=True, slots=True)
class Unjudged:
    """A check that is on and needs more than the audit log has."""

    name: str
    but: tuple[str, ...] = ()
    """Codes of its reasons that can be judged all the same."""


class Judge:
    """Judges by one policy, with the checks that `enforce` uses; what needs the bytes stays as it was found then."""

    def __init__(
        self,
        policy: Policy,
        checks: Mapping[str, type[Check]] | None = None,
        now: Callable[[Finding], Finding | None] = lambda finding: finding,
    ) -> None:
        """Find out what can be judged.

        Args:
            policy: what is allowed.
            checks: those that there are; every check of the catalogue if absent.
            now: what a finding that no check made would be under this policy; None: it would not be made.
        """
        self.policy = policy
        self._now = now
        every = all_checks() if checks is None else checks
        self._chosen = chosen(policy, every)
        again = [pair for pair in self._chosen if pair[0].recorded]
        # A check without a constructor of its own keeps nothing: it says the same of the same file.
        self._alone = [pair for pair in again if pair[0].__init__ is Check.__init__]
        self._together = [pair for pair in again if pair[0].__init__ is not Check.__init__]
        self._wants_types = any(reason.failed == _TYPES for check, _ in again for reason in check.recorded)
        self._monitored = monitored(policy, every)
        self._again = _codes((*Limits.reasons, *(reason for check in every.values() for reason in check.recorded)))
        self._on = _codes(reason for check, _ in self._chosen for reason in check.reasons)
        self._of_checks = _codes(reason for check in every.values() for reason in check.reasons)
        self._file = lru_cache(maxsize=16384)(self._judge_file)

    def unjudged(self) -> tuple[Unjudged, ...]:
        """The checks that are on and cannot, or not wholly, be judged."""
        return tuple(
            Unjudged(check.name, tuple(reason.code for reason in check.recorded))
            for check, _ in self._chosen
            if set(check.recorded) != set(check.reasons)
        )

    def judge(self, upload: Recorded) -> Judgement:
        """What the policy says of an upload."""
        found = [*self._limits(upload), *self._files(upload), *self._parts(upload), *self._kept(upload)]
        marked = tuple(map(self._monitored.mark, found))
        return Judgement(marked, self._unknown(upload), self.policy.not_examined == "forward")

    def as_found(self, upload: Recorded) -> Judgement:
        """What was found, for an upload that was judged by this very policy."""
        unknown = "" if upload.complete else REST_NOT_SEEN
        return Judgement(upload.findings, unknown, self.policy.not_examined == "forward")

    def _unknown(self, upload: Recorded) -> str:
        if not upload.complete:
            return REST_NOT_SEEN
        if len(upload.listed_files) < upload.files or len(upload.listed_fields) < upload.parts - upload.files:
            return PARTS_NOT_LISTED
        untold = self._wants_types and any(_has_bytes(file) and not file.content for file in upload.listed_files)
        return TYPE_NOT_RECORDED if untold else ""

    def _limits(self, upload: Recorded) -> Iterator[Finding]:
        if (finding := body_finding(self.policy, upload.size)) is not None:
            yield finding
        yield from count_findings(self.policy, upload.parts, upload.files)
        limits = Limits(Settings(), self.policy)
        largest_file = max((file.size for file in upload.listed_files), default=0)
        for part, size in ((_FIELD, upload.largest_field), (_FILE, largest_file)):
            limits.begin(part)
            yield from limits.judge_size(part, size)

    def _files(self, upload: Recorded) -> Iterator[Finding]:
        for file in upload.listed_files:
            shape = file.shape
            name = shape.suffixes, shape.hidden, shape.size
            yield from self._file(name, file.declared_type, file.content_type, file.content, _has_bytes(file))

    def _judge_file(
        self, name: tuple[tuple[str, ...], tuple[str, ...], int], declared: str, content_type: str,
        content: Content | None, filled: bool,  # noqa: FBT001 - part of a key
    ) -> tuple[Finding, ...]:  # fmt: skip
        """What the checks that judge every file alone say of its name and type."""
        standing, *hidden = like(*name)
        part = _part(b"", standing, declared)
        file = _file(part, content_type, content, 1 if filled else 0, "")
        checks = [check(settings, self.policy) for check, settings in self._alone]
        named = [_part(b"", other, declared) for other in hidden]
        found = [finding for check in checks for each in (part, *named) for finding in check.begin(each)]
        found += [finding for check in checks for finding in check.look(file)]
        return tuple(finding for finding in found if finding.reason.code in self._again)

    def _parts(self, upload: Recorded) -> Iterator[Finding]:
        """What the others say, which compare parts or know digests."""
        if not self._together:
            return
        checks = [check(settings, self.policy) for check, settings in self._together]
        begin, look, end = (_verbs(checks, verb) for verb in ("begin", "look", "end"))
        for field in upload.listed_fields:
            part = Part(0, field.name.encode(), b"" if field.is_file else None, None)
            yield from _asked(begin, part)
            yield from _asked(end, part, field.size)
        for file in upload.listed_files:
            part = _part(file.field.encode(), like(file.shape.suffixes, (), file.shape.size)[0], file.declared_type)
            size = file.size or _has_bytes(file)
            yield from _asked(begin, part)
            yield from _asked(look, _file(part, file.content_type, file.content, size, file.sha256))
            yield from _asked(end, part, size)

    def _kept(self, upload: Recorded) -> Iterator[Finding]:
        """What was found then and cannot be judged again, unless its check is off now."""
        for finding in upload.findings:
            code = finding.reason.code
            if code in self._of_checks:
                if code in self._on and code not in self._again:
                    yield replace(finding, monitored=False, forward=None)
            elif code not in self._again and (now := self._now(replace(finding, forward=None))) is not None:
                yield now


def _verbs(checks: list[Check], verb: str) -> list[Callable[..., Iterable[Finding]]]:
    """Those that do something."""
    return [getattr(check, verb) for check in checks if getattr(type(check), verb) is not getattr(Check, verb)]


def _asked(verbs: list[Callable[..., Iterable[Finding]]], *subject: object) -> Iterator[Finding]:
    for verb in verbs:
        yield from verb(*subject)


def _has_bytes(file: RecordedFile) -> bool:
    """Also one that was refused before any of its bytes were looked at may have some."""
    return file.size > 0 or not file.sha256


def _codes(reasons: Iterable[Reason]) -> frozenset[str]:
    return frozenset(reason.code for reason in reasons)


def _part(field: bytes, name: bytes, declared: str) -> Part:
    return Part(0, field, name or None, declared.encode("latin-1", "replace") if declared else None)


def _file(part: Part, content_type: str, content: Content | None, size: int, sha256: str) -> File:
    """A file whose type is not known where nobody had asked what its head shows."""
    known = content_type if content or not size else ""
    return File(part, _HEAD if size else b"", known, size, sha256, content=content)
