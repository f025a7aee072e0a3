"""Hold delivery: nothing goes to the service before the verdict."""

from sidecar.proxy.exchange.exchange import Exchange
from sidecar.proxy.exchange.relay import Request
from sidecar.proxy.held.rewriting import rewriting, rewritten
from sidecar.proxy.held.spool import Spool
from sidecar.proxy.inspecting.upload import Upload


async def hold(exchange: Exchange, upload: Upload) -> bool:
    """Spool the upload until the verdict, then forward it.

    Raises:
        RejectedError: the verdict refuses it; the service has seen nothing.
    """
    means = exchange.means
    spool = Spool(exchange.in_force.config.spool, means.room, means.spool_threads)
    try:
        upload.hold_in(spool)
        try:
            await _receive(exchange, upload, spool)
        finally:
            exchange.note_verdict(upload)
        upload.accept()
        exchange.outcome.action = "forwarded"
        return await exchange.forward(_request(exchange, upload, spool))
    finally:
        spool.close()


def _request(exchange: Exchange, upload: Upload, spool: Spool) -> Request:
    """What goes to the service: the held body, or what is to go on of it."""
    rewrite = upload.rewrite(spool.size)
    head = upload.head(
        exchange.authority, (*exchange.added, *exchange.receipt()), spool.size if rewrite is None else rewrite.size,
        rewritten=rewrite is not None,
    )  # fmt: skip
    whole = spool.small()
    if rewrite is None:
        return Request(head, whole=whole) if whole else Request(head, spool.read())
    return Request(head, whole=rewritten(whole, rewrite)) if whole else Request(head, rewriting(spool.read(), rewrite))


async def _receive(exchange: Exchange, upload: Upload, spool: Spool) -> None:
    """Read, inspect and spool until the body ends or is refused."""
    clock, spent = exchange.means.clock, 0.0
    upload.accept()
    try:
        while chunk := await exchange.client.read():
            upload.receive(chunk)
            while (pieces := await upload.step()) is not None:
                upload.accept()
                began = clock()
                await spool.write(pieces)
                spent += clock() - began
            upload.accept()
        if rest := await upload.end():
            await spool.write(rest)
        await upload.examine()
    finally:
        exchange.outcome.stages["spool"] = spent
