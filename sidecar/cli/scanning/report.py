"""How `scan` tells a verdict: lines for people, JSON for programs."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sidecar.inspection.examined import Node
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.verdict import Verdict
from sidecar.scanners.reasons import LATER

_UNAVAILABLE: Final = frozenset(reason.code for reason in LATER)


@dataclass(frozen=True, slots=True)
class Told:
    """What one scanner said of one file. All texts are safe to print."""

    scanner: str
    version: str
    """Empty where it tells none."""
    result: str
    """`clean`, `bad`, or why it was not examined."""
    detail: str
    """What was found, or what went wrong."""
    seconds: float


@dataclass(frozen=True, slots=True)
class Judged:
    """One file and what was decided."""

    source: str
    """The file as the command line names it, safe to print."""
    policy: str
    verdict: Verdict
    tree: Node | None = None
    """What was found in it and examined whole; None where no check wanted that."""
    told: tuple[Told, ...] = ()
    """What the scanners said of it."""
    unasked: Sequence[str] = ()
    """Scanners that the policy uses and nobody asked."""


def as_text(judged: Judged) -> str:
    """One line, three more for each finding, and the tree of what was examined."""
    return "".join(f"{line}\n" for line in _lines(judged))


def _lines(judged: Judged) -> Iterator[str]:
    yield f"{judged.source}: {_outcome(judged)} by policy {judged.policy}{_facts(judged.verdict)}"
    for finding in judged.verdict.findings:
        reason = finding.reason
        yield f"  {reason.code} ({reason.status}): {reason.title}" + (f": {finding.actual}" if finding.actual else "")
        yield f"    expected  {finding.expectation}"
        yield f"    advice    {reason.advice}"
    if judged.tree is not None:
        yield from _branch(judged.tree, "  ")
    yield from (f"  {line}" for line in _told_lines(judged.told, judged.unasked))


def _branch(node: Node, indent: str) -> Iterator[str]:
    """One file of the tree, and those within it."""
    spent = ", ".join(f"{check} {seconds * 1000:.1f} ms" for check, seconds in node.checks)
    found = f"; found {', '.join(node.findings)}" if node.findings else ""
    facts = f"{node.content_type or 'empty'}, {node.size} bytes"
    yield f"{indent}{node.name}: {facts}; {f'examined by {spent}' if spent else 'not examined whole'}{found}"
    for each in node.inside:
        yield from _branch(each, f"{indent}  ")


def _told_lines(told: Sequence[Told], unasked: Sequence[str]) -> list[str]:
    """One line for each scanner."""
    lines = [
        f"{each.scanner}: {': '.join(filter(None, (each.result.replace('_', ' '), each.detail)))}"
        f"; {', '.join(filter(None, (f'{each.seconds * 1000:.1f} ms', each.version)))}"
        for each in told
    ]
    return [*lines, *(f"{name}: not asked, as --no-scanners says" for name in unasked)]


def _outcome(judged: Judged) -> str:
    if undecided(judged.verdict):
        return "not decided"
    word = "accepted" if judged.verdict.accepted else "refused"
    return f"{word}, not examined" if judged.verdict.label == "not_examined" else word


def _facts(verdict: Verdict) -> str:
    file = next(iter(verdict.files), None)
    if file is None:
        return ""
    left = f"; goes on without metadata, {file.stripped.size} bytes" if file.stripped else ""
    return f"; {file.content_type or 'empty'}, {file.size} bytes, sha256 {file.sha256}{left}"


def as_json(judged: Judged) -> str:
    """One JSON object on one line."""
    verdict = judged.verdict
    record = next(iter(verdict.files), None)
    told: dict[str, Any] = {
        "file": judged.source,
        "policy": judged.policy,
        "accepted": verdict.accepted,
        "verdict": verdict.label,
        "findings": [_finding(finding) for finding in verdict.findings],
    }
    if record is not None:
        told |= {
            "filename": printable(record.filename),
            "content_type": record.content_type,
            "size": record.size,
            "sha256": record.sha256,
        }
        if record.stripped is not None:
            told["stripped"] = {"size": record.stripped.size, "sha256": record.stripped.sha256}
    if judged.tree is not None:
        told["tree"] = _node(judged.tree)
    if judged.told or judged.unasked:
        told["scanners"] = _told_json(judged.told, judged.unasked)
    return json.dumps(told) + "\n"


def _node(node: Node) -> dict[str, Any]:
    return {
        "name": node.name,
        "content_type": node.content_type,
        "size": node.size,
        "sha256": node.sha256,
        "examined_by": {check: round(seconds, 6) for check, seconds in node.checks},
        "findings": node.findings,
        "inside": [_node(each) for each in node.inside],
    }


def _finding(finding: Finding) -> dict[str, Any]:
    reason = finding.reason
    return {
        "code": reason.code,
        "title": reason.title,
        "status": reason.status,
        "failed": reason.failed,
        "expected": finding.expectation,
        "actual": finding.actual,
        "advice": reason.advice,
        "retry": reason.retry.value,
        "not_examined": reason.not_examined,
    }


def _told_json(told: Sequence[Told], unasked: Sequence[str]) -> list[dict[str, Any]]:
    """One object for each scanner."""
    found: list[dict[str, Any]] = [
        {
            "scanner": each.scanner,
            "version": each.version,
            "result": each.result,
            "detail": each.detail,
            "seconds": round(each.seconds, 6),
        }
        for each in told
    ]
    return [*found, *({"scanner": name, "result": "not_asked"} for name in unasked)]


def undecided(verdict: Verdict) -> bool:
    """Whether a file is refused for nothing but a scanner that could not be asked: it may be good or bad."""
    refusing = verdict.refusals
    return bool(refusing) and all(finding.reason.code in _UNAVAILABLE for finding in refusing)
