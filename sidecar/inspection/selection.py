"""Which checks a policy has switched on, with their settings."""

from collections.abc import Callable, Mapping
from functools import cache
from typing import Any, Final

from sidecar.inspection.check import Check
from sidecar.policy.loading.reading import read
from sidecar.policy.settings.model import Policy, Settings

_ON: Final = ("on", True, None)
_OFF: Final = ("off", False)


def settings_of(check: type[Check], setting: Any) -> Settings | None:  # noqa: ANN401 - as written in the file
    """The settings of one check as its entry under `checks:` tells them: None for `off`.

    Args:
        check: whose settings.
        setting: `on`, `off`, a mapping, or settings that were made from one before.

    Raises:
        UnfitError: it is none of these.
    """
    if isinstance(setting, Settings):
        return setting
    if any(setting is off or setting == off for off in _OFF):
        return None
    declared: Callable[[], Settings] = check.settings_type
    return _defaults(declared) if setting in _ON else read(check.settings_type, setting)


@cache
def _defaults(settings_type: Callable[[], Settings]) -> Settings:
    return settings_type()


def chosen(policy: Policy, checks: Mapping[str, type[Check]]) -> list[tuple[type[Check], Settings]]:
    """The checks that a policy does not switch off and that have something to do, with their settings."""
    if policy.checks == "off":
        return []
    known = ((check, settings_of(check, policy.checks.get(name, "on"))) for name, check in checks.items())
    return [(check, settings) for check, settings in known if settings is not None and not check.is_idle(settings)]
