"""Named policies build on `default`, then on their preset: what they do not say is as it is there."""

from typing import Any, Final

from sidecar.policy.loading.tree import Checks
from sidecar.policy.settings.base import default_of
from sidecar.policy.settings.model import Policy
from sidecar.policy.settings.presets import preset_of
from sidecar.policy.values.words import switch

_GROUPS: Final = ("files", "inside", "bodies", "scanners")
Written = dict[str, Any]
"""A policy as the file says it."""


def inherited(data: dict[str, Any], checks: Checks) -> dict[str, Written]:
    """Every policy complete, so that a strict `default` holds in all of them."""
    written = data.get("policies") or {}
    default = _over({}, written.get("default"), checks)
    policies = {name: _over(default, policy, checks) for name, policy in written.items() if name != "default"}
    return {"default": default, **policies}


def _over(base: Written, own: object, checks: Checks) -> Written:
    """What a policy says, over its preset, over what it builds on."""
    written = _plain(own)
    return merged(merged(base, preset_of(written, base), checks), written, checks)


def merged(base: Written, own: Written, checks: Checks) -> Written:
    """One policy over another: mappings are merged, lists and values replaced."""
    result = {**base, **own}
    for group in _GROUPS:
        if group in base and group in own:
            result[group] = {**(base[group] or {}), **(own[group] or {})}
    if "checks" in base and "checks" in own:
        result["checks"] = _checks(base["checks"], own["checks"], checks)
    return result


def _plain(mapping: object) -> Written:
    return dict(mapping) if isinstance(mapping, dict) else {}


def _checks(base: object, own: object, checks: Checks) -> object:
    """`off` is all of them, `on` keeps the settings that the base has; a mapping speaks only of the checks it names."""
    if own is None:  # all of its lines are commented out: nothing is said
        return base
    if not isinstance(own, dict):
        return _all_on(base) if switch(own) == "on" else own
    below = base if isinstance(base, dict) else dict.fromkeys(checks, "off") if switch(base) == "off" else {}
    return {**below, **{name: _check(below.get(name), setting) for name, setting in own.items()}}


def _all_on(base: object) -> object:
    return {name: _check(said, "on") for name, said in base.items()} if isinstance(base, dict) else "on"


def _check(base: object, own: object) -> object:
    """`on` keeps the settings that the base has."""
    if not isinstance(base, dict):
        return own
    if isinstance(own, dict):
        return {**base, **own}
    return base if switch(own) == "on" else own


def effective(data: dict[str, Any], name: str, setting: str) -> object:
    """What a setting of a policy comes to, as written there, in its preset, in `default` or built in."""
    written = _plain(data.get("policies"))
    for policy in (_plain(written.get(name)), _plain(written.get("default"))):
        for said in (policy, preset_of(policy, {})):
            if setting in said:
                return said[setting]
    return default_of(Policy, setting)
