"""Settings that do nothing beside what the others say: no error by itself, and most often one of the two is wrong."""

from collections.abc import Iterator
from typing import Final

from sidecar.policy.loading.problem import Problem
from sidecar.policy.settings.bodies import Bodies
from sidecar.policy.settings.model import Config, Drain, Files, Mode, Policy, Scanner
from sidecar.policy.settings.scanners import parse_engine

_ALL: Final = 100
_SHARE: Final = "no mode of these requests is enforce"
_CHECKED: Final = (("types", "content_type_allowed"), ("deny_suffixes", "forbidden_suffixes"))
"""Lists of `files`, and the check without which nobody looks at them."""


def idle(config: Config) -> Iterator[Problem]:
    """What would be told to whoever wrote it; what is at its default was not written."""
    if config.mode_file_key != Config.mode_file_key and not config.mode_file:
        yield _does_nothing("mode_file_key", "there is no mode_file")
    if config.drain.lease != Drain.lease and config.drain.listen is None:
        yield _does_nothing("drain.lease", "nobody can ask for a drain without drain.listen")
    yield from _forwarded(config)
    yield from _shares(config)
    for name, scanner in config.scanners.items():
        yield from _scanner(f"scanners.{name}", scanner)
    for name, policy in config.policies.items():
        yield from _policy(f"policies.{name}", policy, config.policies["default"])
    if not config.routes and config.policies["default"].bodies != Bodies():
        yield _does_nothing("policies.default.bodies", "they are for requests that a route names, and there is none")


def _forwarded(config: Config) -> Iterator[Problem]:
    said = config.forwarded
    if said.fields == "keep" and said.write != type(said).write:
        yield _does_nothing("forwarded.write", "forwarded.fields is keep")
    if said.fields == "append" and not said.write:
        yield _does_nothing("forwarded.fields", "forwarded.write is empty")


def _shares(config: Config) -> Iterator[Problem]:
    inheriting = [route.mode or config.mode for route in config.routes if route.enforce_percent is None]
    if config.enforce_percent != _ALL and Mode.ENFORCE not in (config.mode, *inheriting):
        yield _does_nothing("enforce_percent", _SHARE)
    for index, route in enumerate(config.routes):
        if route.enforce_percent not in (None, _ALL) and (route.mode or config.mode) is not Mode.ENFORCE:
            yield _does_nothing(f"routes[{index}].enforce_percent", _SHARE)


def _scanner(path: str, scanner: Scanner) -> Iterator[Problem]:
    engine = parse_engine(scanner.url)
    if scanner.method != "auto" and engine.kind != "icap":
        yield _does_nothing(f"{path}.method", "only ICAP services are asked in several ways")
    if scanner.transfer != "auto" and engine.kind != "clamd":
        yield _does_nothing(f"{path}.transfer", "only clamd gets files in several ways")
    elif scanner.transfer == "descriptor" and not scanner.url.startswith("clamd:///"):
        yield _does_nothing(f"{path}.transfer", "a descriptor goes only through a socket in the file system")


def _policy(path: str, policy: Policy, default: Policy) -> Iterator[Problem]:
    for setting, check in _CHECKED:
        said = getattr(policy.files, setting)
        if said != getattr(Files, setting) and _is_off(policy, check) and not _told(policy, default, setting, check):
            yield _does_nothing(f"{path}.files.{setting}", f"the check {check} is off")
    bodies = policy.bodies
    if bodies.json_names and not bodies.json_files and (policy is default or bodies != default.bodies):
        yield _does_nothing(f"{path}.bodies.json_names", "there are no bodies.json_files")


def _is_off(policy: Policy, check: str) -> bool:
    return policy.checks == "off" or (isinstance(policy.checks, dict) and policy.checks.get(check) == "off")


def _told(policy: Policy, default: Policy, setting: str, check: str) -> bool:
    """Whether it is `default` that says all of it."""
    alike = getattr(policy.files, setting) == getattr(default.files, setting)
    return policy is not default and alike and _is_off(default, check)


def _does_nothing(path: str, why: str) -> Problem:
    return Problem(path, None, f"has no effect: {why}")
