"""One upload under inspection: bytes in, what may go on out, and the verdict at the end."""

import logging
from collections.abc import Callable, Sequence
from typing import Final

from sidecar.inspection.finding import Finding
from sidecar.inspection.inspector import Inspector
from sidecar.inspection.limits import body_finding
from sidecar.inspection.verdict import Verdict
from sidecar.multipart.events import Event
from sidecar.multipart.rules import MalformedError
from sidecar.policy.model import Policy
from sidecar.proxy import reasons
from sidecar.proxy.examiner import Examiner
from sidecar.proxy.fields import Fields, values_of
from sidecar.proxy.request_head import RequestHead
from sidecar.proxy.shapes.shape import Shape
from sidecar.proxy.spool import Piece

_log: Final = logging.getLogger("sidecar.inspection")
_PLAIN: Final = frozenset({b"", b"identity"})


class RejectedError(Exception):
    """The verdict refuses the upload.

    Attributes:
        finding: what the client reads.
    """

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding.reason.code)
        self.finding = finding


class Upload:
    """A shape and the Inspector together; enforce and monitor both run exactly this.

    Attributes:
        spent: seconds of inspection.
        whole: the body was read to its end.
    """

    def __init__(
        self,
        head: RequestHead,
        make_shape: Callable[[RequestHead], Shape],
        policy: Policy,
        examiner: Examiner,
        clock: Callable[[], float],
        *,
        stop_at_first: bool,
    ) -> None:
        self.spent = 0.0
        self.whole = False
        self._head = head
        self._policy = policy
        self._examiner = examiner
        self._clock = clock
        self._received = 0
        self._too_large = False
        self._inspector = Inspector(policy, examiner.identify, stop_at_first=stop_at_first)
        self._shape: Shape | None = None
        self._reading = False
        self._judge_head(make_shape)

    def _judge_head(self, make_shape: Callable[[RequestHead], Shape]) -> None:
        """What the head alone tells: it costs the client no upload."""
        for coding in values_of(self._head.fields, b"content-encoding"):
            if coding.lower() not in _PLAIN:
                self._inspector.add(Finding(reasons.CONTENT_ENCODING, "Content-Encoding is present"))
        self._judge_size(self._head.content_length or 0)
        try:
            self._shape = make_shape(self._head)
            self._reading = True
        except MalformedError as error:
            self._inspector.malformed(error)

    def _judge_size(self, size: int) -> None:
        if not self._too_large and (finding := body_finding(self._policy, size)) is not None:
            self._too_large = True
            self._inspector.add(finding)

    def accept(self) -> None:
        """Go on only while nothing refuses the upload.

        Raises:
            RejectedError: something does.
        """
        if self._inspector.refusal is not None:
            raise RejectedError(self._inspector.refusal)

    async def feed(self, chunk: bytes) -> Sequence[Piece]:
        """Inspect some bytes; what goes on of them, if the upload is accepted."""
        began = self._clock()
        self._received += len(chunk)
        self._judge_size(self._received)
        events = self._parse(chunk)
        for event in events:
            self._inspector.receive(event)
        if self._inspector.wants_look:
            await self._examiner.look(self._inspector)
        self.spent += self._clock() - began
        return self._shape.written(chunk, events) if self._shape is not None else ()

    def _parse(self, chunk: bytes) -> Sequence[Event]:
        if self._shape is None or not self._reading:
            return ()
        try:
            return self._shape.feed(chunk)
        except MalformedError as error:
            self._give_up(self._shape, error)
            return ()

    def _give_up(self, shape: Shape, error: MalformedError) -> None:
        """Once malformed, nothing that follows means anything; what came before it in this chunk still counts."""
        self._reading = False
        for event in shape.unseen:
            self._inspector.receive(event)
        self._inspector.malformed(error)

    def abandon(self) -> None:
        """Inspect no further."""
        self._reading = False

    def end(self) -> None:
        """The body has ended."""
        if self._shape is None or not self._reading:
            return
        self.whole = True
        try:
            self._shape.close()
        except MalformedError as error:
            self._give_up(self._shape, error)

    def head(self, authority: bytes, added: Fields, length: int | None) -> bytes:
        """The head that goes to the service with what was given by `feed`."""
        self.accept()
        if self._shape is None:
            raise RuntimeError("an upload without a shape is refused")
        return self._shape.head(self._head, authority, added, length)

    def verdict(self) -> Verdict:
        """What was decided; a check that failed is a finding, and its traceback is logged here."""
        verdict = self._inspector.verdict()
        for failure in self._inspector.failures:
            _log.error("a check failed: %s", type(failure).__name__, exc_info=failure)
        return verdict
