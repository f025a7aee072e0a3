"""The whole files of one upload: kept while they arrive, unless they outgrow what is examined; examined at its end."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from concurrent.futures import Executor
from dataclasses import replace

from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.checks.metadata_removal import not_removed
from sidecar.inspection.file import File, Stripped
from sidecar.inspection.finding import Finding
from sidecar.inspection.monitored import monitored
from sidecar.inspection.rewrite import Rewrite
from sidecar.inspection.unexamined import EXAMINATION_NO_ROOM
from sidecar.isolation.pool import Pool
from sidecar.isolation.unanswered import outgrown
from sidecar.policy.settings.model import Policy
from sidecar.policy.settings.model import Spool as SpoolSettings
from sidecar.proxy.held.copies import FileCopy, HeldFile
from sidecar.proxy.held.pieces import Piece
from sidecar.proxy.held.spool import Room, Spool
from sidecar.proxy.reasons import RefusedError
from sidecar.scanners.bench import Bench

Keep = Callable[[Sequence[HeldFile], Sequence[Finding]], Awaitable[None]]
"""Takes files of an upload that is refused, and why it is."""


class Examinations:
    """Those of one upload, in the order of its files.

    Attributes:
        copies: the files that somebody wants whole.
        arrived: what was taken of them and is to be put away.
        rewrites: by the number of its part, each file of which not all goes on: its bytes, and what does.
    """

    def __init__(
        self,
        pool: Pool,
        policy: Policy,
        settings: SpoolSettings,
        room: Room,
        executor: Executor,
        *,
        largest: int,
        enforce: bool,
        bench: Bench | None,
        refused: Keep | None,
        rewrites: bool,
    ) -> None:
        """Nothing is kept yet.

        Args:
            pool: examines.
            policy: what is allowed.
            settings: where the files are kept that do not stand in a held body,
            room: counts them, with all that is held,
            executor: writes and reads them.
            largest: bytes of a file beyond which no check examines it.
            enforce: a file that there is no room for, or that is too large, ends the upload; otherwise it is not
                examined.
            bench: the scanners that see every file.
            refused: takes the files of an upload that is refused, where these are to be kept.
            rewrites: the body goes on only when all of this is done, so that files can still lose something.
        """
        self.copies: list[HeldFile] = []
        self.rewrites: dict[int, tuple[int, Rewrite]] = {}
        self._pool = pool
        self._policy = policy
        self._settings = settings
        self._room = room
        self._executor = executor
        self._held: tuple[Spool, Mapping[int, int]] | None = None
        self._largest = largest
        self._kept_most = max(largest, bench.largest) if bench is not None else largest
        self._bench = bench
        self._refused = refused if enforce else None
        self._rewrites = rewrites
        self._enforce = enforce
        self.arrived: list[tuple[File, list[Piece]]] = []
        self._copying: FileCopy | None = None
        self._lost: dict[int, Finding] = {}
        self._wanted = False

    def stand_in(self, body: Spool, places: Mapping[int, int]) -> None:
        """Keep no copies of files: they stand in the held body; before any arrives.

        Args:
            body: it ends before the files are examined.
            places: where in it each file begins, by the number of its part; it grows.
        """
        if self._bench is None or not self._bench.wants_files_alone:
            self._held = body, places
            body.lay_out(places)

    def keep(self, file: File, data: Piece) -> Finding | None:
        """Take some bytes; on whichever thread the inspection runs.

        Returns:
            What refuses the upload before the rest arrives.
        """
        self._wanted = self._wanted or bool(file.wanted_by)
        if file.size > self._largest and (finding := self._outgrown(file)) is not None:
            return finding
        if self._held is not None:
            if not self.copies or self.copies[-1].file is not file:
                self.copies.append(HeldFile(file, self._executor, *self._held))
        elif self.arrived and self.arrived[-1][0] is file:
            self.arrived[-1][1].append(data)
        else:
            self.arrived.append((file, [data]))
        return None

    def wake(self) -> None:
        """Start workers while the upload arrives, if a check wants a file of it whole; on the event loop."""
        if self._wanted:
            self._pool.wake()

    def _outgrown(self, file: File) -> Finding | None:
        """What refuses a file that is too large to be examined; where that does not, it is told at the end.

        One that the policy itself finds too large is refused for that.
        """
        if not (self._enforce and file.wanted_by and self._policy.max_file > self._largest):
            return None
        refusing = () if self._only_counted(file) else self._refusing([outgrown(file, self._largest)])
        return next(iter(refusing), None)

    async def write(self) -> None:
        """Put away what was taken.

        Raises:
            RefusedError: there is no room for it.
        """
        arrived, self.arrived = self.arrived, []
        for file, pieces in arrived:
            copy = self._copying
            if copy is None or copy.file is not file:
                copy = self._copying = FileCopy(file, self._settings, self._room, self._executor)
                self.copies.append(copy)
            if file.size <= self._kept_most:
                await self._put(copy, pieces)
            else:
                copy.close()

    async def _put(self, copy: FileCopy, pieces: Sequence[Piece]) -> None:
        if id(copy.file) in self._lost:
            return
        try:
            await copy.write(pieces)
        except RefusedError as error:
            if self._enforce:
                raise
            self._lose(copy, error.actual)

    def _lose(self, copy: HeldFile, why: str) -> None:
        self._lost[id(copy.file)] = Finding(EXAMINATION_NO_ROOM, why).at(copy.file.part.name)
        copy.close()

    async def findings(self, *, rewritable: bool) -> list[Finding]:
        """Examine the files side by side; what was found, in their order.

        Args:
            rewritable: the body can go on without parts of its files.

        Raises:
            RefusedError: the end of the held body could not be written.
        """
        self._rewrites = self._rewrites and rewritable
        if self._held is not None:
            await self._held[0].settle()
        first, *others = self.copies
        found = [*await (self._side_by_side(first, others) if others else self._examined(first))]
        if self._bench is not None and not (self._enforce and self._refusing(found)):
            found += await self._bench.judge(self.copies, stop_at_first=self._enforce)
        if self._refused is not None and (why := self._refusing(found)):
            await self._refused(self.copies, why)
        return found

    async def _side_by_side(self, first: HeldFile, others: Sequence[HeldFile]) -> Sequence[Finding]:
        async with asyncio.TaskGroup() as group:
            running = [group.create_task(self._examined(copy)) for copy in others]
            found = [*await self._examined(first)]
        for task in running:
            found += task.result()
        return found

    async def _examined(self, copy: HeldFile) -> Sequence[Finding]:
        if not copy.file.wanted_by:
            return ()
        found = await self._found(copy)
        if found and self._only_counted(copy.file):
            return [replace(finding, monitored=True) for finding in found]
        return found

    def _only_counted(self, file: File) -> bool:
        """Whether no check that wants it refuses anything."""
        return monitored(self._policy, all_checks()).cover(file.wanted_by)

    async def _found(self, copy: HeldFile) -> Sequence[Finding]:
        try:
            if id(copy.file) not in self._lost:
                examined = await self._pool.examine(copy, self._policy, stop_at_first=self._enforce)
                rewrite = examined.rewrite if self._rewrites else None
                missing = () if self._refusing(examined.findings) else not_removed(copy.file, rewrite)
                if rewrite is not None and not missing:
                    await self._take_rewrite(copy, rewrite)
                return (*examined.findings, *missing)
        except RefusedError as error:
            self._lose(copy, error.actual)
        except OSError as error:
            self._lose(copy, error.strerror or type(error).__name__)
        finally:
            if self._refused is None and self._bench is None:
                copy.close()
        return (self._lost[id(copy.file)], *not_removed(copy.file, None))

    async def _take_rewrite(self, copy: HeldFile, rewrite: Rewrite) -> None:
        """Remember what is to go on of a file, unless that is all of it, or it goes on as it came."""
        if not self._enforce or rewrite.pieces == ((0, copy.size),):
            return
        copy.file.stripped = Stripped(rewrite.size, await copy.sha256_of(rewrite))
        self.rewrites[copy.file.part.number] = copy.size, rewrite

    def _refusing(self, findings: Sequence[Finding]) -> list[Finding]:
        forward = self._policy.not_examined == "forward"
        return [finding for finding in findings if finding.refuses(forward_not_examined=forward)]

    def close(self) -> None:
        """Let go of all that is kept."""
        for copy in self.copies:
            copy.close()
        self.copies.clear()
        self._copying = None
        self.arrived.clear()
