"""What must hold before an instance starts."""

from sidecar.policy.model import Config
from sidecar.proxy.spool import probe


class StartError(Exception):
    """The sidecar cannot start; the message says what is missing, what was expected and what to do."""


def require_spool(config: Config) -> None:
    """Find out now whether uploads can be held.

    Raises:
        StartError: they cannot.
    """
    if (why := probe(config.spool.directory)) is not None:
        raise StartError(
            f"cannot write to spool.directory {config.spool.directory}: {why}; expected a directory that this "
            "user can write to. Create it, mount a volume there, or set spool.directory."
        )
