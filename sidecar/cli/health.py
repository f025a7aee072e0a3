"""`health`: does the instance that a configuration describes answer? For whoever cannot ask with HTTP itself."""

import argparse
import http.client
import json
import sys
from pathlib import Path
from typing import Any, Final

from sidecar.cli.admin_client import ask
from sidecar.cli.config_file import read_config
from sidecar.cli.exit_codes import ExitCode
from sidecar.policy.values.addresses import TcpAddress, UnixAddress, parse_listen
from sidecar.policy.values.units import parse_seconds

_LONGEST: Final = 65_536
"""Bytes read of an answer."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "health",
        help="does a running instance answer? for the health check of a container",
        description="Ask a running instance on its admin port whether it is alive. The address is found as `run` finds "
        "it: --admin-listen, or SIDECAR_ADMIN__LISTEN, or the file, or the default.",
        epilog="exit codes: 0 it is; 1 it is not, or does not answer in time; 2 usage or configuration.",
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration that the instance runs with")
    parser.add_argument("--admin-listen", metavar="ADDRESS", help="its admin port: host:port or unix:///path")
    parser.add_argument("--ready", action="store_true", help="ask whether new traffic is welcome, not only for life")
    parser.add_argument("--timeout", type=_seconds, default=3.0, metavar="TIME", help="longest wait (3s)")
    parser.set_defaults(run=run, prefix="upload-sidecar health: ")


def _seconds(text: str) -> float:
    try:
        return parse_seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(arguments: argparse.Namespace) -> int:
    """Ask, and tell the answer."""
    try:
        address = parse_listen(arguments.admin_listen or read_config(arguments.config).admin.listen)
    except ValueError as error:
        sys.stderr.write(f"{arguments.prefix}{error}\n")
        return ExitCode.USAGE
    return _tell(address, "/readyz" if arguments.ready else "/healthz", arguments.timeout)


def _tell(address: TcpAddress | UnixAddress, path: str, timeout: float) -> int:
    try:
        status, answer = _ask(address, path, timeout)
    except (OSError, ValueError, http.client.HTTPException) as error:
        sys.stderr.write(f"upload-sidecar health: no answer from the admin port: {error}; is `run` under way there?\n")
        return ExitCode.REFUSED
    told = [str(answer.get("status", status)), *map(str, answer.get("reasons", ()))]
    sys.stdout.write(": ".join(told) + "\n")
    return ExitCode.CLEAN if status == http.HTTPStatus.OK else ExitCode.REFUSED


def _ask(address: TcpAddress | UnixAddress, path: str, timeout: float) -> tuple[int, dict[str, Any]]:
    status, body = ask(address, path, timeout, _LONGEST)
    answer = json.loads(body)
    return status, answer if isinstance(answer, dict) else {}
