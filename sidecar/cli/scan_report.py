"""How `scan` tells a verdict: lines for people, JSON for programs."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sidecar.inspection.examined import Node
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.verdict import Verdict


@dataclass(frozen=True, slots=True)
class Judged:
    """One file and what was decided."""

    source: str
    """The file as the command line names it, safe to print."""
    policy: str
    verdict: Verdict
    tree: Node | None = None
    """What was found in it and examined whole; None where no check wanted that."""


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


def _branch(node: Node, indent: str) -> Iterator[str]:
    """One file of the tree, and those within it."""
    spent = ", ".join(f"{check} {seconds * 1000:.1f} ms" for check, seconds in node.checks)
    found = f"; found {', '.join(node.findings)}" if node.findings else ""
    facts = f"{node.content_type or 'empty'}, {node.size} bytes"
    yield f"{indent}{node.name}: {facts}; {f'examined by {spent}' if spent else 'not examined whole'}{found}"
    for each in node.inside:
        yield from _branch(each, f"{indent}  ")


def _outcome(judged: Judged) -> str:
    word = "accepted" if judged.verdict.accepted else "refused"
    return f"{word}, not examined" if judged.verdict.label == "not_examined" else word


def _facts(verdict: Verdict) -> str:
    facts = (f"; {file.content_type or 'empty'}, {file.size} bytes, sha256 {file.sha256}" for file in verdict.files)
    return next(facts, "")


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
    if judged.tree is not None:
        told["tree"] = _node(judged.tree)
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
