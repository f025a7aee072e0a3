"""Files that a policy lets in by their size and refuses because nothing examines files of that size, or has no room."""

from collections.abc import Iterator
from typing import Final

from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.check import Check
from sidecar.inspection.monitored import monitored
from sidecar.inspection.selection import chosen
from sidecar.policy.loading.problem import Problem
from sidecar.policy.settings.base import MiB
from sidecar.policy.settings.model import Config, Policy
from sidecar.policy.values.units import size_text

_TIMES: Final = 3
"""Two levels are kept, as of a table in a `.tar.gz`; as much again is for the buffers and for what reads them."""
_NO_ROOM: Final = "files within files are kept in the memory of a worker, and isolation.memory has no room for them"
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
        yield from _without_room(name, policy, config.isolation.memory)


def _without_room(name: str, policy: Policy, memory: int) -> Iterator[Problem]:
    """What is kept of files within files, where a worker that keeps it runs out of memory."""
    kept = policy.inside.max_kept
    if kept * _TIMES > memory and _examines(policy):
        most = size_text(memory // _TIMES // MiB * MiB)
        expected = f"at most {most}, or an isolation.memory of at least {size_text(kept * _TIMES)}"
        yield Problem(f"policies.{name}.inside.max_kept", None, _NO_ROOM, expected, size_text(kept))


def _examines(policy: Policy) -> bool:
    """Whether a check that refuses sees whole files."""
    known = all_checks()
    examining = {check.name for check, _ in chosen(policy, known) if check.examine is not Check.examine}
    return not examining <= monitored(policy, known).names
