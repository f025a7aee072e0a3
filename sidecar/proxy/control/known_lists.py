"""Reads the lists of digests that policies name."""

from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sidecar.inspection.checks.known_files import KnownFiles, KnownFilesSettings
from sidecar.inspection.formats.digest_list import DigestListError, Digests, parse_digests
from sidecar.policy.loading.problem import ConfigError, Problem
from sidecar.policy.settings.model import Config, Policy

_LARGEST: Final = 128 * 1024 * 1024
_EXPECTED: Final = "a file with one SHA-256 a line, in hexadecimal, that this user can read"


def with_known_files(config: Config) -> Config:
    """The configuration with the content of every list that it names.

    Raises:
        ConfigError: with every list that cannot be read, at once.
    """
    problems: list[Problem] = []
    policies = {name: _with_lists(name, policy, problems) for name, policy in config.policies.items()}
    if problems:
        raise ConfigError(problems)
    return config.replaced(policies=policies)


def list_paths(policy: Policy) -> Iterator[str]:
    """Files of the lists that a policy names."""
    yield from (path for _, path in lists_of("", policy))


def lists_of(name: str, policy: Policy) -> Iterator[tuple[str, str]]:
    """The setting and the path of each list that a policy of this name has."""
    settings = _settings(policy)
    for kind in ("deny", "allow") if settings is not None else ():
        setting = f"policies.{name}.checks.{KnownFiles.name}.{kind}"
        yield from ((setting, path) for path in getattr(settings, kind) if path)


def read_list(setting: str, path: str) -> frozenset[bytes]:
    """The digests of one list.

    Raises:
        ConfigError: it cannot be read, or is none.
    """
    try:
        return frozenset(parse_digests(_read(path)))
    except OSError as error:
        why = f"cannot be read: {error.strerror}"
    except DigestListError as error:
        why = f"is not valid: {error}"
    raise ConfigError([Problem(setting, None, why, _EXPECTED, path, file=path)])


def _settings(policy: Policy) -> KnownFilesSettings | None:
    found = policy.checks.get(KnownFiles.name) if isinstance(policy.checks, dict) else None
    return found if isinstance(found, KnownFilesSettings) else None


def _with_lists(name: str, policy: Policy, problems: list[Problem]) -> Policy:
    settings = _settings(policy)
    if settings is None or not isinstance(policy.checks, dict):
        return policy
    found: dict[str, set[bytes]] = {"deny": set(), "allow": set()}
    for setting, path in lists_of(name, policy):
        try:
            found[setting.rpartition(".")[2]] |= read_list(setting, path)
        except ConfigError as error:
            problems += error.problems
    denied, allowed = (Digests(frozenset(digests)) for digests in found.values())
    return policy.replaced(checks={**policy.checks, KnownFiles.name: settings.with_digests((denied,), (allowed,))})


def _read(path: str) -> bytes:
    with Path(path).open("rb") as file:
        text = file.read(_LARGEST + 1)
    if len(text) > _LARGEST:
        raise DigestListError(f"it has more than {_LARGEST} bytes")
    return text
