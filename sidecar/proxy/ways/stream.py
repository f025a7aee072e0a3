"""Stream delivery: forwarded while it is inspected, the end withheld until the verdict.

For files too large to hold. A refusal leaves the service with an unterminated message, so this is only for services
that discard incomplete requests; docs/deliveries.md tells how to find out.
"""

from collections.abc import AsyncIterator, Sequence

from sidecar.proxy.exchange import Exchange
from sidecar.proxy.relay import Request
from sidecar.proxy.spool import Piece
from sidecar.proxy.upload import Upload


async def stream(exchange: Exchange, upload: Upload) -> bool:
    """Forward what was inspected, piece by piece.

    Raises:
        RejectedError: the verdict refuses it; the service has an unterminated message, or nothing.
    """
    exchange.outcome.action = "rejected"
    try:
        first = await _inspected(exchange, upload)
        head = upload.head(exchange.authority, exchange.added, None)
        length_known = exchange.match.body == "original" and not exchange.client.head.chunked
        body = _pieces(exchange, upload, first)
        return await exchange.forward(Request(head, body, chunked=not length_known))
    finally:
        exchange.note_verdict(upload)


async def _inspected(exchange: Exchange, upload: Upload) -> Sequence[Piece] | None:
    """What may go on of the next bytes; None at the end of the body."""
    upload.accept()
    chunk = await exchange.client.read()
    if not chunk:
        upload.end()
        upload.accept()
        return None
    pieces = await upload.feed(chunk)
    upload.accept()
    return pieces


async def _pieces(exchange: Exchange, upload: Upload, first: Sequence[Piece] | None) -> AsyncIterator[Piece]:
    """The body, always one chunk behind, so that its end goes only after the verdict."""
    withheld = first
    while withheld is not None:
        following = await _inspected(exchange, upload)
        if following is None:
            exchange.outcome.action = "forwarded"
        for piece in withheld:
            if piece:
                yield piece
        withheld = following
