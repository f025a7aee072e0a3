"""One upload under inspection: bytes in, what may go on out, and the verdict at the end."""

import logging
from collections.abc import Callable, Iterator, Sequence
from typing import Final

from sidecar.inspection.inspector import Inspector
from sidecar.inspection.limits import body_finding
from sidecar.inspection.rewrite import Rewrite, of_body
from sidecar.inspection.verdict import Verdict
from sidecar.multipart.events import Event
from sidecar.multipart.rules import MalformedError
from sidecar.policy.settings.model import Policy
from sidecar.proxy.held.pieces import Piece
from sidecar.proxy.held.spool import Spool
from sidecar.proxy.http.fields import Fields
from sidecar.proxy.http.request_head import RequestHead
from sidecar.proxy.inspecting.examinations import Examinations
from sidecar.proxy.inspecting.examiner import Examiner
from sidecar.proxy.inspecting.rejected import RejectedError
from sidecar.proxy.shapes.framing import rewritten_head
from sidecar.proxy.shapes.passed import Refused
from sidecar.proxy.shapes.shape import Shape
from sidecar.telemetry.seen import Seen

_log: Final = logging.getLogger("sidecar.inspection")
_AT_ONCE: Final = 128 * 1024
"""Bytes of a chunk that are decoded on the event loop; what they give beyond one step is made on a thread."""


class Upload:
    """A shape and the Inspector together; enforce and monitor both run exactly this.

    Attributes:
        spent: seconds of inspection.
        spent_examining: seconds of the examination of whole files.
        ended: the body was inspected to its end.
        whole: the body was inspected to its end, and every file examined that had to be.
    """

    def __init__(
        self,
        head: RequestHead,
        make_shape: Callable[[RequestHead], Shape],
        policy: Policy,
        examiner: Examiner,
        examinations: Examinations,
        clock: Callable[[], float],
        *,
        stop_at_first: bool,
        seen: Seen | None,
    ) -> None:
        self.spent = self.spent_examining = 0.0
        self.ended = self.whole = False
        self._head = head
        self._policy = policy
        self._examiner = examiner
        self._clock = clock
        self._received = self._decoded_size = 0
        self._plain = b""
        self._steps: Iterator[bytes] | None = None
        self._on_loop = self._too_large = False
        self._examinations = examinations
        self._stop_at_first = stop_at_first
        self._inspector = Inspector(policy, examiner.identify, stop_at_first=stop_at_first, keep=examinations.keep)
        self._receive = self._inspector.receive if seen is None else seen.before(self._inspector.receive)
        self._shape: Shape = Refused()
        self._reading = False
        self._judge_head(make_shape)

    def _judge_head(self, make_shape: Callable[[RequestHead], Shape]) -> None:
        """What the head alone tells: it costs the client no upload."""
        self._judge_size(self._head.content_length or 0)
        try:
            self._shape = make_shape(self._head)
            self._reading = True
        except MalformedError as error:
            self._inspector.malformed(error)

    def _judge_size(self, size: int) -> None:
        if not self._too_large and (finding := body_finding(self._policy, size)) is not None:
            self._too_large = True
            self._inspector.receive(finding)

    def accept(self) -> None:
        """Go on only while nothing refuses the upload.

        Raises:
            RejectedError: something does.
        """
        if self._inspector.refusal is not None:
            raise RejectedError(self._inspector.refusal)

    @property
    def as_sent(self) -> bool:
        """Whether the body goes on byte for byte."""
        return self._shape.as_sent

    def hold_in(self, body: Spool) -> None:
        """What goes on of the upload is held there until the verdict; before any of it is received."""
        if self._shape.places is not None:
            self._examinations.stand_in(body, self._shape.places)

    def receive(self, chunk: bytes) -> None:
        """Take the next bytes of the body, once every `step` of those before was made."""
        self._received += len(chunk)
        self._judge_size(self._received)
        if self._shape.decoder is None:
            self._plain = chunk
        else:
            self._steps, self._on_loop = self._shape.decoder.decode(chunk), len(chunk) <= _AT_ONCE

    async def step(self) -> Sequence[Piece] | None:
        """Inspect what was received, or a bounded part of what it decodes to.

        Returns:
            What goes on of it, if the upload is accepted; None where nothing is left.
        """
        if chunk := self._plain:
            self._plain = b""
            return await self._inspect(chunk)
        if self._steps is None or not self._reading or (step := await self._decoded(self._steps)) is None:
            self._steps = None
            return None
        self._decoded_size += len(step)
        self._judge_size(self._decoded_size)
        pieces = await self._inspect(step)
        if self._too_large:
            self.abandon()  # nobody asks a bomb for more
        return pieces

    async def _decoded(self, steps: Iterator[bytes]) -> bytes | None:
        began, on_loop, self._on_loop = self._clock(), self._on_loop, False
        try:
            return next(steps, None) if on_loop else await self._examiner.run(lambda: next(steps, None))
        except MalformedError as error:
            self._give_up(error)
            return None
        finally:
            self.spent += self._clock() - began

    async def _inspect(self, chunk: bytes) -> Sequence[Piece]:
        return self._shape.written(chunk, await self._events(self._shape.feed, chunk) if self._reading else ())

    async def _events(self, read: Callable[..., Sequence[Event]], *chunk: bytes) -> Sequence[Event]:
        """What the shape reads, received by the inspector, with all that this leads to."""
        began = self._clock()
        events = (
            await self._examiner.run_heavy(lambda: self._take(read, *chunk))
            if self._shape.heavy
            else self._take(read, *chunk)
        )
        if self._inspector.wants_look:
            await self._look()
        self.spent += self._clock() - began
        if self._examinations.arrived:
            await self._examinations.write()
        return events

    async def _look(self) -> None:
        self._inspector.look_at_settled()
        if self._inspector.wants_look:
            await self._examiner.run(self._inspector.look)
        self._examinations.wake()

    def _take(self, read: Callable[..., Sequence[Event]], *chunk: bytes) -> Sequence[Event]:
        try:
            events = read(*chunk)
        except MalformedError as error:
            self._give_up(error)
            return ()
        if events:
            self._receive(*events)
        return events

    def _give_up(self, error: MalformedError) -> None:
        """Once malformed, nothing that follows means anything; what came before it in this chunk still counts."""
        self._reading = False
        self._receive(*self._shape.unseen)
        self._inspector.malformed(error)

    def abandon(self) -> None:
        """Inspect no further."""
        self._reading = False

    async def end(self) -> Sequence[Piece]:
        """The body has ended; what goes on of it that was kept until now."""
        if not self._reading:
            return ()
        events = await self._events(self._shape.close)
        self.ended = True
        self.whole = self._shape.inspects and not self._examinations.copies
        return self._shape.written(b"", events)

    async def examine(self) -> None:
        """Examine the files that must be seen whole, once the body has ended; not where it never did, or is refused.

        Raises:
            RefusedError: the held body could not be written to its end.
        """
        if not (self.ended and self._reading and self._examinations.copies):
            return
        if self._stop_at_first and self._inspector.refusal is not None:
            return
        began = self._clock()
        try:
            rewritable = self._shape.places is not None
            self._inspector.receive(*await self._examinations.findings(rewritable=rewritable))
        finally:
            self.spent_examining = self._clock() - began
        self.whole = self._shape.inspects

    def close(self) -> None:
        """Let go of what is kept."""
        self._examinations.close()

    def rewrite(self, size: int) -> Rewrite | None:
        """What goes on of the held body, of so many bytes; None where all of it does."""
        places = self._shape.places
        files = self._examinations.rewrites
        if not files or places is None:
            return None
        return of_body(size, {places[number]: found for number, found in files.items()})

    def head(self, authority: bytes, added: Fields, length: int | None, *, rewritten: bool = False) -> bytes:
        """The head that goes to the service with what `step` and `end` gave, or with its rewrite."""
        self.accept()
        head = rewritten_head(self._head, length) if rewritten else self._head
        return self._shape.head(head, authority, added, length)

    def verdict(self) -> Verdict:
        """What was decided; a check that failed is a finding, and its traceback is logged here."""
        verdict = self._inspector.verdict()
        for failure in self._inspector.failures:
            _log.error("a check failed: %s", type(failure).__name__, exc_info=failure)
        return verdict
