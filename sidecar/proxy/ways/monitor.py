"""Monitor: the upload is forwarded as it is while it is inspected."""

import logging
from collections.abc import AsyncIterator
from typing import Final

from sidecar.proxy.exchange import Exchange
from sidecar.proxy.upload import Upload

_log: Final = logging.getLogger("sidecar.proxy")


async def monitor(exchange: Exchange, upload: Upload) -> bool:
    """Forward the upload, and count what enforce would have refused."""
    exchange.outcome.action = "forwarded"
    try:
        return await exchange.forward(exchange.as_sent(_observed(exchange, upload)))
    finally:
        exchange.note_verdict(upload)


async def _observed(exchange: Exchange, upload: Upload) -> AsyncIterator[bytes]:
    """The body, shown to the inspection on its way; a bug there must not hurt the traffic."""
    watching = True
    async for chunk in exchange.body():
        if watching:
            try:
                async for _ in upload.feed(chunk):
                    pass
            except Exception:  # noqa: BLE001 - a bug in the inspection must not hurt the traffic
                watching = False
                upload.abandon()
                _log.exception("request %s: inspection failed, forwarding goes on", exchange.outcome.request_id)
        yield chunk
    if watching:
        await upload.end()
