"""What is no upload, or nobody's business: forwarded as it is."""

from collections.abc import AsyncIterator

from sidecar.inspection.limits import body_finding
from sidecar.inspection.verdict import Verdict
from sidecar.policy.settings.model import Mode
from sidecar.proxy.exchange.exchange import Exchange
from sidecar.proxy.exchange.relay import AT_ONCE
from sidecar.proxy.inspecting.rejected import RejectedError


async def pass_through(exchange: Exchange) -> bool:
    """Forward the request as it is.

    Raises:
        RejectedError: it is larger than its route lets anything be.
    """
    outcome, match = exchange.outcome, exchange.match
    if outcome.upload:
        outcome.verdict, outcome.action = "not_inspected", "forwarded"
    bounded = match.named and match.mode is not Mode.OFF
    whole = exchange.client.read_whole(min(AT_ONCE, match.policy.max_body) if bounded else AT_ONCE)
    return await exchange.forward(exchange.as_sent(whole or (_bounded(exchange) if bounded else exchange.body())))


async def _bounded(exchange: Exchange) -> AsyncIterator[bytes]:
    """The body up to `max_body`; monitor only counts what goes beyond."""
    size, enforce, told = 0, exchange.match.mode is Mode.ENFORCE, False
    async for chunk in exchange.body():
        size += len(chunk)
        if not told and (finding := body_finding(exchange.match.policy, size)) is not None:
            told = exchange.outcome.upload = True
            exchange.outcome.action = "rejected" if enforce else "forwarded"
            exchange.note(Verdict(findings=(finding,)), decided=True)
            if enforce:
                raise RejectedError(finding)
        yield chunk
