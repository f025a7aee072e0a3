"""Whether any policy in force can want a file examined."""

from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.plan import Plan
from sidecar.policy.settings.model import Config, Mode


def examines(config: Config) -> bool:
    """Whether workers can be needed: some request is inspected, and by a check that examines whole files."""
    modes = {config.mode, *(route.mode for route in config.routes)}
    if config.mode is Mode.OFF or modes <= {Mode.OFF, None}:
        return False
    return any(Plan(policy, all_checks()).examine for policy in config.policies.values())
