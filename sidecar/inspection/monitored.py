"""Which checks of a policy only count what they find."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from sidecar.inspection.check import Check
from sidecar.inspection.finding import Finding
from sidecar.inspection.unexamined import CHECK_FAILED
from sidecar.policy.settings.check_mode import monitors
from sidecar.policy.settings.model import Policy


@dataclass(frozen=True, slots=True)
class Monitored:
    """Marks the findings of the checks whose mode is monitor, wherever they were made."""

    names: frozenset[str] = frozenset()
    codes: frozenset[str] = frozenset()
    """Of all reasons that they can give."""

    def mark(self, finding: Finding) -> Finding:
        """The finding, as one that refuses nothing where it is of such a check."""
        return replace(finding, monitored=True) if finding.reason.code in self.codes else finding

    def failed(self, name: str, error: Exception) -> Finding:
        """What is to be said where a check raised an error."""
        return Finding(CHECK_FAILED, f"{name}: {type(error).__name__}", monitored=name in self.names)

    def cover(self, names: Collection[str]) -> bool:
        """Whether all of these checks only count."""
        return bool(names) and self.names.issuperset(names)


NONE = Monitored()


def monitored(policy: Policy, checks: Mapping[str, type[Check]]) -> Monitored:
    """Those of a policy."""
    if policy.checks == "off" or not policy.checks:
        return NONE
    names = frozenset(name for name, setting in policy.checks.items() if name in checks and monitors(setting))
    return Monitored(names, frozenset(reason.code for name in names for reason in checks[name].reasons))
