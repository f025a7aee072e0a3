"""`check`: is this configuration right?"""

import argparse
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sidecar.cli.config_file import read_settings
from sidecar.cli.exit_codes import ExitCode
from sidecar.cli.named_files import look
from sidecar.inspection.doubtful import doubtful
from sidecar.policy.settings.check_mode import monitors
from sidecar.policy.settings.model import Config, Mode, Policy, Route
from sidecar.policy.values.units import size_text

_ALL: Final = 100
_FORWARDS: Final = ("on_not_examined", "on_down")


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "check",
        help="is this configuration right? all errors at once",
        description="Read a configuration as `run` would, the SIDECAR_ variables of the environment included, and "
        "tell everything that is wrong with it, each with its line, what was expected and what was seen. "
        "Keys, certificates, lists and directories that it names are looked at, too; one that is not on this machine "
        "is told on standard error and is no mistake, as it may be where `run` runs; so are names that nothing "
        "reaches, settings that do nothing beside others, limits that others overrule, and sizes of files that are let "
        "in and not examined. Nothing is started or contacted.",
        epilog="exit codes: 0 it is right, and a summary is printed; 2 it is not.",
    )
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("file", nargs="?", type=Path, metavar="FILE", help="configuration (YAML)")
    which.add_argument("--config", type=Path, metavar="FILE", help="the same, as other commands are told it")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Tell what is wrong, or what the configuration amounts to."""
    path = arguments.config or arguments.file
    source = str(path)
    config = read_settings(path)
    warnings = [*doubtful(config), *look(config, time.time())]
    sys.stderr.writelines(f"warning: {problem.text(source)}\n" for problem in warnings)
    sys.stdout.writelines(f"{line}\n" for line in _summary(source, config))
    return ExitCode.CLEAN


def _summary(source: str, config: Config) -> Iterator[str]:
    yield f"{source}: valid"
    yield f"  mode      {_mode(config.mode, config.enforce_percent)}"
    yield f"  listen    {config.listen}, admin {config.admin.listen}"
    yield f"  workers   {config.workers}"
    yield f"  service   {config.upstream.url}"
    used = {name for policy in config.policies.values() for name in policy.scanners.use}
    for name, scanner in config.scanners.items():
        yield f"  scanner   {name}: {scanner.url}{'' if name in used else ' (no policy uses it)'}"
    yield from (f"  route     {_route(route, config)}" for route in config.routes)
    yield f"  otherwise policy default, {_mode(config.mode, config.enforce_percent)}"
    yield from (f"  policy    {name}: {'; '.join(_policy(policy))}" for name, policy in config.policies.items())
    for label in ("owner", "reason", "expected", "rollback"):
        yield f"  {label:9} {getattr(config.change, label) or '(not told: set change.' + label + ')'}"
    if config.change.bounds:
        yield f"  bounds    {'; '.join(config.change.bounds)}"


def _mode(mode: Mode, percent: float) -> str:
    return mode.value if mode is not Mode.ENFORCE or percent == _ALL else f"enforce for {percent:g} % of the clients"


def _route(route: Route, config: Config) -> str:
    methods = f" ({', '.join(route.methods)})" if route.methods else ""
    mode = Mode.OFF if config.mode is Mode.OFF else route.mode or config.mode
    percent = config.enforce_percent if route.enforce_percent is None else route.enforce_percent
    others = {"delivery: stream": route.delivery, "body: original": route.body, "tunnels: pass": route.tunnels}
    said = [text for text, value in others.items() if text.endswith(f" {value}")]
    return f"{route.path}{methods}: {', '.join((f'policy {route.policy}', _mode(mode, percent), *said))}"


def _policy(policy: Policy) -> Iterator[str]:
    preset = "" if policy.preset == "none" else f"preset {policy.preset}, "
    yield (
        f"{preset}up to {policy.max_files} files of {size_text(policy.max_file)}, body {size_text(policy.max_body)}, "
        f"types {', '.join(policy.files.types) or 'none'}"
    )
    if policy.not_examined == "forward":
        yield "not_examined: forward"
    checks = policy.checks if isinstance(policy.checks, dict) else {"all checks": "off"}
    for label, names in (
        ("off", [name for name, setting in checks.items() if setting == "off"]),
        ("monitor only", [name for name, setting in checks.items() if monitors(setting)]),
        ("scanners", list(policy.scanners.use)),
    ):
        if names:
            yield f"{label}: {', '.join(names)}"
    if policy.scanners.use:
        yield from (f"{name}: forward" for name in _FORWARDS if getattr(policy.scanners, name) == "forward")
