"""What a worker is asked about a file: where its bytes are, and how that is written."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from sidecar.isolation import tray
from sidecar.isolation.copy import Copy, Range
from sidecar.isolation.request import Request, written
from sidecar.policy.settings.model import Policy

_IN_PACKET: Final = 80 * 1024
"""Bytes of several files that go within one packet; more are laid on the worker's tray."""


class Question(NamedTuple):
    """What `Pool.examine` was asked."""

    copy: Copy
    policy: Policy
    stop_at_first: bool
    explain: bool = False
    data: bytes | None = None
    """Its bytes, if they are at hand."""
    pieces: Sequence[bytes | memoryview] | None = None
    """Its bytes, if they are in memory and to be laid on the tray."""
    of_file: Range | None = None
    """Where its bytes stand, if they are neither."""

    @property
    def descriptors(self) -> Sequence[int]:
        """That of its bytes, if there is one; whoever placed it closes it."""
        return () if self.of_file is None else (self.of_file.descriptor,)

    async def placed(self) -> "Question":
        """The same, with its bytes.

        Raises:
            OSError, RefusedError: as the copy's `range`.
        """
        if (data := self.copy.at_hand()) is not None:
            return self._replace(data=data)
        pieces = self.copy.in_memory() if self.copy.size <= tray.SIZE else None
        return self._replace(pieces=pieces, of_file=await self.copy.range() if pieces is None else None)


def all_in_memory(asked: Sequence[Question]) -> list[Question | None]:
    """The same questions with their bytes, all in the packet or all on the tray; None for what is not in memory."""
    in_packet = sum(one.copy.size for one in asked) <= _IN_PACKET
    placed = [
        one._replace(data=one.copy.at_hand()) if in_packet else one._replace(pieces=one.copy.in_memory())
        for one in asked
    ]
    return [None if one.data is None and one.pieces is None else one for one in placed]


def packet(policy: int, asked: Sequence[Question]) -> bytes:
    """All in one packet.

    Args:
        policy: its number, the same for all.
        asked: those on the tray in the order in which they lie there.
    """
    requests, laid = [], 0
    for one in asked:
        start = laid if one.of_file is None else one.of_file.start
        on_tray = one.pieces is not None
        laid += one.copy.size if on_tray else 0
        requests.append(Request(policy, one.copy.file, one.data, start, on_tray, one.stop_at_first, one.explain))
    return written(requests)
