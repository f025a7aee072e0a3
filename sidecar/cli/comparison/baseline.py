"""A baseline: the figures of one window with all that is needed to understand them later, as one JSON file."""

import json
import math
import tempfile
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from sidecar import __version__
from sidecar.cli.comparison.figures import Window
from sidecar.cli.comparison.series import SAMPLES, Series, worth_keeping
from sidecar.policy.loading.problem import path_text, shown
from sidecar.policy.loading.reading import UnfitError
from sidecar.policy.loading.reading import read as read_as
from sidecar.policy.settings.base import Settings, as_json
from sidecar.policy.values.kinds import above_zero, after, before

KIND: Final = "upload-sidecar baseline"
FORMAT: Final = 1
LONGEST: Final = 64 * 1024 * 1024
"""Bytes of a file that is read."""


class BaselineError(Exception):
    """A file cannot be written, or is no baseline that can be read; the message says which, why and what to do."""


def _row(value: object) -> object:
    """One series: its name, its labels, and by how much it grew; a bucket has a bound that is a number."""
    match value:
        case [str(), dict() as labels, int() | float() as grown] if 0 <= grown < math.inf and grown is not True:
            if all(isinstance(text, str) for text in labels.values()) and not math.isnan(float(labels.get("le", "0"))):
                return tuple(value)
    raise ValueError("expected a name, labels and how much it grew; as the label `le` a number")


def _finite(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("expected a finite number")
    return value


class Figure(Settings):
    """One figure, for whoever reads the file; `compare` makes them anew."""

    name: str
    route: str
    value: float
    low: float
    high: float
    cases: float


class Baseline(Settings):
    """What was seen over a window of time."""

    kind: Literal["upload-sidecar baseline"] = KIND
    format: int = FORMAT
    made: str
    """When the window ended, in UTC."""
    made_by: str
    """Version of the program that wrote the file."""
    command: str
    source: str
    seconds: Annotated[float, after(_finite), after(above_zero)]
    """Length of the window."""
    versions: list[str]
    """Of the sidecars that were seen."""
    configurations: list[str]
    """SHA-256 of each configuration that was in force."""
    modes: list[str]
    change: dict[str, Any] | None = None
    config: dict[str, Any] | None = None
    """The configuration in force at the end, without secrets; None where nobody told it."""
    figures: list[Figure] = []  # noqa: RUF012 - nobody changes it
    series: list[Annotated[Any, before(_row)]]
    """By how much each series grew."""

    def window(self) -> Window:
        """Its figures."""
        return Window(self.as_series(), self.seconds)

    def as_series(self) -> Series:
        """Its series by name and labels; what this version does not know is left out."""
        found: Series = {}
        for name, labels, value in self.series:
            wanted = SAMPLES.get(name, ())
            if wanted and labels.keys() >= set(wanted):
                found[name, frozenset((label, labels[label]) for label in wanted)] = value
        return found


def rows_of(series: Series) -> list[tuple[str, dict[str, str], float]]:
    """Series as a baseline keeps them."""
    return list(worth_keeping(series))


def figures_of(series: Series, seconds: float) -> list[Figure]:
    """The figures of some series, those that have a value."""
    return [
        Figure(name=name, route=route, value=one.value, low=one.low, high=one.high, cases=one.cases)
        for (name, route), one in Window(series, seconds).figures().items()
        if one is not None
    ]


def try_output(path: Path) -> None:
    """Find out before a long look whether the file can be written; leaves nothing behind.

    Raises:
        BaselineError: it cannot.
    """
    if path.is_dir():
        raise _unwritable(path, "Is a directory")
    try:
        tempfile.TemporaryFile(dir=path.parent).close()
    except OSError as error:
        raise _unwritable(path, error.strerror) from error


def write(baseline: Baseline, path: Path) -> None:
    """Write it, whole or not at all.

    Raises:
        BaselineError: it cannot be written.
    """
    data = as_json(baseline)
    draft = path.with_name(f"{path.name}.part")
    try:
        draft.write_text(json.dumps(data, indent=1) + "\n", encoding="utf-8")
        draft.replace(path)
    except OSError as error:
        raise _unwritable(path, error.strerror) from error


def _unwritable(path: Path, why: str | None) -> BaselineError:
    return BaselineError(
        f"{path}: cannot be written: {why}; expected a file in a directory that this user can write to"
    )


def read(path: Path) -> Baseline:
    """A baseline from its file.

    Raises:
        BaselineError: it cannot be read, or is none that this version understands.
    """
    try:
        with path.open("rb") as file:
            raw = file.read(LONGEST + 1)
    except OSError as error:
        raise BaselineError(f"{path}: cannot be read: {error.strerror}; expected a file of `snapshot`") from error
    if len(raw) > LONGEST:
        raise BaselineError(f"{path}: has more than {LONGEST // 2**20} MiB; expected a file of `snapshot`")
    return _understood(str(path), _parsed(str(path), raw))


def _parsed(path: str, raw: bytes) -> dict[str, Any]:
    try:
        data = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise BaselineError(f"{path}: is no JSON, or is cut short ({error}); expected a file of `snapshot`") from None
    if not isinstance(data, dict) or data.get("kind") != KIND:
        raise BaselineError(f'{path}: is no file of `snapshot`; expected JSON with "kind": "{KIND}"')
    if data.get("format") != FORMAT:
        raise BaselineError(
            f"{path}: has format {shown(data.get('format'))}, written by upload-sidecar {shown(data.get('made_by'))}; "
            f"this is {__version__}, which reads format {FORMAT}: compare with the one that wrote it, or take it anew"
        )
    return data


def _understood(path: str, data: dict[str, Any]) -> Baseline:
    try:
        return read_as(Baseline, data, strict=True)
    except UnfitError as error:
        first = error.faults[0]
        raise BaselineError(
            f"{path}: {path_text(first.path) or 'the file'} is not as `snapshot` writes it: {first.message}; "
            f"expected {first.expected}"
        ) from None
