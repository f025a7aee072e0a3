"""One worker: an instance without ports for operators, told what to do by the supervisor that started it."""

import asyncio
import contextlib
import os
import signal
import socket
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import uvloop

from sidecar.cli.config_file import build_settings
from sidecar.cli.exit_codes import ExitCode
from sidecar.cli.serving.garbage import Garbage
from sidecar.cli.serving.instance import Instance
from sidecar.cli.serving.starting import CANNOT_START
from sidecar.cli.supervision.channel import Answer, Channel, ChannelClosedError
from sidecar.policy.loading.problem import ConfigError
from sidecar.policy.settings.base import Mode
from sidecar.proxy.aiohttp_compat import forget_client_tls
from sidecar.proxy.control.live import Live
from sidecar.telemetry.log import LogOutput
from sidecar.telemetry.snapshot import to_json

LINE: Final = "latin-1"
"""A configuration on the channel: bytes as text, each its own character."""


@dataclass(slots=True)
class Handed:
    """The configuration that the supervisor has found good."""

    text: bytes
    name: str

    def read_bytes(self) -> bytes:
        """What was handed over last."""
        return self.text

    def __str__(self) -> str:
        return self.name


class Worker:
    """Does what the supervisor says until it says stop, or is gone."""

    def __init__(self, channel: Channel, environ: Mapping[str, str]) -> None:
        self._channel = channel
        self._environ = environ
        self._begun: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._stop: asyncio.Future[float] = asyncio.get_running_loop().create_future()
        self._instance: Instance | None = None
        self._source = Handed(b"", "")
        self._cap: str | None = None
        self._cut: asyncio.Future[int] = asyncio.get_running_loop().create_future()

    async def run(self) -> int:
        """Serve; the exit code."""
        hearing = asyncio.create_task(self._hear(), name="hear the supervisor")
        asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, self._end, None)
        try:
            return await self._serve(await self._begun)
        except (*CANNOT_START, ConfigError) as error:
            with contextlib.suppress(ChannelClosedError):
                await self._channel.ask("failed", why=str(error))
            return ExitCode.USAGE
        finally:
            if not self._cut.done():
                self._cut.set_result(0)
            await self._channel.close()
            await hearing

    async def _hear(self) -> None:
        await self._channel.serve(self._handle)
        self._end(0.0)
        if not self._begun.done():
            self._begun.cancel()

    def _end(self, accept_for: float | None) -> None:
        if not self._stop.done():
            self._stop.set_result(-1.0 if accept_for is None else accept_for)

    async def _serve(self, begin: Answer) -> int:
        handed = Mode(begin["cap"] if self._cap is None else self._cap)
        started = build_settings(begin["started"].encode(LINE), self._environ, begin["flags"])
        instance = Instance(
            self._source, self._environ, begin["flags"], share=begin["share"], started=started, handed=handed
        )
        state = instance.metrics.state
        config = instance.live.current.config
        with LogOutput(config.log, state.logged, state.log_dropped, lock=begin["lock"]) as log:
            await instance.start(log, inherited=begin["listen"])
            self._instance = instance
            await self._channel.ask("ready")
            with Garbage():
                accept_for = await self._stop
            drain = instance.live.current.config.drain
            cut = await instance.stop(accept_for=drain.accept_for if accept_for < 0 else accept_for)
            self._cut.set_result(cut)
        return ExitCode.CUT if cut else ExitCode.CLEAN

    async def _handle(self, verb: str, fields: Answer) -> Answer:
        if verb == "begin":
            self._source = Handed(fields["text"].encode(LINE), fields["name"])
            self._begun.set_result(fields)
        elif verb == "configure":
            self._source.text, self._cap = fields["text"].encode(LINE), fields["cap"]
            if self._instance is not None:
                self._configure(self._instance.live, Mode(fields["cap"]))
        elif verb == "stop":
            self._end(fields["accept_for"])
            return {"cut": await self._cut, **self._report()}
        elif verb == "drain":
            return {"left": 0 if self._instance is None else await self._instance.drain()}
        return self._report()

    def _configure(self, live: Live, cap: Mode) -> None:
        """Take in what the supervisor has found good."""
        live.switches.handed = cap
        live.decide()
        live.poll()

    def _report(self) -> dict[str, Any]:
        """What the supervisor adds up."""
        if self._instance is None:
            return {}
        return {"load": self._instance.load(), "metrics": to_json(self._instance.metrics.snapshot())}


async def _main(descriptor: int) -> int:
    forget_client_tls()
    channel = await Channel.over(socket.socket(fileno=descriptor))
    return await Worker(channel, os.environ).run()


if __name__ == "__main__":
    # Ctrl-C and a terminal's end reach the whole group; what becomes of a worker is the supervisor's to say.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    sys.exit(uvloop.run(_main(int(sys.argv[1]))))
