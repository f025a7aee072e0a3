"""Monitor: the upload is forwarded as it is while it is inspected."""

import asyncio
import logging
from collections.abc import AsyncIterator
from typing import Final

from sidecar.proxy.exchange.exchange import Exchange
from sidecar.proxy.exchange.relay import AT_ONCE
from sidecar.proxy.inspecting.upload import Upload

_log: Final = logging.getLogger("sidecar.proxy")


async def monitor(exchange: Exchange, upload: Upload) -> bool:
    """Forward the upload, and count what enforce would have refused.

    Whole files are examined once the service has answered: only the next request on the connection waits for that, and
    over TLS the end of the connection.
    """
    exchange.outcome.action = "forwarded"
    try:
        keep = await _forwarded(exchange, upload)
        if not keep:
            exchange.client.end_answer()
        await _examined(exchange, upload)
    finally:
        exchange.note_verdict(upload)
    return keep


async def _forwarded(exchange: Exchange, upload: Upload) -> bool:
    try:
        whole = exchange.client.read_whole(AT_ONCE)
        if whole or not exchange.client.head.has_body:
            await _watched(exchange, upload, whole, ended=True)
        return await exchange.forward(exchange.as_sent(whole or _observed(exchange, upload)))
    except asyncio.CancelledError:
        if upload.ended:
            await _examined(exchange, upload)  # the client has left, its upload has not
        raise


async def _examined(exchange: Exchange, upload: Upload) -> None:
    """Examine to the end even for a client that has its answer and is gone, or what it sent would count as clean."""
    examining = asyncio.ensure_future(upload.examine())
    try:
        await asyncio.shield(examining)
    except asyncio.CancelledError:
        try:
            await asyncio.wait({examining})
        finally:
            examining.cancel()
        raise
    except Exception:  # noqa: BLE001 - a bug in the inspection must not hurt the traffic
        _log.exception("request %s: examination failed", exchange.outcome.request_id)


async def _observed(exchange: Exchange, upload: Upload) -> AsyncIterator[bytes]:
    """The body, shown to the inspection on its way.

    A body that announced its length ends before its last bytes go: the service answers those at once, and then nobody
    would wait for the verdict any more.
    """
    watching, ended, length = True, False, exchange.client.head.content_length
    async for chunk in exchange.body():
        ended = exchange.client.received == length
        watching = watching and await _watched(exchange, upload, chunk, ended=ended)
        yield chunk
    if watching and not ended:
        await _watched(exchange, upload, b"", ended=True)


async def _watched(exchange: Exchange, upload: Upload, chunk: bytes, *, ended: bool) -> bool:
    """Whether the inspection goes on; a bug there must not hurt the traffic."""
    try:
        if chunk:
            upload.receive(chunk)
            while await upload.step() is not None:
                pass
        if ended:
            await upload.end()
    except Exception:  # noqa: BLE001 - a bug in the inspection must not hurt the traffic
        upload.abandon()
        _log.exception("request %s: inspection failed, forwarding goes on", exchange.outcome.request_id)
        return False
    return True
