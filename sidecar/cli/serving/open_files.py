"""The limit of open files: raised as far as it may be, and how many connections fit under it."""

import logging
import resource
import sys
from typing import Final

from sidecar.admin.few_connections import MOST

_log: Final = logging.getLogger("sidecar.server")
_OWN: Final = 32 + 2 * MOST
"""Descriptors of the process itself: libraries, log, loop, listeners; and the two ports for operators."""


def raise_limit() -> None:
    """Lift the soft limit to the hard one; many systems start processes with 1024."""
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def connections_that_fit() -> int:
    """How many clients may be connected so that descriptors are left for the service, the spool and farewells."""
    limit = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return sys.maxsize if limit == resource.RLIM_INFINITY else max(1, (limit - _OWN) * 3 // 4)


def warn_if_low(max_connections: int) -> None:
    """Tell who runs this before the clients do."""
    fit = connections_that_fit()
    if fit < max_connections:
        _log.warning(
            "the limit of open files leaves room for %d clients, and overload.max_connections is %d. Raise the limit "
            "(ulimit -n), or lower overload.max_connections; until then the smaller number holds.",
            fit,
            max_connections,
        )
