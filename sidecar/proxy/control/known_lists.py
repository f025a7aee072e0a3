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
        raise ConfigError(tuple(problems))
    return config.replaced(policies=policies)


def list_paths(policy: Policy) -> Iterator[str]:
    """Files of the lists that a policy names."""
    settings = _settings(policy)
    if settings is not None:
        yield from (path for path in (*settings.deny, *settings.allow) if path)


def _settings(policy: Policy) -> KnownFilesSettings | None:
    found = policy.checks.get(KnownFiles.name) if isinstance(policy.checks, dict) else None
    return found if isinstance(found, KnownFilesSettings) else None


def _with_lists(name: str, policy: Policy, problems: list[Problem]) -> Policy:
    settings = _settings(policy)
    if settings is None or not isinstance(policy.checks, dict):
        return policy
    place = f"policies.{name}.checks.{KnownFiles.name}"
    denied = _digests(settings.deny, f"{place}.deny", problems)
    allowed = _digests(settings.allow, f"{place}.allow", problems)
    checks = {**policy.checks, KnownFiles.name: settings.with_digests(denied, allowed)}
    return policy.replaced(checks=checks)


def _digests(paths: tuple[str, ...], place: str, problems: list[Problem]) -> Digests:
    found: set[bytes] = set()
    for path in filter(None, paths):
        try:
            found |= parse_digests(_read(path))
        except OSError as error:
            problems.append(Problem(place, None, f"cannot be read: {error.strerror}", _EXPECTED, path, file=path))
        except DigestListError as error:
            problems.append(Problem(place, None, f"is not valid: {error}", _EXPECTED, path, file=path))
    return Digests(frozenset(found))


def _read(path: str) -> bytes:
    with Path(path).open("rb") as file:
        text = file.read(_LARGEST + 1)
    if len(text) > _LARGEST:
        raise DigestListError(f"it has more than {_LARGEST} bytes")
    return text
