"""One exchange: its request, what is in force for it, its outcome, and its answer: the service's or our own."""

import contextlib
import secrets
import time
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from dataclasses import dataclass

from sidecar.inspection.finding import Finding
from sidecar.inspection.verdict import Verdict
from sidecar.isolation.pool import Pool
from sidecar.policy.routing.router import Match
from sidecar.policy.settings.model import Mode
from sidecar.proxy.control.in_force import InForce
from sidecar.proxy.control.live import Live
from sidecar.proxy.downstream.admission import Admission
from sidecar.proxy.downstream.client import Client, ClientGoneError
from sidecar.proxy.downstream.received import Received
from sidecar.proxy.exchange import refusal
from sidecar.proxy.exchange.audience import audience_of
from sidecar.proxy.exchange.forward import Forwarding
from sidecar.proxy.exchange.outgoing import outgoing
from sidecar.proxy.exchange.receipt import Facts, receipt
from sidecar.proxy.exchange.relay import Request
from sidecar.proxy.exchange.share import settled
from sidecar.proxy.held.spool import Room
from sidecar.proxy.http.fields import Fields
from sidecar.proxy.http.forwarded import client_address
from sidecar.proxy.http.moved import moved
from sidecar.proxy.http.request_head import RequestHead, for_service
from sidecar.proxy.http.request_id import FIELD, request_id_of
from sidecar.proxy.inspecting.examiner import Examiner
from sidecar.proxy.inspecting.quarantining import Quarantining
from sidecar.proxy.inspecting.upload import Upload
from sidecar.proxy.sockets.tunnel import Tunnels
from sidecar.scanners.panel import Panel
from sidecar.telemetry.outcome import Outcome


@dataclass(frozen=True, slots=True)
class Means:
    """What all exchanges share."""

    live: Live
    admission: Admission
    examiner: Examiner
    room: Room
    spool_threads: Executor
    clock: Callable[[], float]
    report: Callable[[Outcome], None]
    draining: Callable[[], bool]
    tunnels: Tunnels
    pool: Pool
    panel: Panel
    quarantining: Quarantining


class Exchange:
    """One request on its way to one answer; a file in `ways/` conducts it.

    Attributes:
        means: what it shares with all others.
        in_force: the configuration that it began with, and keeps.
        client: its request.
        match: route, policy and mode.
        outcome: what is told of it afterwards.
        trusted: the head was judged and can be read in one way only.
        added: fields that the service and the client get besides; none where the mode is off.
    """

    def __init__(self, received: Received, means: Means) -> None:
        self.means = means
        self.in_force: InForce = means.live.current
        self._began = means.clock()
        config = self.in_force.config
        self.client = Client(received, config.client, means.clock)
        head = self.client.head
        self.match: Match = self.in_force.router.match(head.method, head.path, moved(head))
        self.outcome = Outcome(
            request_id=request_id_of(head.values(FIELD.lower()), secrets.token_hex),
            route=self.match.label,
            method=head.method,
            mode=self.match.mode.value,
            policy=self.match.policy_name,
        )
        self.trusted = False
        self.added: Fields = ()
        self._forwarding = Forwarding(self.client, self.in_force.service, config.upstream, self.outcome, means.clock)

    @property
    def authority(self) -> bytes:
        """The Host of a client that sent none."""
        return self.in_force.service.authority

    def take_up(self) -> RequestHead:
        """The head was judged; from here on it is the one that may go to the service.

        Raises:
            RefusedError: `client.underscores` says so.
        """
        client, config, caller = self.client, self.in_force.config, self.client.caller
        self.trusted = True
        self.outcome.client = client_address(client.head.fields, caller.address, config.forwarded.trusted_hops)
        head, self.outcome.trace_id = outgoing(client.head, config, self.match.mode, caller, secrets.token_hex)
        client.head = head
        self.match = settled(self.match, config.rollout, head.fields, self.outcome.client)
        self.outcome.mode = self.match.mode.value
        if self.match.mode is not Mode.OFF:
            self.added = ((FIELD, self.outcome.request_id.encode("ascii")),)
        return head

    def receipt(self) -> Fields:
        """What the service is told of the upload that was accepted; nothing unless the settings say so."""
        settings, outcome = self.in_force.config.receipt, self.outcome
        if settings.send == "off":
            return ()
        digest = self.match.policy_digest
        facts = Facts(outcome.request_id, outcome.verdict, outcome.policy, digest, outcome.files, int(time.time()))
        return receipt(facts, self.in_force.receipt_key.key(), settings.max_files)

    async def body(self) -> AsyncIterator[bytes]:
        """The body as the client sends it."""
        while chunk := await self.client.read():
            yield chunk

    def as_sent(self, body: AsyncIterator[bytes] | bytes) -> Request:
        """The request for the service with a body that the client framed; all of a small one can be here already."""
        head = self.client.head
        line_and_fields = for_service(head, self.authority, self.added)
        if isinstance(body, bytes):
            return Request(line_and_fields, whole=body)
        return Request(line_and_fields, body if head.has_body else None, head.chunked)

    async def forward(self, request: Request) -> bool:
        """Bring a request to the service and its answer to the client; whether the connection stays open.

        Raises:
            RefusedError, ServiceClosedError, ClientGoneError: as they arise.
        """
        began = self.means.clock()
        try:
            return await self._forwarding.run(request, self.added, self._may_keep)
        finally:
            self.outcome.stages["forward"] = self.means.clock() - began

    async def refuse(self, finding: Finding) -> bool:
        """Answer with a problem, or reset the connection where an answer has begun."""
        if self.client.answering:
            self.client.abort()
            return False
        self.outcome.status = finding.reason.status
        head, keep = self.client.head, self._may_keep()
        answer = refusal.answer(
            finding,
            self.outcome.request_id,
            version=head.version,
            keep_alive=keep,
            head_only=head.method == "HEAD",
            retry_after=self.in_force.config.overload.retry_after,
            audience=audience_of(head, self.in_force.config.refusals),
        )
        with contextlib.suppress(ClientGoneError):
            await self.client.write(answer)
        return keep

    def note_verdict(self, upload: Upload) -> None:
        """Write down what the inspection said as far as it came."""
        self.note(upload.verdict(), decided=upload.whole)
        self.outcome.stages["inspect"] = upload.spent
        self.outcome.stages["examine"] = upload.spent_examining

    def note(self, verdict: Verdict, *, decided: bool) -> None:
        """Write down a verdict; `not_inspected` where the body did not come to its end, and nothing refuses it."""
        self.outcome.verdict = verdict.label if decided or verdict.refusals else "not_inspected"
        self.outcome.findings, self.outcome.files, self.outcome.parts = verdict.findings, verdict.files, verdict.parts

    def finish(self) -> None:
        """Tell the outcome."""
        outcome = self.outcome
        if not self.trusted:  # nor is what its head says of hops
            outcome.client = self.client.caller.address
        outcome.received = self.client.received
        lasted = self.means.clock() - self._began
        outcome.duration = lasted - (outcome.tunnel.seconds if outcome.tunnel else 0.0)
        outcome.overhead = max(0.0, lasted - self.client.waited - self._forwarding.waited)
        outcome.stages["receive"] = self.client.waited
        self.means.report(outcome)

    def _may_keep(self) -> bool:
        """Whether the client's connection may serve again; behind a bad head nothing can be trusted."""
        client = self.client
        return self.trusted and client.wants_keep_alive and client.body_is_read and not self.means.draining()
