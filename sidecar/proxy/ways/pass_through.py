"""What is no upload, or nobody's business: forwarded as it is."""

from sidecar.inspection.finding import Finding
from sidecar.inspection.verdict import Verdict
from sidecar.policy.model import Mode
from sidecar.proxy import reasons
from sidecar.proxy.disguise import LOOK, looks_like_a_form
from sidecar.proxy.exchange import Exchange


async def pass_through(exchange: Exchange) -> bool:
    """Forward the request as it is."""
    outcome = exchange.outcome
    if outcome.upload:
        outcome.verdict, outcome.action = "not_inspected", "forwarded"
    elif exchange.match.named and await _is_disguised(exchange):
        finding = Finding(reasons.MULTIPART_DISGUISED)
        enforce = exchange.match.mode is Mode.ENFORCE
        outcome.upload, outcome.action = True, "rejected" if enforce else "forwarded"
        exchange.note(Verdict(findings=(finding,)), decided=True)
        if enforce:
            return await exchange.refuse(finding)
    return await exchange.forward(exchange.as_sent(exchange.body()))


async def _is_disguised(exchange: Exchange) -> bool:
    """Whether a form comes to an upload route under another name; a mode of off does not ask."""
    if not exchange.client.head.has_body or exchange.match.mode is Mode.OFF:
        return False
    return looks_like_a_form(await exchange.client.peek(LOOK))
