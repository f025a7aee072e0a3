"""Stream delivery: forwarded while it is inspected, the end withheld until the verdict.

For files too large to hold. A refusal leaves the service with an unterminated message, so this is only for services
that discard incomplete requests; docs/deliveries.md tells how to find out.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import aclosing

from sidecar.proxy.exchange.exchange import Exchange
from sidecar.proxy.exchange.relay import AT_ONCE, Request
from sidecar.proxy.held.pieces import Piece, joined
from sidecar.proxy.inspecting.upload import Upload


async def stream(exchange: Exchange, upload: Upload) -> bool:
    """Forward what was inspected, piece by piece.

    Raises:
        RejectedError: the verdict refuses it; the service has an unterminated message, or nothing.
    """
    try:
        async with aclosing(_inspected(exchange, upload)) as inspected:
            first, is_all = await _begun(exchange, inspected)
            head = upload.head(exchange.authority, exchange.added, None)
            chunked = exchange.client.head.chunked or not upload.as_sent
            if is_all:
                return await exchange.forward(Request(head, whole=b"".join(first), chunked=chunked))
            return await exchange.forward(Request(head, _pieces(exchange, inspected, first), chunked=chunked))
    finally:
        exchange.note_verdict(upload)


async def _begun(exchange: Exchange, inspected: AsyncIterator[Sequence[Piece]]) -> tuple[list[Piece], bool]:
    """What goes on first, and whether that is all: a small body that is here already goes on as one."""
    first = [*await anext(inspected, ())]
    while first and exchange.client.body_is_read and sum(map(len, first)) <= AT_ONCE:
        following = await anext(inspected, None)
        if following is None:
            return first, True
        first += following
    return first, False


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


async def _pieces(
    exchange: Exchange, inspected: AsyncIterator[Sequence[Piece]], first: Sequence[Piece]
) -> AsyncIterator[Piece]:
    """The body, always one step behind, so that its end goes only after the verdict.

    Some of it goes on whatever becomes of the rest: what ends it before its end rejects it (a refusal, a client that
    leaves or is too slow, want of room), but not a service that answers early, which only cancels it.
    """
    withheld: Sequence[Piece] | None = first
    while withheld is not None:
        try:
            following = await anext(inspected, None)
        except Exception:
            exchange.outcome.action = "rejected"
            raise
        exchange.outcome.action = "forwarded"
        for piece in joined(withheld):
            if piece:
                yield piece
        withheld = following
