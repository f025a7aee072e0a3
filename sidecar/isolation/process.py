"""The sidecar's side of the template process and of its workers."""

import asyncio
import json
import logging
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import sidecar
from sidecar.isolation.channel import Channel
from sidecar.isolation.limits import OUT_OF_MEMORY, Limits

_log: Final = logging.getLogger("sidecar.isolation")
_PROGRAM: Final = "import sys; sys.path[:] = sys.argv[2:]; from sidecar.isolation.template import main; main()"
_MESSAGE: Final = 4096
_GRACE: Final = 2.0
TEMPLATE: Final = "template"
"""Why a worker ended, where its file had no part in it."""


class Worker:
    """One worker, from its fork to its end.

    Attributes:
        number: what the template calls it.
        channel: where it is asked.
        ended: its status as wait(2) tells it; -1 where nobody knows.
        policies: numbers of those that it was told.
        files: examined so far.
        busy: seconds that they took.
    """

    def __init__(self, number: int, channel: Channel) -> None:
        self.number = number
        self.channel = channel
        self.policies: set[int] = set()
        self.files = 0
        self.busy = 0.0
        self.ended: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    def end(self, status: int) -> None:
        """It has ended."""
        if not self.ended.done():
            self.ended.set_result(status)


class TemplateProcess:
    """Starts the template, asks it for workers, hears of their ends."""

    def __init__(self, gone: Callable[["TemplateProcess"], None], ready: Callable[[str], None]) -> None:
        """Nobody is forked yet.

        Args:
            gone: told that it has ended by itself.
            ready: told why the calls of workers are not filtered; empty where they are.
        """
        self._gone = gone
        self._ready = ready
        self._workers: dict[int, Worker] = {}
        self._last = 0
        self._loop = asyncio.get_running_loop()
        self._control, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._control.setblocking(False)  # noqa: FBT003 - positional only
        with its:
            self._process = subprocess.Popen(  # noqa: S603 - our own program
                _command(its.fileno()), pass_fds=(its.fileno(),), env={}, cwd="/", start_new_session=True,
                stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            )  # fmt: skip
        self._loop.add_reader(self._control, self._hear)

    @property
    def pid(self) -> int:
        """The process."""
        return self._process.pid

    @property
    def workers(self) -> int:
        """How many have not ended."""
        return len(self._workers)

    def fork(self, limits: Limits) -> Worker:
        """A new worker; it can be asked at once, and answers when it is there."""
        ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)  # noqa: FBT003 - positional only
        self._last += 1
        worker = self._workers[self._last] = Worker(self._last, Channel(ours))
        with its:
            self._say({"fork": worker.number, "memory": limits.memory, "cpu": limits.cpu}, its.fileno())
        return worker

    def kill(self, worker: Worker) -> None:
        """End a worker at once, if it is one of this template's and has not ended."""
        if self._workers.get(worker.number) is worker:
            self._say({"kill": worker.number})

    def _say(self, message: dict[str, Any], *descriptors: int) -> None:
        try:
            socket.send_fds(self._control, [json.dumps(message).encode("ascii")], descriptors)
        except OSError:  # gone, or it does not read any more: it is of no use
            self._process.kill()

    def _hear(self) -> None:
        try:
            message = self._control.recv(_MESSAGE)
        except BlockingIOError:
            return
        except OSError:
            message = b""
        if not message:
            self._lost()
            return
        said = json.loads(message)
        if "ended" in said and (worker := self._workers.pop(said["ended"], None)):
            worker.end(said["status"])
        elif "failed" in said:
            _log.error("the process that examines files cannot start: %s", said["failed"])
        elif "ready" in said:
            self._ready(said["filter"])

    def _lost(self) -> None:
        """It has ended, and all its workers with it."""
        self._loop.remove_reader(self._control)
        workers, self._workers = list(self._workers.values()), {}
        for worker in workers:
            worker.end(-1)
        self._gone(self)

    async def stop(self) -> None:
        """End it and all its workers."""
        if self._control.fileno() >= 0:
            self._loop.remove_reader(self._control)
            self._control.close()
        for worker in self._workers.values():
            worker.end(-1)
            worker.channel.close()
        self._workers = {}
        try:
            await asyncio.to_thread(self._process.wait, _GRACE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            await asyncio.to_thread(self._process.wait)


def _command(descriptor: int) -> list[str]:
    """Isolated from the environment and the current directory, but with our paths: they are where we were found."""
    own = str(Path(sidecar.__file__).resolve().parents[1])
    paths = [str(Path(path).resolve()) for path in sys.path if path]
    return [sys.executable, "-I", "-S", "-X", "utf8", *_as_compiled(), "-c", _PROGRAM, str(descriptor), own, *paths]


def _as_compiled() -> list[str]:
    """What says where byte code is, and which: there is no environment to tell it."""
    flags = [f"-{'O' * sys.flags.optimize}"] if sys.flags.optimize else []
    return flags if sys.pycache_prefix is None else [*flags, "-X", f"pycache_prefix={sys.pycache_prefix}"]


def cause_of(status: int) -> str:
    """Why a worker ended that had not answered: `cpu`, `memory`, `crash` or `template`.

    Args:
        status: as wait(2) tells it; below 0 it went with its template, or could not be forked.
    """
    if status < 0:
        return TEMPLATE
    if os.WIFSIGNALED(status):
        # Only the kernel, out of memory or of patience, kills a worker that we have not killed ourselves.
        causes: dict[int, str] = {signal.SIGXCPU: "cpu", signal.SIGKILL: "memory"}
        return causes.get(os.WTERMSIG(status), "crash")
    out = os.WIFEXITED(status) and os.WEXITSTATUS(status) == OUT_OF_MEMORY
    return "memory" if out else "crash"
