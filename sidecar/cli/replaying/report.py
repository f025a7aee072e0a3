"""How `replay` tells what would change: lines for people, JSON for programs."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, Final

from sidecar.cli.audit_files import AuditFiles, Unread
from sidecar.cli.replaying.compare import Change, Comparison, Fate, OfRoute, words_of
from sidecar.inspection.finding import printable
from sidecar.inspection.recorded import Judge

_FATES: Final = (Fate.LET_IN, Fate.COUNTED, Fate.REFUSED, Fate.NOT_INSPECTED, Fate.NOT_KNOWN)
_ALL: Final = 100
NEVER_JUDGED: Final = (
    "which requests count as uploads, and everything under `bodies`, `inside`, `isolation` and `spool`",
    "the grammar of forms, `delivery` and `body`: what was malformed then counts as malformed now",
    "scanners: what they found then is kept where the policy still asks any; what they would find now is not known",
    "names but for their length and suffixes: `file_names.server_files` and suffixes that no table has within a name",
    "text that begins beyond the first 4096 bytes: its type is judged by those",
    "compressed bodies: their size is judged as it was sent",
)
"""What no line tells, whatever the policy."""


def as_text(files: AuditFiles, comparison: Comparison, judges: Mapping[str, Judge]) -> str:
    """The report."""
    return "".join(f"{line}\n" for line in _lines(files, comparison, judges))


def _lines(files: AuditFiles, comparison: Comparison, judges: Mapping[str, Judge]) -> Iterator[str]:
    yield from heading(files, comparison)
    yield ""
    yield from _table(("route", "policy", "mode", "uploads", *(f"now {fate}" for fate in _FATES)), _routes(comparison))
    yield ""
    share = f" ({100 * comparison.changed / comparison.uploads:.3g} %)" if comparison.uploads else ""
    yield f"treated otherwise: {comparison.changed:,}{share}"
    if comparison.changes:
        yield from _table(("route", "then", "now", "reason", "uploads", "one of them"), _changes(comparison))
    yield from _judged_how(comparison, judges)


def _judged_how(comparison: Comparison, judges: Mapping[str, Judge]) -> Iterator[str]:
    """What the figures rest on."""
    yield ""
    if comparison.same_policy:
        yield f"{comparison.same_policy:,} were judged by the same policy then: what was found then is found now"
    unjudged = list(_not_judged(comparison, judges))
    if unjudged:
        yield "cannot be judged from these lines, and is not guessed:"
    for words in unjudged:
        yield f"- {words}"


def heading(files: AuditFiles, comparison: Comparison) -> Iterator[str]:
    """What was read, and what could not be."""
    span = f", {printable(comparison.first, 30)} to {printable(comparison.last, 30)}" if comparison.uploads else ""
    yield f"{comparison.uploads:,} uploads in {len(files.names)} file{'s' * (len(files.names) != 1)}{span}"
    yield from unread(files.unread)
    if comparison.failed:
        yield f"{comparison.failed:,} ended for another reason than a finding (no room, no service) and are left out"
    if comparison.without_path:
        yield f"{comparison.without_path:,} have no path (audit.paths is off) and went by the path of their route"


def unread(what: Unread) -> Iterator[str]:
    """Which lines say nothing."""
    for name in what.cut:
        yield f"{name}: the last line is cut off and was left out"
    if what.other_version:
        yield f"{what.other_version:,} lines are of another version and were left out ({what.version})"
    if what.broken:
        yield f"{what.broken:,} lines are none of an audit log and were left out, the first at {what.broken_at}"


def _routes(comparison: Comparison) -> Iterator[tuple[str, ...]]:
    for label, route in sorted(comparison.routes.items()):
        counts = (f"{route.now[fate]:,}" for fate in _FATES)
        yield printable(label, 100), route.policy, _mode(route), f"{route.uploads:,}", *counts


def _mode(route: OfRoute) -> str:
    partly = route.mode == "enforce" and route.enforce_percent < _ALL
    return f"{route.mode}, {route.enforce_percent:g} %" if partly else route.mode


def _changes(comparison: Comparison) -> Iterator[tuple[str, ...]]:
    for change, count in comparison.changes.most_common():
        example = printable(comparison.examples[change], 40)
        yield printable(change.route, 100), change.then, change.now, change.reason or "-", f"{count:,}", example


def _table(head: tuple[str, ...], rows: Iterator[tuple[str, ...]]) -> Iterator[str]:
    """Columns; numbers to the right."""
    table = [head, *rows]
    columns = list(zip(*table, strict=True))
    widths = [max(map(len, column)) for column in columns]
    counts = [all(cell.replace(",", "").isdigit() for cell in column[1:]) for column in columns]
    for row in table:
        cells = (
            cell.rjust(width) if count else cell.ljust(width)
            for cell, width, count in zip(row, widths, counts, strict=True)
        )
        yield "  ".join(cells).rstrip()


def _not_judged(comparison: Comparison, judges: Mapping[str, Judge]) -> Iterator[str]:
    by_checks: dict[str, list[str]] = {}
    for name, judge in sorted(judges.items()):
        wholly = ", ".join(check.name for check in judge.unjudged() if not check.but)
        by_checks.setdefault(wholly, []).append(name)
    for checks, names in by_checks.items():
        if checks:
            policies = f"{'policy' if len(names) == 1 else 'policies'} {', '.join(names)}"
            yield f"{policies}: what {checks} would find; what they found then is kept while they are on"
    if judges:
        yield from NEVER_JUDGED
    for label, route in sorted(comparison.routes.items()):
        for unknown, count in route.unknown.most_common():
            yield f"route {printable(label, 100)}: {count:,} uploads, as {words_of(unknown)}"


def as_json(files: AuditFiles, comparison: Comparison, judges: Mapping[str, Judge]) -> str:
    """One JSON object."""
    what = files.unread
    told = {
        "uploads": comparison.uploads,
        "from": printable(comparison.first, 30),
        "to": printable(comparison.last, 30),
        "lines_left_out": {"cut": len(what.cut), "other_version": what.other_version, "broken": what.broken},
        "failed": comparison.failed,
        "without_path": comparison.without_path,
        "same_policy": comparison.same_policy,
        "treated_otherwise": comparison.changed,
        "changes": [_change(change, count, comparison) for change, count in comparison.changes.most_common()],
        "routes": {label: _route(route) for label, route in sorted(comparison.routes.items())},
        "not_judged": list(_not_judged(comparison, judges)),
    }
    return json.dumps(told, indent=1) + "\n"


def _change(change: Change, count: int, comparison: Comparison) -> dict[str, Any]:
    return {
        "route": change.route,
        "then": change.then,
        "now": change.now,
        "reason": change.reason,
        "uploads": count,
        "request_id": printable(comparison.examples[change], 128),
    }


def _route(route: OfRoute) -> dict[str, Any]:
    return {
        "policy": route.policy,
        "mode": route.mode,
        "enforce_percent": route.enforce_percent,
        "uploads": route.uploads,
        "then": dict(route.then),
        "now": dict(route.now),
        "not_known": dict(route.unknown),
    }
