"""What the next start needs and a reload leaves as it is: looked at when it is asked for, not when it is too late."""

from collections.abc import Collection, Iterator

from sidecar.policy.loading.problem import ConfigError, Problem
from sidecar.policy.settings.model import Config, Tls
from sidecar.proxy.control.writable import unwritable
from sidecar.proxy.sockets import tls


def next_start(config: Config, changed: Collection[str]) -> Iterator[Problem]:
    """What would keep the sidecar from starting with a configuration, in the groups that changed."""
    if "spool" in changed:
        yield from (place for place in unwritable(config) if place.path == "spool.directory")
    if "tls" in changed and config.tls.certificate:
        yield from _tls(config.tls)


def _tls(settings: Tls) -> tuple[Problem, ...]:
    try:
        require_tls(settings)
    except ConfigError as error:
        return error.problems
    return ()


def require_tls(settings: Tls) -> None:
    """Find out whether TLS can be spoken with these files.

    Raises:
        ConfigError: it cannot.
    """
    try:
        tls.for_clients(settings)
    except (OSError, ValueError) as error:
        paths = list(tls.named_files(settings).values())
        expected = "a certificate, its key and perhaps client_ca, in PEM"
        raise ConfigError([Problem("tls", None, tls.explain(error, paths), expected)]) from error
