"""Writes what was learned as a configuration, with the figures behind each line."""

import json
import math
import re
from collections.abc import Iterator
from typing import Final

from sidecar.cli.suggesting.facts import Facts, Learned
from sidecar.inspection.finding import printable
from sidecar.inspection.types.kinds import UNKNOWN, Risk, kind_of_type
from sidecar.policy.routing.router import DEFAULT_LABEL
from sidecar.policy.settings.base import MiB
from sidecar.policy.settings.model import Spool
from sidecar.policy.values.media_range import parse_media_range
from sidecar.policy.values.units import size_text

KiB: Final = 1024
_STEPS: Final = ((1 * MiB, 64 * KiB), (16 * MiB, 1 * MiB), (256 * MiB, 16 * MiB))
_LARGEST_STEP: Final = 64 * MiB
_NOT_IN_NAMES: Final = re.compile(r"[^A-Za-z0-9]+")
_LONGEST_NAME: Final = 50
_SHOWN: Final = 4


class Suggestion:
    """One configuration, made of what was learned."""

    def __init__(self, learned: Learned, headroom: float) -> None:
        self._learned = learned
        self._headroom = headroom
        self._names = _names(learned)

    def text(self, heading: Iterator[str]) -> str:
        """The YAML, behind a heading of comments."""
        lines = [*(f"# {line}".rstrip() for line in heading), "", *self._lines()]
        return "".join(f"{line}\n" for line in lines)

    def _lines(self) -> Iterator[str]:
        yield "change:"
        yield f"  reason: {_quoted(f'suggested from {self._learned.uploads} recorded uploads')}"
        yield "mode: monitor  # replay it, watch it, then enforce"
        yield from self._spool()
        yield "policies:"
        if self._learned.default.uploads:
            yield from self._policy(DEFAULT_LABEL, self._learned.default)
        else:
            yield f"  {DEFAULT_LABEL}: {{}}  # no upload fell under it: its settings are the defaults"
        for facts in self._learned.groups.values():
            yield from self._policy(self._names[facts.path], facts)
        if self._learned.groups:
            yield "# A route also covers what is no form: raw files, JSON. max_body holds for all of its requests."
            yield "routes:"
        for facts in self._learned.groups.values():
            yield f"  - path: {_quoted(facts.path)}  # {facts.uploads:,} uploads"
            if facts.name:
                yield f"    name: {_quoted(facts.name)}"
            yield f"    policy: {self._names[facts.path]}"

    def _spool(self) -> Iterator[str]:
        """The largest body must fit."""
        largest = max(self._body(facts) for facts in (self._learned.default, *self._learned.groups.values()))
        default = Spool.max_bytes
        if largest > default:
            yield f"spool: {{max_bytes: {size_text(largest)}}}  # the largest max_body must fit; 1GiB does not do"

    def _policy(self, name: str, facts: Facts) -> Iterator[str]:
        yield f"  {name}:  # {facts.uploads:,} uploads"
        yield f"    max_body: {size_text(self._body(facts))}  # the largest had {facts.largest_body:,} bytes"
        yield f"    max_parts: {self._parts(facts)}  # the most were {facts.most_parts}"
        if facts.most_files:
            yield f"    max_files: {self._count(facts.most_files)}  # the most were {facts.most_files}"
            yield self._limit("max_file", facts.largest_file)
        else:
            yield "    # no file was seen: max_files and max_file are the defaults"
        yield self._limit("max_field", facts.largest_field)
        yield from _types(facts)

    def _limit(self, name: str, largest: int) -> str:
        return f"    {name}: {size_text(self._size(largest))}  # the largest had {largest:,} bytes"

    def _size(self, largest: int) -> int:
        """The largest with headroom, rounded up to what people write."""
        wanted = math.ceil(largest * self._headroom) or 1
        step = next((step for limit, step in _STEPS if wanted <= limit), _LARGEST_STEP)
        return -(-wanted // step) * step

    def _count(self, most: int) -> int:
        return math.ceil(most * self._headroom)

    def _parts(self, facts: Facts) -> int:
        return max(1, self._count(facts.most_parts), self._count(facts.most_files))

    def _body(self, facts: Facts) -> int:
        """No smaller than what it must hold."""
        return max(map(self._size, (facts.largest_body, facts.largest_file, facts.largest_field)))


def _types(facts: Facts) -> Iterator[str]:
    """The types that were seen; those that something runs only as a comment."""
    files = facts.types.total()
    if not files:
        return
    kept = [(kind, count) for kind, count in facts.types.most_common() if not _why_not(kind)]
    yield "    files:"
    yield "      types:" if kept else "      types: []  # none of what was seen can be let in by its name without harm"
    for kind, count in kept:
        yield f"        - {kind}  # {_share(count, files)}{_as(facts, kind)}"
    for kind, count in facts.types.most_common():
        if why := _why_not(kind):
            yield f"        # not listed: {printable(kind)}, {_share(count, files)}{_as(facts, kind)}: {why}"


def _why_not(content_type: str) -> str:
    """Why a type is left to people; empty where it is not."""
    kind = kind_of_type(content_type)
    if content_type == UNKNOWN:
        return "nothing is known of such content; to list it lets in everything that is unknown"
    if kind is not None and kind.risk is not Risk.PASSIVE:
        return f"{kind.title} can be run; list it if that is meant"
    try:
        return "" if parse_media_range(content_type) == content_type and "*" not in content_type else "no usable name"
    except ValueError:
        return "no usable name"


def _share(count: int, files: int) -> str:
    return f"{count:,} of {files:,} files ({100 * count / files:.3g} %)"


def _as(facts: Facts, content_type: str) -> str:
    """The suffixes that such files have."""
    pairs = [(suffix, count) for (kind, suffix), count in facts.suffixes.most_common() if kind == content_type]
    shown = ", ".join(
        f".{suffix} {count:,}" if suffix else f"without suffix {count:,}" for suffix, count in pairs[:_SHOWN]
    )
    return f": {shown}{', ...' if len(pairs) > _SHOWN else ''}" if pairs else ""


def _quoted(text: str) -> str:
    """A text of JSON is one of YAML too."""
    return json.dumps(text)


def _names(learned: Learned) -> dict[str, str]:
    """A name of its own for the policy of every path."""
    names: dict[str, str] = {}
    for path in learned.groups:
        plain = _NOT_IN_NAMES.sub("-", path).strip("-")[:_LONGEST_NAME].strip("-") or "root"
        taken = {DEFAULT_LABEL, *names.values()}
        names[path] = next(name for name in (plain, *(f"{plain}-{n}" for n in range(2, 1000))) if name not in taken)
    return names
