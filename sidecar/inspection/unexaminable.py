"""Files that a policy lets in by their size and refuses because nothing examines files of that size."""

from collections.abc import Iterator
from typing import Final

from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.check import Check
from sidecar.inspection.monitored import monitored
from sidecar.inspection.selection import chosen
from sidecar.policy.loading.problem import Problem
from sidecar.policy.settings.model import Config, Policy
from sidecar.policy.values.units import size_text

_WHY: Final = "files of more than isolation.max_file that a check wants to see whole are not examined, and so refused"


def unexaminable(config: Config) -> Iterator[Problem]:
    """What would be told to whoever wrote it: no error by itself, and most often a limit that was forgotten."""
    most = config.isolation.max_file
    for name, policy in config.policies.items():
        size = min(policy.max_file, policy.max_body)
        if size > most and policy.not_examined == "refuse" and _examines(policy):
            setting = "max_file" if size == policy.max_file else "max_body"
            expected = f"at most {size_text(most)}, or a larger isolation.max_file, or not_examined: forward"
            yield Problem(f"policies.{name}.{setting}", None, _WHY, expected, size_text(size))


def _examines(policy: Policy) -> bool:
    """Whether a check that refuses sees whole files."""
    known = all_checks()
    examining = {check.name for check, _ in chosen(policy, known) if check.examine is not Check.examine}
    return not examining <= monitored(policy, known).names
