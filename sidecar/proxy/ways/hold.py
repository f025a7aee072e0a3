"""Hold delivery: nothing goes to the service before the verdict, then the body that the sidecar wrote."""

import contextlib
import secrets

from sidecar.multipart.content_type import charset_is_utf8
from sidecar.multipart.encoder import Encoder, content_type, fresh_boundary
from sidecar.proxy.exchange import Exchange
from sidecar.proxy.relay import Request
from sidecar.proxy.request_head import for_service_with_canonical_body
from sidecar.proxy.spool import Spool
from sidecar.proxy.upload import Upload


async def hold(exchange: Exchange, upload: Upload) -> bool:
    """Spool the upload until the verdict; then forward what the sidecar wrote, or refuse."""
    exchange.outcome.action = "rejected"
    means = exchange.means
    with contextlib.closing(Spool(exchange.in_force.config.spool, means.room, means.spool_threads)) as spool:
        held = _Held(exchange, upload, spool)
        try:
            await held.receive()
        finally:
            exchange.note(upload.verdict(), decided=upload.whole)
            exchange.outcome.stages |= {"inspect": upload.spent, "spool": held.spent}
        if upload.refusal is not None:
            return await exchange.refuse(upload.refusal)
        exchange.outcome.action = "forwarded"
        return await exchange.forward(held.request())


class _Held:
    """One upload on its way through the spool."""

    def __init__(self, exchange: Exchange, upload: Upload, spool: Spool) -> None:
        self.spent = 0.0
        self._exchange = exchange
        self._upload = upload
        self._spool = spool
        self._boundary = fresh_boundary(secrets.token_bytes, len(upload.boundary))
        self._encoder = Encoder(self._boundary)

    async def receive(self) -> None:
        """Read, inspect and spool until the body ends or is refused.

        Raises:
            RefusedError: the client was too slow, or there is no room.
            ClientGoneError: the client is gone.
        """
        clock = self._exchange.means.clock
        while self._upload.refusal is None and (chunk := await self._exchange.client.read()):
            events = await self._upload.feed(chunk)
            began = clock()
            for event in events:
                await self._spool.write(self._encoder.encode(event))
            self.spent += clock() - began
        if self._upload.refusal is None:
            self._upload.end()

    def request(self) -> Request:
        """The accepted upload as the request that the service gets."""
        head = self._exchange.client.head
        media_type = content_type(self._boundary, charset_is_utf8(head.content_types))
        return Request(
            head=for_service_with_canonical_body(
                head,
                self._exchange.authority,
                self._exchange.added,
                length=self._spool.size,
                content_type=media_type,
            ),
            body=self._spool.read(),
        )
