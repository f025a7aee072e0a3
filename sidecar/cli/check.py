"""`check`: is this configuration right?"""

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path

from sidecar.cli.config_file import UnreadableError, read_config
from sidecar.cli.exit_codes import ExitCode
from sidecar.cli.named_files import look
from sidecar.policy.load import ConfigError
from sidecar.policy.model import Config, Mode, Policy
from sidecar.policy.units import size_text


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "check",
        help="is this configuration right? all errors at once",
        description="Read a configuration as `run` would, the SIDECAR_ variables of the environment included, and "
        "tell everything that is wrong with it, each with its line, what was expected and what was seen. "
        "Keys, certificates and directories that it names are looked at, too; one that is not on this machine is told "
        "on standard error and is no mistake, as it may be where `run` runs. Nothing is started or contacted.",
        epilog="exit codes: 0 it is right, and a summary is printed; 2 it is not.",
    )
    parser.add_argument("file", type=Path, metavar="FILE", help="configuration (YAML)")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Tell what is wrong, or what the configuration amounts to."""
    source = str(arguments.file)
    try:
        config = read_config(arguments.file)
        unseen = look(config)
    except UnreadableError as error:
        sys.stderr.write(f"{error}\n")
        return ExitCode.USAGE
    except ConfigError as error:
        sys.stderr.writelines(f"{problem.text(source)}\n" for problem in error.problems)
        return ExitCode.USAGE
    sys.stderr.writelines(f"warning: {problem.text(source)}\n" for problem in unseen)
    sys.stdout.writelines(f"{line}\n" for line in _summary(source, config))
    return ExitCode.CLEAN


def _summary(source: str, config: Config) -> Iterator[str]:
    yield f"{source}: valid"
    yield f"  mode      {config.mode.value}"
    yield f"  listen    {config.listen}, admin {config.admin.listen}"
    yield f"  service   {config.upstream.url}"
    for route in config.routes:
        mode = Mode.OFF if config.mode is Mode.OFF else route.mode or config.mode
        methods = f" ({', '.join(route.methods)})" if route.methods else ""
        yield f"  route     {route.path}{methods}: policy {route.policy}, {mode.value}"
    yield f"  otherwise policy default, {config.mode.value}"
    for name, policy in config.policies.items():
        preset = "" if policy.preset == "none" else f"preset {policy.preset}, "
        yield f"  policy    {name}: {preset}{_limits(policy)}"
    for label in ("owner", "reason", "expected", "rollback"):
        yield f"  {label:9} {getattr(config.change, label) or '(not told: set change.' + label + ')'}"
    if config.change.bounds:
        yield f"  bounds    {'; '.join(config.change.bounds)}"


def _limits(policy: Policy) -> str:
    checks = policy.checks if isinstance(policy.checks, dict) else {"all checks": "off"}
    off = [name for name, setting in checks.items() if setting == "off"]
    return (
        f"up to {policy.max_files} files of {size_text(policy.max_file)}, body {size_text(policy.max_body)}, "
        f"types {', '.join(policy.files.types) or 'none'}" + (f"; off: {', '.join(off)}" if off else "")
    )
