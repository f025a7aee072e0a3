"""The isolated workers of `scan`: the same as those of a sidecar, for one file at a time."""

import asyncio
from collections.abc import Sequence
from types import TracebackType
from typing import Self

from sidecar.inspection.examined import Examined, Node
from sidecar.inspection.file import File
from sidecar.isolation.copy import AT_HAND, Range
from sidecar.isolation.pool import Pool
from sidecar.isolation.sealed import sealed
from sidecar.policy.settings.model import Config, Policy


def _unheard(_told: object) -> None:
    """There are no metrics here: the finding says it all."""


class ReadFile:
    """A file that was read."""

    def __init__(self, file: File, data: bytes) -> None:
        self.file = file
        self.size = len(data)
        self._data = data

    def at_hand(self) -> bytes | None:
        """The bytes, where they are few."""
        return self._data if self.size <= AT_HAND else None

    def in_memory(self) -> Sequence[bytes]:
        """The bytes."""
        return (self._data,)

    async def range(self) -> Range:
        """A file in memory."""
        return Range(sealed([self._data]), 0, self.size)


class ScanWorkers:
    """Started with the first file that a check wants whole, ended with the context.

    Attributes:
        tree: what was found in the file that was examined last.
    """

    def __init__(self, config: Config, policy: Policy, runner: asyncio.Runner) -> None:
        self.tree: Node | None = None
        self._policy = policy
        settings = config.isolation.replaced(spare=0)
        self._pool = Pool(lambda: settings, _unheard, _unheard)
        self._runner = runner

    def examine(self, file: File, data: bytes) -> Examined:
        """What the checks find that want the file whole."""
        asked = self._pool.examine(ReadFile(file, data), self._policy, stop_at_first=False, explain=True)
        examined = self._runner.run(asked)
        self.tree = examined.tree
        return examined

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._runner.run(self._pool.stop())
