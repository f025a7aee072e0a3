"""Conducts one exchange from head to end: judges the head, chooses the way, and turns whatever fails into an answer."""

import asyncio
import logging
from collections.abc import Sequence
from typing import Final

from sidecar.inspection.finding import Finding
from sidecar.policy.settings.model import Mode
from sidecar.proxy import reasons
from sidecar.proxy.downstream.client import ClientGoneError
from sidecar.proxy.downstream.received import Received, Sent
from sidecar.proxy.exchange.exchange import Exchange, Means
from sidecar.proxy.held.copies import HeldFile
from sidecar.proxy.http.request_head import judge
from sidecar.proxy.http.upgrade import protocols_asked
from sidecar.proxy.inspecting.examinations import Examinations, Keep
from sidecar.proxy.inspecting.rejected import RejectedError
from sidecar.proxy.inspecting.upload import Upload
from sidecar.proxy.reasons import RefusedError
from sidecar.proxy.shapes.choose import MakeShape, choose
from sidecar.proxy.upstream.answer_reader import ServiceClosedError
from sidecar.proxy.ways.hold import hold
from sidecar.proxy.ways.monitor import monitor
from sidecar.proxy.ways.pass_through import pass_through
from sidecar.proxy.ways.stream import stream
from sidecar.proxy.ways.tunnel import tunnel
from sidecar.telemetry.seen import Seen

_log: Final = logging.getLogger("sidecar.proxy")


async def conduct(received: Received, means: Means) -> Sent:
    """Bring one request to its answer; raises nothing but cancellation."""
    exchange = Exchange(received, means)
    keep = False
    try:
        keep = await _go(exchange)
    except RejectedError as error:
        keep = await exchange.refuse(error.finding)
    except RefusedError as error:
        keep = await _answer(exchange, Finding(error.reason, error.actual))
    except ServiceClosedError:
        keep = await _answer(exchange, Finding(reasons.UPSTREAM_CLOSED))
    except ClientGoneError:
        exchange.outcome.client_gone = True
    except asyncio.CancelledError:  # also the server's, when it cuts what is left
        exchange.outcome.client_gone = exchange.client.gone
        raise
    except Exception:  # noqa: BLE001 - a bug ends this exchange, not the others
        _log.exception("request %s failed", exchange.outcome.request_id)
        keep = await _answer(exchange, Finding(reasons.INTERNAL))
    finally:
        exchange.finish()
    return Sent(keep_alive=keep, linger=exchange.client.linger)


async def _go(exchange: Exchange) -> bool:
    """Choose the way; whether the client's connection stays open."""
    judge(exchange.client.head)
    head = exchange.take_up()
    mode = exchange.match.mode  # known only now: a share of the clients is told by their heads
    if exchange.client.connection.can_switch and (protocols := protocols_asked(head)):
        return await tunnel(exchange, protocols)
    choice = await choose(exchange.client, exchange.match)
    if choice.upload:
        _begin_upload(exchange)
    if choice.make is None or mode is Mode.OFF:
        return await pass_through(exchange)
    enforce, admission = mode is Mode.ENFORCE, exchange.means.admission
    if not enforce and not admission.has_room_for_upload:
        return await pass_through(exchange)  # monitor never stands in the way
    with admission.upload():
        return await _inspect(exchange, choice.make, enforce=enforce)


def _begin_upload(exchange: Exchange) -> None:
    """Have it told as an upload, and as one that nobody inspected and that went nowhere until a way says better."""
    outcome, head = exchange.outcome, exchange.client.head
    outcome.upload, outcome.verdict, outcome.action = True, "not_inspected", "rejected"
    if exchange.in_force.config.audit.file:
        outcome.seen = Seen(exchange.match, head.path, head.content_length)


async def _inspect(exchange: Exchange, make_shape: MakeShape, *, enforce: bool) -> bool:
    head, means, policy = exchange.client.head, exchange.means, exchange.match.policy
    config = exchange.in_force.config
    examinations = Examinations(
        means.pool, policy, config.spool, means.room, means.spool_threads,
        largest=config.isolation.max_file, enforce=enforce, bench=means.panel.bench(policy),
        refused=_quarantining(exchange) if config.quarantine.directory else None,
        rewrites=exchange.match.delivery == "hold",
    )  # fmt: skip
    upload = Upload(
        head, make_shape, policy, means.examiner, examinations, means.clock,
        stop_at_first=enforce, seen=exchange.outcome.seen,
    )  # fmt: skip
    try:
        if not enforce:
            return await monitor(exchange, upload)
        return await (stream(exchange, upload) if exchange.match.delivery == "stream" else hold(exchange, upload))
    finally:
        upload.close()


def _quarantining(exchange: Exchange) -> Keep:
    outcome = exchange.outcome
    about = {"request_id": outcome.request_id, "route": outcome.route, "policy": outcome.policy}

    async def keep(copies: Sequence[HeldFile], findings: Sequence[Finding]) -> None:
        await exchange.means.quarantining.keep(exchange.in_force.config.quarantine, copies, findings, about)

    return keep


async def _answer(exchange: Exchange, finding: Finding) -> bool:
    exchange.outcome.error = finding.reason.code
    return await exchange.refuse(finding)
