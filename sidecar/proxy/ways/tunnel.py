"""A WebSocket or another protocol: the heads judged, then bytes in both directions until both sides are done."""

from sidecar.inspection.finding import Finding
from sidecar.inspection.verdict import Verdict
from sidecar.policy.settings.model import Mode
from sidecar.proxy import reasons
from sidecar.proxy.exchange.exchange import Exchange
from sidecar.proxy.exchange.relay import Request
from sidecar.proxy.http.answer_head import AnswerHead
from sidecar.proxy.http.upgrade import asking, judge_switch, switching
from sidecar.proxy.reasons import RefusedError
from sidecar.proxy.sockets.tunnel import Lane, Tunnel
from sidecar.proxy.upstream.connection import UpstreamConnection
from sidecar.telemetry.outcome import Tunnelled


async def tunnel(exchange: Exchange, protocols: tuple[bytes, ...]) -> bool:
    """Ask the service for one of the protocols; anything but a 101 is an ordinary answer."""
    match, outcome = exchange.match, exchange.outcome
    if match.named and match.mode is not Mode.OFF and not match.tunnels:
        finding = Finding(reasons.TUNNEL_REFUSED)
        refused = match.mode is Mode.ENFORCE
        outcome.upload, outcome.action = True, "rejected" if refused else "forwarded"
        exchange.note(Verdict(findings=(finding,)), decided=True)
        if refused:
            return await exchange.refuse(finding)
    head = exchange.client.head

    async def switch(answer: AnswerHead, connection: UpstreamConnection) -> None:
        judge_switch(head, answer, protocols)
        await _open(exchange, answer, connection)

    return await exchange.forward(Request(asking(head, exchange.authority, exchange.added, protocols), switch=switch))


async def _open(exchange: Exchange, answer: AnswerHead, connection: UpstreamConnection) -> None:
    """Switch both connections, and carry bytes until one of them is over."""
    client, means, down = exchange.client, exchange.means, connection.raw
    if down is None:
        raise RefusedError(reasons.UPSTREAM_GARBLED, "a 101 behind which its parser goes on with HTTP")
    await client.write(switching(answer, exchange.added))
    carrier = Tunnel(
        Lane(client.connection.switch(), client.connection, connection, means.clock),
        Lane(down, connection, client.connection, means.clock),
        means.clock,
    )
    try:
        with means.tunnels.one():
            await carrier.run(exchange.in_force.config.upstream.tunnel_idle)
    finally:
        connection.waited += carrier.seconds
        exchange.outcome.tunnel = Tunnelled(carrier.up.moved, carrier.down.moved, carrier.seconds, carrier.end)
        if carrier.end == "broken":
            client.abort()
        else:
            connection.finish(patient=carrier.end != "idle")
