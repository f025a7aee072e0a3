"""One policy that is at least as strict as each of several."""

from collections.abc import Iterable
from functools import reduce
from typing import Any, Literal

from sidecar.policy.settings.bodies import Bodies
from sidecar.policy.settings.model import Files, Mode, Policy, Scanning, Settings
from sidecar.policy.settings.uploads import Inside
from sidecar.policy.values.media_range import narrower

_LIMITS = ("max_body", "max_parts", "max_files", "max_file", "max_field")
_INSIDE = ("max_depth", "max_files", "max_file", "max_bytes", "max_kept")
_MODES = (Mode.OFF, Mode.MONITOR, Mode.ENFORCE)
_Checks = Literal["off"] | dict[str, Any]


def strictest_mode(modes: Iterable[Mode]) -> Mode:
    """The mode that lets in least."""
    return max(modes, key=_MODES.index)


def lenient_mode(modes: Iterable[Mode]) -> Mode:
    """The mode that lets in most."""
    return min(modes, key=_MODES.index)


def strictest(policies: Iterable[Policy]) -> Policy:
    """The lowest limits, what all let in, the suffixes that any refuses, the checks that any wants.

    Where two want the same check with different settings, the stricter value of each setting holds.
    """
    return reduce(_both, policies)


def _both(one: Policy, other: Policy) -> Policy:
    limits = {name: min(getattr(one, name), getattr(other, name)) for name in _LIMITS}
    refuse = "refuse" in {one.not_examined, other.not_examined}
    return Policy(
        **limits,
        files=_files(one.files, other.files),
        inside=Inside(**{name: min(getattr(one.inside, name), getattr(other.inside, name)) for name in _INSIDE}),
        bodies=_bodies(one.bodies, other.bodies),
        not_examined="refuse" if refuse else "forward",
        checks=_checks(one.checks, other.checks),
        scanners=_scanners(one.scanners, other.scanners),
    )


def _files(one: Files, other: Files) -> Files:
    return Files(
        types=_narrower(one.types, other.types),
        deny_suffixes=tuple(dict.fromkeys(one.deny_suffixes + other.deny_suffixes)),
        metadata="strip" if "strip" in {one.metadata, other.metadata} else "keep",
    )


def _bodies(one: Bodies, other: Bodies) -> Bodies:
    return Bodies(
        uninspected=_narrower(one.uninspected, other.uninspected),
        json_files=tuple(dict.fromkeys(one.json_files + other.json_files)),
        json_names=tuple(dict.fromkeys(one.json_names + other.json_names)),
        json_max=min(one.json_max, other.json_max),
        encodings=tuple(coding for coding in one.encodings if coding in other.encodings),
        partial="refuse" if "refuse" in {one.partial, other.partial} else "forward",
    )


def _scanners(one: Scanning, other: Scanning) -> Scanning:
    """Only who uses scanners has a say in what happens where they fail."""
    asked = [each for each in (one, other) if each.use]
    return Scanning(
        use=tuple(dict.fromkeys(one.use + other.use)),
        run=one.run if one.use else other.run,
        on_not_examined="forward" if all(each.on_not_examined == "forward" for each in asked) and asked else "refuse",
        on_down="forward" if all(each.on_down == "forward" for each in asked) and asked else "refuse",
    )


def _narrower(one: tuple[str, ...], other: tuple[str, ...]) -> tuple[str, ...]:
    """The media ranges that both let in."""
    ranges = dict.fromkeys(narrower(mine, theirs) for mine in one for theirs in other)
    return tuple(each for each in ranges if each is not None)


def _checks(one: _Checks, other: _Checks) -> _Checks:
    """A check that is not named is on."""
    if one == "off" or other == "off":
        return other if one == "off" else one
    names = dict.fromkeys([*one, *other])
    return {name: _check(one.get(name, "on"), other.get(name, "on")) for name in names}


def _check(one: object, other: object) -> object:
    """It refuses what either refuses; `on` is the defaults."""
    if one == "off" or other == "off":
        return other if one == "off" else one
    if not isinstance(one, Settings):
        one, other = other, one
    if not isinstance(one, Settings):
        return "on"
    return one.strictest(other if isinstance(other, Settings) else type(one)())
