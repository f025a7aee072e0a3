"""One exchange from head to end: judge the head, find the policy, inspect and forward or refuse."""

import contextlib
import logging
import secrets
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor
from dataclasses import dataclass
from typing import Final

from aiohttp import web

from sidecar.inspection.finding import Finding
from sidecar.multipart.content_type import is_multipart
from sidecar.policy.model import Mode
from sidecar.policy.routing import Match
from sidecar.proxy import reasons, refusal
from sidecar.proxy.aiohttp_compat import Sent
from sidecar.proxy.client import Client, ClientGoneError
from sidecar.proxy.disguise import LOOK, looks_like_a_form
from sidecar.proxy.examiner import Examiner
from sidecar.proxy.fields import Fields
from sidecar.proxy.forward import Forwarding
from sidecar.proxy.hold import Held
from sidecar.proxy.live import InForce, Live
from sidecar.proxy.reasons import RefusedError
from sidecar.proxy.relay import Request
from sidecar.proxy.request_head import for_service, judge
from sidecar.proxy.request_id import FIELD, request_id_of
from sidecar.proxy.spool import Room
from sidecar.proxy.upload import Upload
from sidecar.proxy.upstream import ServiceClosedError
from sidecar.telemetry.outcome import Outcome

_log: Final = logging.getLogger("sidecar.proxy")


@dataclass(frozen=True, slots=True)
class Means:
    """What all exchanges share."""

    live: Live
    examiner: Examiner
    room: Room
    spool_threads: Executor
    clock: Callable[[], float]
    report: Callable[[Outcome], None]
    draining: Callable[[], bool]


class Exchange:
    """One request and its answer.

    Attributes:
        outcome: what is told of it afterwards.
    """

    def __init__(self, request: web.BaseRequest, means: Means) -> None:
        self._means = means
        self._in_force: InForce = means.live.current
        self._began = means.clock()
        config = self._in_force.config
        self._client = Client(request, config.client, means.clock)
        head = self._client.head
        self._match: Match = self._in_force.router.match(head.method, head.path)
        self.outcome = Outcome(
            request_id=request_id_of(head.fields, secrets.token_hex),
            route=self._match.label,
            method=head.method,
            mode=self._match.mode.value,
            policy=self._match.policy_name,
        )
        self._head_is_good = False
        self._forwarding = Forwarding(
            self._client, self._in_force.service, config.upstream, self.outcome, means.clock, self._may_keep
        )

    async def run(self) -> Sent:
        """Do it all; whatever fails becomes an answer."""
        keep = False
        try:
            keep = await self._run()
        except RefusedError as error:
            keep = await self._answer_error(Finding(error.reason, error.actual, error.expected))
        except ServiceClosedError:
            keep = await self._answer_error(Finding(reasons.UPSTREAM_CLOSED))
        except ClientGoneError:
            self.outcome.client_gone = True
        except Exception:  # noqa: BLE001 - a bug ends this exchange, not the others
            _log.exception("request %s failed", self.outcome.request_id)
            keep = await self._answer_error(Finding(reasons.INTERNAL))
        finally:
            self._finish()
        return Sent(keep_alive=keep)

    async def _run(self) -> bool:
        """Choose the way."""
        head = self._client.head
        judge(head)
        self._head_is_good = True
        self.outcome.upload = head.has_body and is_multipart(head.content_types)
        if not self.outcome.upload or self._match.mode is Mode.OFF:
            return await self._pass_through()
        enforce = self._match.mode is Mode.ENFORCE
        upload = Upload(head, self._match.policy, self._means.examiner, self._means.clock, stop_at_first=enforce)
        return await (self._enforce(upload) if enforce else self._monitor(upload))

    # The three ways

    async def _pass_through(self) -> bool:
        """Forward the request as it is."""
        if self.outcome.upload:
            self.outcome.verdict, self.outcome.action = "not_inspected", "forwarded"
        elif self._match.named and await self._is_disguised():
            self._note_disguise()
            if self._match.mode is Mode.ENFORCE:
                return await self._refuse(self.outcome.findings[0])
        return await self._forward(self._as_sent(self._body()))

    async def _is_disguised(self) -> bool:
        """Whether a form comes to an upload route under another name; a mode of off does not ask."""
        if not self._client.head.has_body or self._match.mode is Mode.OFF:
            return False
        return looks_like_a_form(await self._client.peek(LOOK))

    def _note_disguise(self) -> None:
        self.outcome.upload, self.outcome.verdict = True, "bad"
        self.outcome.findings = (Finding(reasons.MULTIPART_DISGUISED),)
        self.outcome.action = "rejected" if self._match.mode is Mode.ENFORCE else "forwarded"

    async def _monitor(self, upload: Upload) -> bool:
        """Forward the upload as it is while it is inspected."""
        self.outcome.action = "forwarded"
        try:
            return await self._forward(self._as_sent(self._observed(upload)))
        finally:
            self._take_verdict(upload)

    async def _enforce(self, upload: Upload) -> bool:
        """Hold the upload until the verdict; then forward what the sidecar wrote, or refuse."""
        self.outcome.action = "rejected"
        with contextlib.closing(self._held(upload)) as held:
            try:
                await held.receive(self._client)
            finally:
                self._take_verdict(upload)
                self.outcome.stages["spool"] = held.spent
            if upload.refusal is not None:
                return await self._refuse(upload.refusal)
            self.outcome.action = "forwarded"
            return await self._forward(held.request(self._client.head, self._authority, self._added))

    def _held(self, upload: Upload) -> Held:
        settings = self._in_force.config.spool
        return Held(upload, settings, self._means.room, self._means.spool_threads, self._means.clock)

    def _take_verdict(self, upload: Upload) -> None:
        verdict = upload.verdict()
        decided = upload.whole or verdict.findings
        self.outcome.verdict = verdict.label if decided else "not_inspected"
        self.outcome.findings, self.outcome.files, self.outcome.parts = verdict.findings, verdict.files, verdict.parts
        self.outcome.stages["inspect"] = upload.spent

    # Bodies as the client sent them

    async def _body(self) -> AsyncIterator[bytes]:
        while chunk := await self._client.read():
            yield chunk

    async def _observed(self, upload: Upload) -> AsyncIterator[bytes]:
        """The body, shown to the inspection on its way; a bug there must not hurt the traffic."""
        watching = True
        async for chunk in self._body():
            if watching:
                try:
                    await upload.feed(chunk)
                except Exception:  # noqa: BLE001 - see above
                    watching = False
                    upload.abandon()
                    _log.exception("request %s: inspection failed, forwarding goes on", self.outcome.request_id)
            yield chunk
        if watching:
            upload.end()

    def _as_sent(self, body: AsyncIterator[bytes]) -> Request:
        head = self._client.head
        return Request(
            head=for_service(head, self._authority, self._added),
            body=body if head.has_body else None,
            chunked=head.chunked,
        )

    @property
    def _authority(self) -> bytes:
        return self._in_force.service.authority

    @property
    def _added(self) -> Fields:
        """Fields that the service and the client get besides; none where the mode is off."""
        if self._match.mode is Mode.OFF:
            return ()
        return ((FIELD, self.outcome.request_id.encode("ascii")),)

    # Answers

    async def _forward(self, request: Request) -> bool:
        began = self._means.clock()
        try:
            return await self._forwarding.run(request, self._added)
        finally:
            self.outcome.stages["forward"] = self._means.clock() - began

    def _may_keep(self) -> bool:
        """Whether the client's connection may serve again; behind a bad head nothing can be trusted."""
        client = self._client
        return self._head_is_good and client.wants_keep_alive and client.body_is_read and not self._means.draining()

    async def _answer_error(self, finding: Finding) -> bool:
        self.outcome.error = finding.reason.code
        return await self._refuse(finding)

    async def _refuse(self, finding: Finding) -> bool:
        """Answer with a problem, or reset the connection where an answer has begun."""
        if self._client.answering:
            self._client.abort()
            return False
        self.outcome.status = finding.reason.status
        head, keep = self._client.head, self._may_keep()
        answer = refusal.answer(
            finding, self.outcome.request_id, version=head.version, keep_alive=keep, head_only=head.method == "HEAD"
        )
        with contextlib.suppress(ClientGoneError):
            await self._client.write(answer)
        return keep

    def _finish(self) -> None:
        outcome = self.outcome
        outcome.received = self._client.received
        outcome.duration = self._means.clock() - self._began
        outcome.overhead = max(0.0, outcome.duration - self._client.waited - self._forwarding.waited)
        outcome.stages["receive"] = self._client.waited
        self._means.report(outcome)
