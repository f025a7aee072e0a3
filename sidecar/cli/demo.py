"""`demo`: the example service and the sidecar before it, to try on one machine."""

import argparse
import asyncio
import signal
import sys
import tempfile
from pathlib import Path
from typing import Final

from sidecar.cli import demo_files
from sidecar.cli.children import Child, ChildEndedError, answers, free_port, missing_packages, port_in_use
from sidecar.cli.exit_codes import ExitCode

_CHECKOUT: Final = Path(__file__).resolve().parents[2]
_SERVICE: Final = _CHECKOUT / "deploy" / "example" / "service.py"
_PACKAGES: Final = ("fastapi", "uvicorn", "python_multipart")
_PATIENCE: Final = 30.0
"""Seconds for a child to answer; a slow machine imports FastAPI in about five."""


class DemoError(Exception):
    """The demo cannot run; the message says what is missing and what to do."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "demo",
        help="try it: an example service and the sidecar before it",
        description="Start an example service that stores whatever is uploaded, and the sidecar before it in mode "
        "enforce; print commands to try. Ctrl-C ends both and removes what was uploaded.",
        epilog="exit codes: 0 stopped; 1 one of the two ended by itself; 2 something is missing or a port is in use.",
    )
    parser.add_argument("--port", type=_port, default=8080, metavar="N", help="of the sidecar (8080; 0: any free one)")
    parser.add_argument("--admin-port", type=_port, default=9090, metavar="N", help="of its metrics (9090; 0: any)")
    parser.set_defaults(run=run)


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > 65535:  # noqa: PLR2004 - the last port (RFC 9293, section 3.1)
        raise argparse.ArgumentTypeError(f"expected a port between 0 and 65535, got {text}")
    return int(text)


def run(arguments: argparse.Namespace) -> int:
    """Run both until a signal."""
    try:
        _require(arguments.port, arguments.admin_port)
        return asyncio.run(_demo(arguments.port or free_port(), arguments.admin_port or free_port()))
    except ChildEndedError as error:
        sys.stderr.write(f"upload-sidecar demo: {error}\n")
        return ExitCode.USAGE if error.code == ExitCode.USAGE else ExitCode.REFUSED
    except DemoError as error:
        sys.stderr.write(f"upload-sidecar demo: {error}\n")
        return ExitCode.USAGE


def _require(*ports: int) -> None:
    """Whatever can be known to be missing before anything starts."""
    if not _SERVICE.is_file():
        raise DemoError(
            "the example service is not part of the installed package. Run the demo in a checkout of the project: "
            f"`make run` there does all set-up. Expected {_SERVICE.name} at deploy/example/."
        )
    if missing := missing_packages(_PACKAGES):
        raise DemoError(
            f"the example service needs {' and '.join(missing)}. Install the extra: "
            "pip install '.[demo]' in the checkout"
        )
    if ports[0] == ports[1] != 0:
        raise DemoError(f"--port and --admin-port are both {ports[0]}; expected two ports")
    for port, flag in zip(ports, ("--port", "--admin-port"), strict=True):
        if port and port_in_use(port):
            raise DemoError(f"port {port} is in use; end what listens there, or choose another with {flag} N")


async def _demo(port: int, admin_port: int) -> int:
    stop = _stop_signal()
    with tempfile.TemporaryDirectory(prefix="upload-sidecar-demo-") as name:
        directory = Path(name)
        service_port = free_port()
        config = demo_files.write(directory, port, admin_port, service_port)
        flags = ("--port", str(service_port), "--directory", str(directory / "uploads"))
        service = Child("the example service", (sys.executable, str(_SERVICE), *flags), _CHECKOUT)
        sidecar = Child("the sidecar", (sys.executable, "-m", "sidecar", "run", "--config", str(config)), _CHECKOUT)
        try:
            await _start(service, service_port, stop)
            await _start(sidecar, port, stop)
            if not stop.is_set():
                sys.stdout.write(demo_files.instructions(directory, port, admin_port))
                sys.stdout.flush()
            await _until(stop, service, sidecar)
        finally:
            await sidecar.end()  # first, so that what it holds still finds the service
            await service.end()
    return ExitCode.CLEAN


def _stop_signal() -> asyncio.Event:
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    return stop


async def _start(child: Child, port: int, stop: asyncio.Event) -> None:
    """Start a child and wait until it answers, is told to stop, or ends.

    Raises:
        ChildEndedError: it ended, or did not answer in time.
    """
    if stop.is_set():
        return
    await child.start()
    try:
        async with asyncio.timeout(_PATIENCE):
            while not stop.is_set() and not await answers(port, "/health"):
                child.raise_if_ended()
                await asyncio.sleep(0.05)
    except TimeoutError:
        raise ChildEndedError(child.name, f"did not answer within {_PATIENCE:g} s on port {port}", None) from None


async def _until(stop: asyncio.Event, *children: Child) -> None:
    """Wait for the signal; the end of a child ends the demo too."""
    waiting = [asyncio.create_task(stop.wait()), *(asyncio.create_task(child.wait()) for child in children)]
    try:
        await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in waiting:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
    if not stop.is_set():
        for child in children:
            child.raise_if_ended()
