"""Stream delivery: forwarded while it is inspected, the end withheld until the verdict.

For files too large to hold. A refusal leaves the service with an unterminated message, so this is only for services
that discard incomplete requests; docs/deliveries.md tells how to find out.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing

from sidecar.proxy.exchange import Exchange
from sidecar.proxy.pieces import Piece, joined
from sidecar.proxy.relay import Request
from sidecar.proxy.upload import Upload


async def stream(exchange: Exchange, upload: Upload) -> bool:
    """Forward what was inspected, piece by piece.

    Raises:
        RejectedError: the verdict refuses it; the service has an unterminated message, or nothing.
    """
    exchange.outcome.action = "rejected"
    try:
        async with aclosing(_inspected(exchange, upload)) as inspected:
            first = await anext(inspected, None)
            head = upload.head(exchange.authority, exchange.added, None)
            length_known = upload.as_sent and not exchange.client.head.chunked
            return await exchange.forward(Request(head, _pieces(inspected, first), chunked=not length_known))
    finally:
        exchange.note_verdict(upload)


async def _inspected(exchange: Exchange, upload: Upload) -> AsyncGenerator[Sequence[Piece], None]:
    """What may go on, as it arrives, never empty; it ends where the whole is accepted."""
    upload.accept()
    while chunk := await exchange.client.read():
        upload.receive(chunk)
        while (pieces := await upload.step()) is not None:
            upload.accept()
            if any(pieces):
                yield pieces
        upload.accept()
    last = await upload.end()
    await upload.examine()
    upload.accept()
    exchange.outcome.action = "forwarded"
    if any(last):
        yield last


async def _pieces(inspected: AsyncIterator[Sequence[Piece]], first: Sequence[Piece] | None) -> AsyncIterator[Piece]:
    """The body, always one step behind, so that its end goes only after the verdict."""
    withheld = first
    while withheld is not None:
        following = await anext(inspected, None)
        for piece in joined(withheld):
            if piece:
                yield piece
        withheld = following
