"""Reads configurations, with the settings of all checks that there are."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path

from sidecar.cli.unreadable import UnreadableError
from sidecar.inspection.catalogue import all_checks
from sidecar.policy.loading.load import load_bytes
from sidecar.policy.loading.tree import Checks
from sidecar.policy.loading.yaml_document import MAX_SIZE
from sidecar.policy.settings.check_mode import with_mode
from sidecar.policy.settings.model import Config, Settings
from sidecar.proxy.control.known_lists import with_known_files


class _SettingsOfChecks(Mapping[str, type[Settings]]):
    """Each type is made when it is asked for: few configurations name more than a few checks."""

    def __getitem__(self, name: str) -> type[Settings]:
        return with_mode(all_checks()[name].settings_type)

    def __contains__(self, name: object) -> bool:
        return name in all_checks()

    def __iter__(self) -> Iterator[str]:
        return iter(all_checks())

    def __len__(self) -> int:
        return len(all_checks())


def settings_of_checks() -> Checks:
    """The settings type of every check that there is, its mode included."""
    return _SettingsOfChecks()


def build_config(raw: bytes, environ: Mapping[str, str], flags: Mapping[str, str]) -> Config:
    """The configuration that a file, the environment and the flags give together.

    Raises:
        ConfigError: everything that is wrong with it.
    """
    return with_known_files(build_settings(raw, environ, flags))


def build_settings(raw: bytes, environ: Mapping[str, str], flags: Mapping[str, str]) -> Config:
    """The same without the lists of digests that it names, which may be gone or on another machine.

    Raises:
        ConfigError: likewise.
    """
    return load_bytes(raw, environ, settings_of_checks(), flags)


def read_config(path: Path | None) -> Config:
    """The configuration in a file and the environment; defaults and environment alone without a file.

    Raises:
        UnreadableError: there is no such file, or it cannot be read.
        ConfigError: everything that is wrong with it.
    """
    return with_known_files(read_settings(path))


def read_settings(path: Path | None) -> Config:
    """The same without the lists of digests.

    Raises:
        UnreadableError, ConfigError: likewise.
    """
    return build_settings(b"{}" if path is None else _read(path), os.environ, {})


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(MAX_SIZE + 1)
    except OSError as error:
        raise UnreadableError(f"{path}: cannot be read: {error.strerror}; expected a YAML file") from error
