"""Finds out whether what is written to can be, before anybody needs it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sidecar.policy.loading.problem import ConfigError, Problem
from sidecar.policy.settings.model import Config, Mode
from sidecar.proxy.held.spool import probe
from sidecar.telemetry.audit_file import probe_file

_DIRECTORY: Final = "a directory that this user can write to"
_FILE: Final = "a file that this user can append to"


def unwritable(config: Config) -> Iterator[Problem]:
    """The places of a configuration that cannot be written to, and why; nothing is made there."""
    for setting, path, look, expected in (
        ("spool.directory", config.spool.directory, probe, _DIRECTORY),
        ("audit.file", config.audit.file, _appended, _FILE),
        ("quarantine.directory", config.quarantine.directory, _kept, _DIRECTORY),
    ):
        if path and (why := look(path)):
            yield Problem(setting, None, why, expected, path, file=path)


def needed(config: Config) -> Iterator[Problem]:
    """Those of them that matter: while all is off none does, as the way back waits for no disk."""
    return iter(()) if config.mode is Mode.OFF else unwritable(config)


def require_writable(old: Config, new: Config) -> None:
    """Find out whether the places that a reload brings can be written to; those in use before are not its matter.

    Raises:
        ConfigError: one cannot.
    """
    on = old.mode is Mode.OFF
    fresh = {name for name in ("spool", "audit", "quarantine") if on or getattr(new, name) != getattr(old, name)}
    if found := [place for place in needed(new) if place.path.partition(".")[0] in fresh]:
        raise ConfigError(found)


def _appended(path: str) -> str | None:
    """The file is made with the first line of it."""
    return probe(str(Path(path).parent)) if _is_missing(Path(path)) else probe_file(path)


def _kept(directory: str) -> str | None:
    """The directory is made with the first file in it, and those above it."""
    place = Path(directory)
    while _is_missing(place) and place != place.parent:
        place = place.parent
    return probe(str(place))


def _is_missing(path: Path) -> bool:
    """What cannot be looked for may be there: whoever opens it is told why it cannot."""
    try:
        path.stat()
    except OSError as error:
        return isinstance(error, FileNotFoundError)
    return False
