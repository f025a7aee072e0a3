"""The template of isolated workers, lent by one sidecar of a test process to the next: another proves nothing more."""

import asyncio
from collections.abc import Callable
from typing import ClassVar

from sidecar.isolation import process
from sidecar.isolation.process import TemplateProcess

_GRACE = 5.0
_ORDINARY = process._PROGRAM


class LentTemplate(TemplateProcess):
    """Outlives who asked for it; its workers do not."""

    kept: ClassVar["LentTemplate | None"] = None

    def __init__(self, gone: Callable[[TemplateProcess], None], ready: Callable[[str], None]) -> None:
        self._unfiltered: str | None = None
        self._borrower = ready
        super().__init__(gone, self._tell)

    def _tell(self, unfiltered: str) -> None:
        """It is ready: now, and to whoever has it next at once."""
        self._unfiltered = unfiltered
        self._borrower(unfiltered)

    @classmethod
    def take(cls, gone: Callable[[TemplateProcess], None], ready: Callable[[str], None]) -> TemplateProcess:
        """The one that is there, as if just started, or a new one; a test of another program gets one of its own."""
        if process._PROGRAM != _ORDINARY:
            return TemplateProcess(gone, ready)
        lent, cls.kept = cls.kept, None
        if lent is None:
            return cls(gone, ready)
        lent._gone, lent._borrower, lent._loop = gone, ready, asyncio.get_running_loop()
        lent._loop.add_reader(lent._control, lent._hear)
        lent._loop.call_soon(ready, lent._unfiltered)
        return lent

    async def stop(self) -> None:
        """End its workers; itself too if it is not well or another is kept."""
        if self._unfiltered is None or LentTemplate.kept is not None or not await self._rid_of_workers():
            await super().stop()
            return
        self._loop.remove_reader(self._control)
        LentTemplate.kept = self

    async def _rid_of_workers(self) -> bool:
        workers = list(self._workers.values())
        for worker in workers:
            worker.channel.close()
            self.kill(worker)
        if workers:
            await asyncio.wait([worker.ended for worker in workers], timeout=_GRACE)
        return not self._workers and self._process.poll() is None

    @classmethod
    def end(cls) -> None:
        """End the one that is kept."""
        if cls.kept is not None:
            cls.kept._control.close()
            cls.kept._process.wait(_GRACE)
            cls.kept = None
