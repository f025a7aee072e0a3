"""`run`: the sidecar in front of a service, until it is told to stop."""

import argparse
import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import uvloop

from sidecar.cli.config_file import build_config
from sidecar.cli.exit_codes import ExitCode
from sidecar.cli.serving.garbage import Garbage
from sidecar.cli.serving.instance import Instance
from sidecar.cli.serving.open_files import raise_limit, warn_if_low
from sidecar.cli.serving.starting import CANNOT_START
from sidecar.policy.loading.environment import FLAGS
from sidecar.proxy.aiohttp_compat import forget_client_tls
from sidecar.proxy.control.switch_log import tell_doubtful
from sidecar.telemetry.log import LogOutput, log_event

if TYPE_CHECKING:
    from sidecar.cli.supervision.supervisor import Supervisor


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "run",
        help="run the sidecar in front of a service",
        description="Run the sidecar in front of a service. Flags win over SIDECAR_ variables, those over the file.",
        epilog="SIGHUP reads the file again at once (it is watched anyway). SIGTERM drains and exits: 0 if all that "
        "was under way could finish, 3 if some of it was cut.",
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration; defaults and variables if absent")
    parser.add_argument("--mode", help="off, monitor or enforce")
    parser.add_argument("--listen", metavar="ADDRESS", help="where clients connect: host:port or unix:///path")
    parser.add_argument("--admin-listen", metavar="ADDRESS", help="where health and metrics are: host:port")
    parser.add_argument("--upstream", metavar="URL", help="the service: http://host:port or unix:///path")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Run until a signal; the exit code."""
    forget_client_tls()
    given = {path: getattr(arguments, flag.strip("-").replace("-", "_")) for path, flag in FLAGS.items()}
    flags = {path: str(value) for path, value in given.items() if value is not None}
    try:
        return uvloop.run(_serve(arguments.config, os.environ, flags))
    except CANNOT_START as error:
        sys.stderr.write(f"upload-sidecar: {error}\n")
    except OSError as error:
        sys.stderr.write(f"upload-sidecar: cannot read {arguments.config}: {error.strerror}; expected a YAML file\n")
    return ExitCode.USAGE


async def _serve(path: Path | None, environ: Mapping[str, str], flags: Mapping[str, str]) -> int:
    raise_limit()
    instance = _make(path, environ, flags)
    state = instance.metrics.state
    settings = instance.live.current.config.log
    with LogOutput(settings, state.logged, state.log_dropped, lock=instance.log_lock) as log:
        warn_if_low(instance.live.current.config.overload.max_connections)
        stopped = _on_signals(instance)
        await instance.start(log)
        config = instance.live.current.config
        ports = instance.operators
        log_event("started", listen=instance.address, admin=ports.admin_address, drain=ports.drain_address,
                  mode=instance.live.current.mode.value, workers=config.workers,
                  upstream=config.upstream.url, sha256=instance.live.current.sha256)  # fmt: skip
        tell_doubtful(config)
        with Garbage():
            name = await stopped
        log_event("draining", signal=name)
        cut = await instance.stop(accept_for=config.drain.accept_for if name == "SIGTERM" else 0.0)
        log_event("stopped", cut=cut)
    return ExitCode.CUT if cut else ExitCode.CLEAN


def _make(path: Path | None, environ: Mapping[str, str], flags: Mapping[str, str]) -> "Instance | Supervisor":
    """One process, or one that starts others; what only that needs is not imported elsewhere."""
    raw = b"{}" if path is None else path.read_bytes()
    if build_config(raw, environ, flags).workers == 1:
        return Instance(path, environ, flags)
    from sidecar.cli.supervision.supervisor import Supervisor  # noqa: PLC0415

    return Supervisor(path, environ, flags)


def _on_signals(instance: "Instance | Supervisor") -> asyncio.Future[str]:
    """Reload at SIGHUP; the name of the first signal that ends the run."""
    loop = asyncio.get_running_loop()
    stopped: asyncio.Future[str] = loop.create_future()

    def stop(number: signal.Signals) -> None:
        if not stopped.done():
            stopped.set_result(number.name)

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stop, number)
    loop.add_signal_handler(signal.SIGHUP, instance.live.reload)
    return stopped
