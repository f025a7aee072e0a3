"""One upload under inspection: bytes in, events out, and the verdict at the end."""

import logging
from collections.abc import Callable, Sequence
from typing import Final

from sidecar.inspection.finding import Finding
from sidecar.inspection.inspector import Inspector
from sidecar.inspection.limits import body_finding
from sidecar.inspection.verdict import Verdict
from sidecar.multipart.content_type import boundary_of
from sidecar.multipart.events import Event
from sidecar.multipart.parser import Parser
from sidecar.multipart.rules import MalformedError
from sidecar.policy.model import Policy
from sidecar.proxy import reasons
from sidecar.proxy.examiner import Examiner
from sidecar.proxy.fields import values_of
from sidecar.proxy.request_head import RequestHead

_log: Final = logging.getLogger("sidecar.inspection")
_PLAIN: Final = frozenset({b"", b"identity"})


class Upload:
    """Parser and Inspector together; enforce and monitor both run exactly this.

    Attributes:
        boundary: the client's, empty where the head was already refused.
        spent: seconds of inspection.
        whole: the body was read to its end.
    """

    def __init__(
        self, head: RequestHead, policy: Policy, examiner: Examiner, clock: Callable[[], float], *, stop_at_first: bool
    ) -> None:
        self.boundary = b""
        self.spent = 0.0
        self.whole = False
        self._policy = policy
        self._examiner = examiner
        self._clock = clock
        self._received = 0
        self._too_large = False
        self._inspector = Inspector(policy, examiner.identify, stop_at_first=stop_at_first)
        self._parser: Parser | None = None
        self._judge(head)

    def _judge(self, head: RequestHead) -> None:
        """What the head alone tells: it costs the client no upload."""
        for coding in values_of(head.fields, b"content-encoding"):
            if coding.lower() not in _PLAIN:
                self._inspector.add(Finding(reasons.CONTENT_ENCODING, "Content-Encoding is present"))
        self._judge_size(head.content_length or 0)
        try:
            self.boundary = boundary_of(head.content_types)
            self._parser = Parser(self.boundary)
        except MalformedError as error:
            self._inspector.malformed(error)

    def _judge_size(self, size: int) -> None:
        if not self._too_large and (finding := body_finding(self._policy, size)) is not None:
            self._too_large = True
            self._inspector.add(finding)

    @property
    def refusal(self) -> Finding | None:
        """The finding that refuses the upload as far as it was read."""
        return self._inspector.refusal

    async def feed(self, chunk: bytes) -> Sequence[Event]:
        """Inspect some bytes; the events tell what may go on."""
        began = self._clock()
        self._received += len(chunk)
        self._judge_size(self._received)
        events = self._parse(chunk)
        for event in events:
            self._inspector.receive(event)
        if self._inspector.wants_look:
            await self._examiner.look(self._inspector)
        self.spent += self._clock() - began
        return events

    def _parse(self, chunk: bytes) -> Sequence[Event]:
        if self._parser is None:
            return ()
        try:
            return self._parser.feed(chunk)
        except MalformedError as error:
            self._give_up(error)
            return ()

    def _give_up(self, error: MalformedError) -> None:
        """Once malformed, nothing that follows means anything; what came before it in this chunk still counts."""
        unseen, self._parser = self._parser.unseen if self._parser else (), None
        for event in unseen:
            self._inspector.receive(event)
        self._inspector.malformed(error)

    def abandon(self) -> None:
        """Inspect no further."""
        self._parser = None
        self.whole = False

    def end(self) -> None:
        """The body has ended."""
        self.whole = self._parser is not None
        if self._parser is not None:
            try:
                self._parser.close()
            except MalformedError as error:
                self._give_up(error)

    def verdict(self) -> Verdict:
        """What was decided; a check that failed is a finding, and its traceback is logged here."""
        verdict = self._inspector.verdict()
        for failure in self._inspector.failures:
            _log.error("a check failed: %s", type(failure).__name__, exc_info=failure)
        return verdict
