"""The one rule of the switches: which mode is in force where several places say one.

The configuration says a mode: a flag, over a variable, over the file, but `off` is off in whichever of them it stands.
Switches beside it can only lower that mode. So whoever needs it off at night has it off by any rung within reach,
nobody can turn enforcement on past the configuration and its change note, and a rung that holds it down is named.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from sidecar.policy.routing.strictest import lenient_mode, strictest_mode
from sidecar.policy.settings.base import Mode
from sidecar.policy.settings.model import Config

SOURCES: Final = ("default", "file", "environment", "flag", "mode_file", "control")


@dataclass(frozen=True, slots=True)
class Rung:
    """One place that can say a mode."""

    source: str
    """One of SOURCES."""
    where: str
    """The place in words: `the variable SIDECAR_MODE`."""
    mode: Mode | None = None
    """What it says; None: nothing."""
    note: str = ""
    """What is wrong with it, or how long it holds."""
    strictest: Mode = Mode.ENFORCE
    """Of the configuration: the strictest mode that it gives any route. A switch lowers something only below that."""


@dataclass(frozen=True, slots=True)
class Decision:
    """The mode in force and why."""

    mode: Mode
    cap: Mode
    """The strictest mode that the switches leave to any route."""
    by: Rung
    """The rung that decided: the configuration's, unless a switch says something more lenient."""
    rungs: tuple[Rung, ...]
    """All of them, the configuration's first."""

    @property
    def lowered(self) -> bool:
        """Whether a switch holds some mode below what the configuration says."""
        return self.by is not self.rungs[0]


def configured(source: str, where: str, config: Config) -> Rung:
    """The rung of the configuration; a global `off` holds for every route."""
    routes = (route.mode for route in config.routes if route.mode is not None)
    strictest = Mode.OFF if config.mode is Mode.OFF else strictest_mode((config.mode, *routes))
    return Rung(source, where, config.mode, strictest=strictest)


def decide(first: Rung, switches: Sequence[Rung]) -> Decision:
    """The most lenient mode that is said. A switch that says monitor counts where a route enforces by itself."""
    base = first.mode or Mode.MONITOR
    cap = lenient_mode((Mode.ENFORCE, *(rung.mode for rung in switches if rung.mode is not None)))
    lowers = strictest_mode((cap, first.strictest)) is not cap
    holding = (rung for rung in switches if lowers and rung.mode is cap)
    return Decision(lenient_mode((base, cap)), cap, next(holding, first), (first, *switches))
