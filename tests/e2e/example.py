"""The example service as a process of its own, on a port that it chose."""

import asyncio
import os
import re
import signal
import sys
from pathlib import Path

from tests.e2e.process import PATIENCE

SERVICE = Path(__file__).parents[2] / "deploy" / "example" / "service.py"


class ExampleService:
    """Stores what it gets in a directory."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._process: asyncio.subprocess.Process | None = None

    async def start(self) -> int:
        """The port."""
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, str(SERVICE), "--port", "0", "--directory", str(self.directory),
            stderr=asyncio.subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"},
        )  # fmt: skip
        async with asyncio.timeout(PATIENCE):
            while line := await self._process.stderr.readline():
                if found := re.search(rb"running on http://[0-9.]+:([0-9]+)", line):
                    return int(found[1])
        raise AssertionError("the example service did not start")

    @property
    def stored(self) -> int:
        """How many files it has."""
        return len(list(self.directory.iterdir()))

    async def end(self, number: signal.Signals = signal.SIGTERM) -> None:
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(number)
            async with asyncio.timeout(PATIENCE):
                await self._process.communicate()
