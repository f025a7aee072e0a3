"""The mode of one check: every check can be told to count what it finds and refuse nothing."""

from typing import Annotated, Any, Final, Literal

from sidecar.policy.settings.base import Settings, stricter_in
from sidecar.policy.values.strictness import rising
from sidecar.policy.values.words import Lowered

MODE: Final = "mode"
"""The setting that all checks have besides their own."""


class CheckMode(Settings):
    """What becomes of the findings of one check."""

    mode: Annotated[Literal["enforce", "monitor"], Lowered, rising("monitor", "enforce")] = "enforce"
    """monitor: what this check finds is counted and refuses nothing, also where the upload's own mode is enforce."""

    def __reduce__(self) -> tuple[Any, ...]:
        """Pickled by the type that the check declares: the one made of it has no name of its own."""
        made = type(self)
        return _as_it_was, (Settings if made is CheckMode else made.__bases__[0], vars(self))


def _as_it_was(settings_type: type[Settings], values: dict[str, Any]) -> Settings:
    settings = object.__new__(with_mode(settings_type))
    vars(settings).update(values)
    return settings


_MADE: Final[dict[type[Settings], type[Settings]]] = {Settings: CheckMode}


def with_mode(settings_type: type[Settings]) -> type[Settings]:
    """The settings of a check, and its mode with them; made here so that no check need know of it.

    Raises:
        TypeError: a setting does not say which of its values are stricter.
    """
    if settings_type not in _MADE:
        bases = (settings_type, CheckMode)
        made = type(settings_type.__name__, bases, {"__module__": settings_type.__module__})
        stricter_in(made)  # told at start, not by the first request to which two policies apply
        _MADE[settings_type] = made
    return _MADE[settings_type]


def monitors(setting: object) -> bool:
    """Whether the entry of a check, as written or as made from that, says that it refuses nothing."""
    mode = setting.get(MODE) if isinstance(setting, dict) else getattr(setting, MODE, None)
    return mode == "monitor"
