"""Child processes of the demo: started, waited for, ended in order."""

import asyncio
import contextlib
import os
import socket
from asyncio.subprocess import Process
from collections.abc import Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from sidecar.cli.endings import ended_how

_HOST: Final = "127.0.0.1"
_GRACE: Final = 10.0
_ANSWER: Final = 2.0


class ChildEndedError(Exception):
    """A child has ended by itself, or never answered."""

    def __init__(self, name: str, what: str, code: int | None) -> None:
        super().__init__(f"{name} {what}; its own messages stand above")
        self.code = code


class Child:
    """One child process, in a session of its own, so that Ctrl-C reaches only the parent, which ends them in order."""

    def __init__(self, name: str, command: Sequence[str], root: Path) -> None:
        self.name = name
        self._command = command
        paths = (str(root), os.environ.get("PYTHONPATH", ""))
        self._environ = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in paths if path)}
        self._process: Process | None = None

    async def start(self) -> None:
        """Start it; it writes where the parent does."""
        self._process = await asyncio.create_subprocess_exec(
            *self._command, env=self._environ, stdin=asyncio.subprocess.DEVNULL, start_new_session=True
        )

    async def wait(self) -> None:
        """Wait until it ends."""
        if self._process is not None:
            await self._process.wait()

    def raise_if_ended(self) -> None:
        """Tell that it has ended.

        Raises:
            ChildEndedError: it has.
        """
        code = None if self._process is None else self._process.returncode
        if code is not None:
            raise ChildEndedError(self.name, ended_how(code), code)

    async def end(self, grace: float = _GRACE) -> None:
        """Ask it to end, and make it end if it has not after `grace` seconds."""
        if self._process is None:
            return
        with contextlib.suppress(ProcessLookupError):
            self._process.terminate()
        try:
            async with asyncio.timeout(grace):
                await self._process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()


def missing_packages(names: Iterable[str]) -> list[str]:
    """Those that cannot be imported."""
    return [name for name in names if find_spec(name) is None]


def free_port() -> int:
    """A port of loopback that nobody listens at just now."""
    with socket.socket() as probe:
        probe.bind((_HOST, 0))
        port: int = probe.getsockname()[1]
    return port


def port_in_use(port: int) -> bool:
    """Whether a port of loopback cannot be listened at."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((_HOST, port))
        except OSError:
            return True
    return False


async def answers(port: int, path: str) -> bool:
    """Whether a GET of a path is answered with 200."""
    try:
        async with asyncio.timeout(_ANSWER):
            reader, writer = await asyncio.open_connection(_HOST, port)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: {_HOST}:{port}\r\nConnection: close\r\n\r\n".encode())
            status = await reader.readline()
            writer.close()
    except (OSError, TimeoutError):
        return False
    return status.split(b" ")[1:2] == [b"200"]
