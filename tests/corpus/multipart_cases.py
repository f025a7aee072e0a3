"""The multipart corpus as values: each case is a request body and what must come of it."""

import hashlib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final, NamedTuple

import yaml

ROOT: Final = Path(__file__).parent / "multipart"
# libyaml reads the corpus ten times faster, where PyYAML was built with it.
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEYS: Final = {"refuse": {"verdict", "rule", "why"}, "accept": {"verdict", "why", "parts"}}
_KEYS["normalise"] = _KEYS["accept"] | {"notes"}


@dataclass(frozen=True, slots=True)
class Data:
    """The bytes of a part: equal when size and digest are; shown when a test fails."""

    size: int
    sha256: str
    shown: str = field(default="", compare=False)

    @classmethod
    def of(cls, data: bytes) -> "Data":
        return cls(len(data), hashlib.sha256(data).hexdigest(), repr(data[:80]))


class ServedPart(NamedTuple):
    """One part as the service must see it."""

    name: str
    filename: str | None
    content_type: str | None
    data: Data


@dataclass(frozen=True, slots=True)
class Case:
    """One `NAME.http` with its `NAME.yaml`."""

    name: str
    content_types: tuple[bytes, ...]
    """Values of the request's Content-Type headers, without the white space that HTTP lets stand round them."""
    body: bytes
    verdict: str
    why: str
    rule: str | None
    notes: frozenset[str] | None
    """Names of the normalisations that the parser tells; None where the corpus does not say."""
    parts: tuple[ServedPart, ...]

    @property
    def is_refused(self) -> bool:
        return self.verdict == "refuse"


def case_names() -> list[str]:
    """Names of all cases: folder and file name without the suffix."""
    return sorted(path.relative_to(ROOT).with_suffix("").as_posix() for path in ROOT.rglob("*.http"))


@cache
def load(name: str) -> Case:
    """Read one case; a key that it must not have, or lacks, is an error."""
    content_types, body = _request((ROOT / f"{name}.http").read_bytes())
    text = (ROOT / f"{name}.yaml").read_text(encoding="utf-8")
    expected = yaml.load(text, Loader=_LOADER)  # noqa: S506 - both loaders are the safe one
    _check_keys(name, expected)
    return Case(
        name=name,
        content_types=content_types,
        body=body,
        verdict=expected["verdict"],
        why=expected["why"],
        rule=expected.get("rule"),
        notes=_notes(name, expected),
        parts=tuple(_part(part) for part in expected.get("parts", ()) for _ in range(part.get("times", 1))),
    )


def _request(raw: bytes) -> tuple[tuple[bytes, ...], bytes]:
    """The Content-Type values before the blank line, and the body behind it."""
    values = []
    while not raw.startswith(b"\r\n"):
        line, _, raw = raw.partition(b"\r\n")
        name, _, value = line.partition(b":")
        if name != b"Content-Type":
            raise ValueError(f"expected a line `Content-Type: ...`, found {line!r}")
        values.append(value.strip(b" \t"))
    return tuple(values), raw[2:]


def _check_keys(name: str, expected: dict[str, Any]) -> None:
    allowed = _KEYS[expected["verdict"]]
    keys = set(expected)
    if keys - allowed or allowed - keys - {"notes"}:
        raise ValueError(f"{name}.yaml: expected the keys {sorted(allowed)}, found {sorted(keys)}")


def _notes(name: str, expected: dict[str, Any]) -> frozenset[str] | None:
    """The request's Content-Type is always written anew, so nothing tells what was unusual in it."""
    if name.startswith("content-type/") or expected["verdict"] == "refuse":
        return None
    notes = frozenset(expected.get("notes", ()))
    if bool(notes) != (expected["verdict"] == "normalise"):
        raise ValueError(f"{name}.yaml: expected notes for `normalise` and for nothing else, found {sorted(notes)}")
    return notes


def _part(part: dict[str, Any]) -> ServedPart:
    data = Data.of(part["data"].encode()) if "data" in part else Data(part["size"], part["sha256"])
    return ServedPart(part["name"], part["filename"], part["content_type"], data)
