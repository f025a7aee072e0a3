"""The corpus of request heads as values: each case is what a client sends and what must come of it."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any, Final

import yaml

ROOT: Final = Path(__file__).parent / "heads"
_LOADER: Final = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_KEYS: Final = {
    "refuse": {"verdict", "status", "code", "why"},
    "forward": {"verdict", "why", "method", "target", "body", "fields", "absent", "closes"},
}
_OPTIONAL: Final = {"fields", "absent", "closes"}


@dataclass(frozen=True, slots=True)
class Case:
    """One `NAME.http` with its `NAME.yaml`."""

    name: str
    raw: bytes
    verdict: str
    why: str
    status: int = 0
    code: str = ""
    method: bytes = b""
    target: bytes = b""
    body: bytes = b""
    fields: dict[bytes, list[bytes]] = field(default_factory=dict)
    """Values by name in lower case, as the service must see them."""
    absent: tuple[bytes, ...] = ()
    """Names in lower case that the service must not see."""
    closes: bool = False
    """The connection ends with the answer, so a request behind it is never read."""

    @property
    def is_refused(self) -> bool:
        return self.verdict == "refuse"


def folders() -> list[str]:
    """Names of all folders."""
    return sorted(path.name for path in ROOT.iterdir() if path.is_dir())


@cache
def load_all(folder: str = "*") -> tuple[Case, ...]:
    """The cases of one folder, or all."""
    return tuple(_load(path) for path in sorted(ROOT.glob(f"{folder}/*.http")))


def _load(path: Path) -> Case:
    name = path.relative_to(ROOT).with_suffix("").as_posix()
    expected = yaml.load(path.with_suffix(".yaml").read_text(encoding="utf-8"), Loader=_LOADER)  # noqa: S506 - both loaders are the safe one
    _check_keys(name, expected)
    raw = path.read_bytes()
    if expected["verdict"] == "refuse":
        return Case(name, raw, "refuse", expected["why"], expected["status"], expected["code"])
    return Case(
        name=name,
        raw=raw,
        verdict="forward",
        why=expected["why"],
        method=expected["method"].encode("ascii"),
        target=expected["target"].encode("ascii"),
        body=expected["body"].encode("latin-1"),
        fields={
            key.lower().encode(): [value.encode("latin-1") for value in values]
            for key, values in expected.get("fields", {}).items()
        },
        absent=tuple(key.lower().encode() for key in expected.get("absent", ())),
        closes=expected.get("closes", False),
    )


def _check_keys(name: str, expected: dict[str, Any]) -> None:
    allowed = _KEYS[expected["verdict"]]
    keys = set(expected)
    if keys - allowed or allowed - keys - _OPTIONAL:
        raise ValueError(f"{name}.yaml: expected the keys {sorted(allowed)}, found {sorted(keys)}")
