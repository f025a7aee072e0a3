"""From the text of a file, the environment and the flags to one valid configuration."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from pydantic import ValidationError

from sidecar.policy.consistency import inconsistencies
from sidecar.policy.document import Document
from sidecar.policy.environment import apply_environment, apply_flags
from sidecar.policy.explain import problems_of
from sidecar.policy.inheritance import inherited
from sidecar.policy.model import Config, Policy
from sidecar.policy.problem import ConfigError, Problem
from sidecar.policy.tree import Checks
from sidecar.policy.yaml_document import decode, parse_document

__all__ = ["ConfigError", "Problem", "load", "load_bytes"]

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
    problems += problems_of(Config, document.data, document, checks)
    problems += inconsistencies(document, checks)
    if problems:
        raise ConfigError(sorted(dict.fromkeys(problems), key=_place))
    return _complete(document, checks)


def _place(problem: Problem) -> tuple[int, str]:
    return (_LAST if problem.line is None else problem.line, problem.path)


def _complete(document: Document, checks: Checks) -> Config:
    """The configuration with inheritance applied; what is valid in parts should be valid in whole."""
    data = inherited(document.data, checks)
    try:
        config = Config.model_validate(data)
    except ValidationError as error:
        raise ConfigError(problems_of(Config, data, document, checks)) from error
    policies = {name: _with_settings(policy, checks) for name, policy in config.policies.items()}
    return config.model_copy(update={"policies": policies})


def _with_settings(policy: Policy, checks: Checks) -> Policy:
    """The policy with the settings of its checks as values, made here once and not for every upload."""
    if policy.checks == "off":
        return policy
    made = {
        name: checks[name].model_validate(setting) if isinstance(setting, dict) else setting
        for name, setting in policy.checks.items()
    }
    return policy.model_copy(update={"checks": made})
