"""From the text of a file, the environment and the flags to one valid configuration."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sidecar.policy.loading.consistency import inconsistencies
from sidecar.policy.loading.document import Document
from sidecar.policy.loading.environment import apply_environment, apply_flags
from sidecar.policy.loading.explain import told
from sidecar.policy.loading.inheritance import inherited
from sidecar.policy.loading.problem import ConfigError, Problem
from sidecar.policy.loading.reading import UnfitError, read
from sidecar.policy.loading.tree import Checks
from sidecar.policy.loading.yaml_document import decode, parse_document
from sidecar.policy.settings.model import Config, Policy

_NO_FLAGS: Final[Mapping[str, str]] = MappingProxyType({})
_LAST: Final = 1 << 30


def load_bytes(raw: bytes, environ: Mapping[str, str], checks: Checks, flags: Mapping[str, str] = _NO_FLAGS) -> Config:
    """`load` for the bytes of a file.

    Raises:
        ConfigError: as `load` does, and where the bytes are too many or not UTF-8.
    """
    return load(decode(raw), environ, checks, flags)


def load(text: str, environ: Mapping[str, str], checks: Checks, flags: Mapping[str, str] = _NO_FLAGS) -> Config:
    """The configuration; flags over environment over text over defaults.

    Args:
        text: YAML.
        environ: all variables; those that begin with `SIDECAR_` are settings.
        checks: the settings type of every check, by its name.
        flags: settings by their path, such as `{"mode": "off"}`.

    Raises:
        ConfigError: with everything that is wrong, at once.
    """
    document = parse_document(text)
    problems = [*apply_environment(document, environ, checks), *apply_flags(document, flags, checks)]
    config = _read(document.data, document, checks, problems)
    problems += inconsistencies(document, checks)
    if config is None or problems:
        raise ConfigError(sorted(dict.fromkeys(problems), key=_place))
    return config.replaced(policies=_policies(document, checks))


def _read(data: object, document: Document, checks: Checks, problems: list[Problem]) -> Config | None:
    """What the data says, policy by policy; None, and why, where it does not fit."""
    try:
        return read(Config, data)
    except UnfitError as error:
        problems += told(error.faults, document, checks)
    return None


def _place(problem: Problem) -> tuple[int, str]:
    return (_LAST if problem.line is None else problem.line, problem.path)


def _policies(document: Document, checks: Checks) -> dict[str, Policy]:
    """The policies with inheritance applied; what is valid in parts should be valid in whole."""
    problems: list[Problem] = []
    config = _read({"policies": inherited(document.data, checks)}, document, checks, problems)
    if config is None:
        raise ConfigError(problems)
    return {name: _with_settings(policy, checks) for name, policy in config.policies.items()}


def _with_settings(policy: Policy, checks: Checks) -> Policy:
    """The policy with the settings of its checks as values, made here once and not for every upload."""
    if policy.checks == "off":
        return policy
    made = {
        name: read(checks[name], setting) if isinstance(setting, dict) else setting
        for name, setting in policy.checks.items()
    }
    return policy.replaced(checks=made)
