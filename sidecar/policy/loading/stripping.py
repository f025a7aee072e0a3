"""Whether what a policy says of metadata can be done with the checks and the routes that it has."""

from collections.abc import Iterator
from typing import Final

from sidecar.policy.loading.document import Document
from sidecar.policy.loading.problem import Problem
from sidecar.policy.values.words import lowered, switch

_CHECK: Final = "metadata_removal"
_NEEDED: Final = (("delivery", "hold"), ("body", "canonical"))


def stripping_problems(document: Document) -> Iterator[Problem]:
    """Policies that strip metadata without the check that does it, and routes whose bodies cannot be changed."""
    for name in document.names("policies"):
        if _strips(document, name) and (said := _unchecked(document, name)) is not None:
            at = name if said == name and document.get("policies", name, "checks") is not None else "default"
            yield document.problem(
                ("policies", at, "checks"), f"switches off what files.metadata: strip of {name} needs",
                f"{_CHECK}: on, or files.metadata: keep",
            )  # fmt: skip
    for index, route in enumerate(document.entries("routes")):
        if isinstance(route, dict) and _strips(document, str(route.get("policy", "default"))):
            yield from _route(document, index)


def _route(document: Document, index: int) -> Iterator[Problem]:
    for setting, needed in _NEEDED:
        said = document.get("routes", index, setting)
        if isinstance(said, str) and lowered(said) != needed:
            problem = "cannot be done where files.metadata of the policy is strip"
            yield document.problem(("routes", index, setting), problem, f"{setting}: {needed}, or files.metadata: keep")


def _said(document: Document, name: str, *path: str) -> Iterator[tuple[str, object]]:
    """What a policy says at a path, then what `default` says there, each with the name of who says it."""
    for policy in dict.fromkeys((name, "default")):
        if (found := document.get("policies", policy, *path)) is not None:
            yield policy, found


def _strips(document: Document, name: str) -> bool:
    said = next((found for _, found in _said(document, name, "files", "metadata")), "keep")
    return lowered(said) == "strip"


def _unchecked(document: Document, name: str) -> str | None:
    """Which policy switches the check off, or makes it only count; None where it works."""
    is_on = False
    for policy, checks in _said(document, name, "checks"):
        setting = checks.get(_CHECK) if isinstance(checks, dict) else checks
        if isinstance(setting, dict) and "mode" in setting:
            return policy if lowered(setting["mode"]) == "monitor" else None
        if switch(setting) == "off":
            return None if is_on else policy
        is_on = is_on or setting is not None
    return None
