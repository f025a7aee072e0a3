"""What an audit log shows of honest uploads, group by group, in bounded memory."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final, TypeVar

from sidecar.inspection.name_shape import MASKED
from sidecar.inspection.recorded import RecordedFile
from sidecar.inspection.types.kinds import EMPTY, UNKNOWN, canonical, kind_of_suffix
from sidecar.policy.routing.router import DEFAULT_LABEL
from sidecar.policy.values.words import parse_label, parse_route_path
from sidecar.telemetry.audit_read import Line

Key = TypeVar("Key", str, tuple[str, str])

MOST_GROUPS: Final = 20
"""Paths that get a route of their own; the others fall under `default`."""
_MOST_SEEN: Final = 500
_MOST_WORDS: Final = 200
_LITERAL: Final = re.compile(r"[A-Za-z][A-Za-z_-]{0,30}|v[0-9]{1,2}")
"""A segment that names a place; anything else may be the number or the name of a thing."""
_DEEPEST: Final = 4
_SUFFIX: Final = re.compile(r"[a-z0-9]{1,10}")


@dataclass(slots=True)
class Facts:
    """Of one group of uploads. Sizes are bytes."""

    path: str = ""
    """Prefix that a route can have; empty for what falls under `default`."""
    name: str = ""
    """Label of its route, where the configuration gave it one."""
    uploads: int = 0
    largest_body: int = 0
    largest_file: int = 0
    largest_field: int = 0
    most_parts: int = 0
    most_files: int = 0
    types: Counter[str] = field(default_factory=Counter)
    """Files by the type that would let them in; `application/octet-stream` is what libmagic does not know."""
    suffixes: Counter[tuple[str, str]] = field(default_factory=Counter)
    """Files by that type and their suffix."""

    def take(self, line: Line) -> None:
        """Learn from one upload."""
        upload = line.upload
        self.uploads += 1
        self.largest_body = max(self.largest_body, upload.size)
        self.largest_field = max(self.largest_field, upload.largest_field)
        self.most_parts, self.most_files = max(self.most_parts, upload.parts), max(self.most_files, upload.files)
        for file in upload.listed_files:
            self.largest_file = max(self.largest_file, file.size)
            kind, suffix = type_of(file), _suffix(file)
            _count(self.types, kind, 1)
            _count(self.suffixes, (kind, suffix), 1)

    def add(self, other: "Facts") -> None:
        """Take in another group."""
        self.uploads += other.uploads
        for name in ("largest_body", "largest_file", "largest_field", "most_parts", "most_files"):
            setattr(self, name, max(getattr(self, name), getattr(other, name)))
        for kind, files in other.types.items():
            _count(self.types, kind, files)
        for pair, files in other.suffixes.items():
            _count(self.suffixes, pair, files)


def _count(counter: Counter[Key], key: Key, files: int) -> None:
    """Hostile words must not make it grow for ever."""
    if key in counter or len(counter) < _MOST_WORDS:
        counter[key] += files


def type_of(file: RecordedFile) -> str:
    """The most exact type that `files.types` would let the file in by."""
    if file.content is None or file.content.type == EMPTY:
        return EMPTY if not file.size else canonical(file.content_type) or UNKNOWN
    content = file.content
    if content.opener is not None:
        return content.opener.type
    claim = kind_of_suffix(_suffix(file))
    if claim is None or claim.type == content.type:
        return content.kind.type if content.kind else content.type
    more_exact = content.type in claim.within or (claim.text and content.is_text) or claim in content.begins
    return claim.type if more_exact else content.kind.type if content.kind else content.type


def _suffix(file: RecordedFile) -> str:
    last = file.shape.suffixes[-1] if file.shape.suffixes else ""
    return last if last != MASKED and _SUFFIX.fullmatch(last) else ""


@dataclass(slots=True)
class Learned:
    """All groups, and what nothing was learned from."""

    groups: dict[str, Facts] = field(default_factory=dict)
    default: Facts = field(default_factory=Facts)
    left_out: Counter[str] = field(default_factory=Counter)
    """Uploads by why: the reason of a finding, or a word in brackets."""
    first: str = ""
    last: str = ""

    def take(self, line: Line) -> None:
        """Learn from an upload in which nothing was found that refuses."""
        self.first, self.last = min(self.first or line.ts, line.ts), max(self.last, line.ts)
        why = _why_not(line)
        if why:
            _count(self.left_out, why, 1)
            return
        self._group(line).take(line)

    @property
    def uploads(self) -> int:
        """Those that something was learned from."""
        return self.default.uploads + sum(facts.uploads for facts in self.groups.values())

    def _group(self, line: Line) -> Facts:
        path = next(iter(line.prefixes), "") or _literal_prefix(line.path or "")
        if not path or not _is_usable(path):
            return self.default
        if path not in self.groups:
            if len(self.groups) >= _MOST_SEEN:
                return self.default
            self.groups[path] = Facts(path, _name(line, path))
        return self.groups[path]

    def settle(self) -> None:
        """Keep the groups with most uploads; the others fall under `default`."""
        most = sorted(self.groups.values(), key=lambda facts: (-facts.uploads, facts.path))
        for facts in most[MOST_GROUPS:]:
            self.default.add(self.groups.pop(facts.path))


def _why_not(line: Line) -> str:
    refusing = (each.reason.code for each, refuses in zip(line.upload.findings, line.refuses, strict=True) if refuses)
    code = next(refusing, "")
    if code or line.action != "forwarded":
        return code or "(failed)"
    return "" if line.upload.complete and line.verdict != "not_inspected" else "(not inspected to its end)"


def _literal_prefix(path: str) -> str:
    return "".join(f"/{segment}" for segment in _literals(path))


def _literals(path: str) -> Iterator[str]:
    for segment in path.split("/")[1 : _DEEPEST + 1]:
        if not _LITERAL.fullmatch(segment):
            return
        yield segment


def _is_usable(path: str) -> bool:
    try:
        parse_route_path(path)
    except ValueError:
        return False
    return path.isascii()


def _name(line: Line, path: str) -> str:
    """The label that the configuration gave the route."""
    if not line.prefixes or line.route in {path, DEFAULT_LABEL} or len(line.route) > 100:  # noqa: PLR2004 - of RouteLabel
        return ""
    try:
        return parse_label(line.route)
    except ValueError:
        return ""
