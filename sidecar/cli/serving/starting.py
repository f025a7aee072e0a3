"""What must hold before an instance starts."""

from typing import Final

from sidecar.inspection.types.libmagic import LibmagicMissingError
from sidecar.policy.settings.model import Config
from sidecar.proxy.aiohttp_compat import IncompatibleError
from sidecar.proxy.control.writable import needed
from sidecar.proxy.downstream.bound import ListenError


class StartError(Exception):
    """The sidecar cannot start; the message says what is missing, what was expected and what to do."""


CANNOT_START: Final = (StartError, ListenError, LibmagicMissingError, IncompatibleError)
"""What an instance that is not had for want of something says in words that need no traceback."""


_ADVICE: Final = {
    "spool.directory": "Create it, mount a volume there, or set spool.directory.",
    "audit.file": "Create its directory, mount a volume there, or leave audit.file empty.",
    "quarantine.directory": "Create it, mount a volume there, or leave quarantine.directory empty.",
}


def require_places(config: Config) -> None:
    """Find out now whether uploads can be held, recorded and kept, where that is needed.

    Raises:
        StartError: they cannot.
    """
    for place in needed(config):
        raise StartError(
            f"cannot write to {place.path} {place.actual}: {place.message}; expected {place.expected}. "
            f"{_ADVICE[place.path]}"
        )
