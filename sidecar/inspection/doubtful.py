"""All that is most often a mistake in a configuration that is valid."""

from collections.abc import Iterator

from sidecar.inspection.unexaminable import unexaminable
from sidecar.policy.loading.idle import idle
from sidecar.policy.loading.overruled import overruled
from sidecar.policy.loading.problem import Problem
from sidecar.policy.loading.unused import unused
from sidecar.policy.settings.model import Config


def doubtful(config: Config) -> Iterator[Problem]:
    """What `check` and the log warn of: names that nothing reaches, settings and limits that others leave no room."""
    yield from unused(config)
    yield from idle(config)
    yield from overruled(config)
    yield from unexaminable(config)
