"""The change note: what was changed and why, what came of it, and the way back, as Markdown."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sidecar.cli.comparison import moved
from sidecar.cli.comparison.baseline import Baseline
from sidecar.cli.comparison.judgement import Judgement, Word, passed
from sidecar.cli.comparison.markdown import code, line, table, text
from sidecar.cli.comparison.movement import movements
from sidecar.cli.comparison.told import count
from sidecar.policy.loading.difference import difference_of

_FACTS: Final = {"owner": "Owner", "reason": "Reason", "expected": "Expected", "rollback": "Way back"}
_OTHERS: Final = (
    ("What the cache said", "upstream_cache_total", "status", "upstream_cache_total"),
    ("Errors of the service", "upstream_errors_total", "reason", "requests_total"),
    ("Turned away for want of room", "requests_shed_total", "reason", "requests_total"),
)
"""Counters that are compared by a label, as shares of another."""
_NOT_TOLD: Final = "not told"


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two baselines, and what was judged of them."""

    before: Baseline
    after: Baseline
    judgements: Sequence[Judgement]
    command: str

    @property
    def change(self) -> dict[str, Any]:
        """The change note of the configuration that came last."""
        return self.after.change or {}


def note(comparison: Comparison) -> str:
    """The whole note."""
    sections = (_head, _bounds, _configuration, _figures, _commands, _way_back)
    return "\n".join(line_ for section in sections for line_ in section(comparison)) + "\n"


def _head(comparison: Comparison) -> Iterator[str]:
    change = comparison.change
    yield f"# Change: {text(str(change.get('reason') or 'no reason told'))}"
    yield ""
    facts = [(title, text(str(change.get(key) or _NOT_TOLD))) for key, title in _FACTS.items()]
    yield from table(("", ""), facts)
    yield from table(
        ("Window", "Ended", "#Seconds", "#Requests", "#Uploads", "Mode", "Version", "Configuration", "Seen by"),
        (_window("before", comparison.before), _window("after", comparison.after)),
    )
    yield from _warnings(comparison)


def _window(name: str, baseline: Baseline) -> tuple[str, ...]:
    window = baseline.window()
    return (
        name, text(baseline.made), f"{baseline.seconds:.0f}", count(window.total("requests_total")),
        count(window.total("uploads_total")), _list(baseline.modes), _list(baseline.versions),
        _list([one[:12] for one in baseline.configurations]), text(baseline.source),
    )  # fmt: skip


def _list(words: Sequence[str]) -> str:
    return ", ".join(text(word) for word in words[:5]) + (f" and {len(words) - 5} more" if len(words) > 5 else "")  # noqa: PLR2004


def _warnings(comparison: Comparison) -> Iterator[str]:
    """What makes the two windows hard to compare."""
    before, after = comparison.before, comparison.after
    found = []
    if set(before.versions) != set(after.versions):
        versions = f"{_list(before.versions)} to {_list(after.versions)}"
        found.append(f"The program changed too, from {versions}: what moved may come from it.")
    for name, one in (("before", before), ("after", after)):
        if len(one.configurations) > 1 or len(one.modes) > 1:
            found.append(
                f"The window {name} had more than one configuration or mode in force: its figures are a mixture."
            )
        if not one.window().total("requests_total"):
            found.append(f"No requests were counted {name}: nothing can be said.")
    longest, shortest = max(before.seconds, after.seconds), min(before.seconds, after.seconds)
    if longest > 3 * shortest:
        found.append(f"One window is {longest / shortest:.0f} times as long as the other.")
    for warning in found:
        yield f"> {warning}"
        yield ""


def _bounds(comparison: Comparison) -> Iterator[str]:
    yield "## Was it as expected?"
    yield ""
    judgements = comparison.judgements
    if not judgements:
        yield "No bounds were stated (`change.bounds`), so nobody but you can tell."
        yield ""
        return
    yield "**Yes.** All bounds were met." if passed(judgements) else "**No.** " + _missed(judgements)
    yield ""
    rows = [(code(one.bound.text), one.before, one.after, _stressed(one.word), text(one.why)) for one in judgements]
    yield from table(("Bound", "#Before", "#After", "Verdict", "How sure"), rows)


def _stressed(word: Word) -> str:
    return word.value if word is Word.MET else f"**{word.value}**"


def _missed(judgements: Sequence[Judgement]) -> str:
    missed, unknown = (sum(one.word is word for one in judgements) for word in (Word.MISSED, Word.UNKNOWN))
    if len(judgements) == 1:
        return "The bound was missed." if missed else "Nobody can tell whether the bound was met."
    said = [f"{missed} {'was' if missed == 1 else 'were'} missed"] if missed else []
    said += [f"{unknown} {'is' if unknown == 1 else 'are'} unknown"] if unknown else []
    return f"Of {len(judgements)} bounds {', '.join(said)}."


def _configuration(comparison: Comparison) -> Iterator[str]:
    yield "## What changed in the configuration"
    yield ""
    before, after = comparison.before, comparison.after
    if before.config is None or after.config is None:
        same = before.configurations == after.configurations
        told = "the same" if same else "another"
        yield f"The snapshots hold no configuration (`--config` adds it); by its digest it is {told}."
    else:
        old, new = (
            {key: value for key, value in one.items() if key != "change"} for one in (before.config, after.config)
        )
        changes = difference_of(old, new)
        yield from (f"- {code(change)}" for change in changes)
        if not changes:
            yield "Nothing but the change note, or what a switch says: " + _modes(before, after)
    yield ""


def _modes(before: Baseline, after: Baseline) -> str:
    return f"the mode was {_list(before.modes)} before and {_list(after.modes)} after."


def _figures(comparison: Comparison) -> Iterator[str]:
    before, after = comparison.before.window(), comparison.after.window()
    yield from movements("What moved", "Figure", list(moved.rows(before.figures(), after.figures())))
    yield from movements("Findings by reason", "Reason", list(moved.reasons(before, after)))
    for title, name, label, whole in _OTHERS:
        yield from movements(title, "", list(moved.counts(before, after, name, label, whole)))


def _commands(comparison: Comparison) -> Iterator[str]:
    yield "## Commands"
    yield ""
    yield from (
        f"    {line(command)}" for command in (comparison.before.command, comparison.after.command, comparison.command)
    )
    yield ""


def _way_back(comparison: Comparison) -> Iterator[str]:
    yield "## The way back"
    yield ""
    yield text(str(comparison.change.get("rollback") or _NOT_TOLD))
