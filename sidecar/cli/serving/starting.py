"""What must hold before an instance starts."""

from typing import Final

from sidecar.inspection.types.libmagic import LibmagicMissingError
from sidecar.policy.settings.model import Config
from sidecar.proxy.aiohttp_compat import IncompatibleError
from sidecar.proxy.downstream.bound import ListenError
from sidecar.proxy.held.spool import probe
from sidecar.telemetry.audit_file import AuditFile


class StartError(Exception):
    """The sidecar cannot start; the message says what is missing, what was expected and what to do."""


CANNOT_START: Final = (StartError, ListenError, LibmagicMissingError, IncompatibleError)
"""What an instance that is not had for want of something says in words that need no traceback."""


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


def require_audit(config: Config) -> None:
    """Find out now whether the audit log can be written; later on lines are dropped and counted.

    Raises:
        StartError: it cannot.
    """
    settings = config.audit
    if settings.file and (why := AuditFile(settings.file, settings.max_size, settings.keep).probe()):
        raise StartError(
            f"cannot write to audit.file {settings.file}: {why}; expected a file that this user can append to. Create "
            "its directory, mount a volume there, or leave audit.file empty."
        )
