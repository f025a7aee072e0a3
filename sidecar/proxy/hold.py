"""Hold delivery: nothing goes to the service before the verdict, then the body that the sidecar wrote."""

import secrets
from collections.abc import AsyncIterator, Callable
from concurrent.futures import Executor

from sidecar.multipart.content_type import charset_is_utf8
from sidecar.multipart.encoder import Encoder, content_type, fresh_boundary
from sidecar.policy.model import Spool as SpoolSettings
from sidecar.proxy.client import Client
from sidecar.proxy.fields import Fields
from sidecar.proxy.relay import Request
from sidecar.proxy.request_head import RequestHead, for_service_with_canonical_body
from sidecar.proxy.spool import Piece, Room, Spool
from sidecar.proxy.upload import Upload


class Held:
    """One upload on its way through the spool.

    Attributes:
        spent: seconds of spooling.
    """

    def __init__(
        self, upload: Upload, settings: SpoolSettings, room: Room, executor: Executor, clock: Callable[[], float]
    ) -> None:
        self.spent = 0.0
        self._upload = upload
        self._clock = clock
        self._spool = Spool(settings, room, executor)
        self._boundary = fresh_boundary(secrets.token_bytes, len(upload.boundary))
        self._encoder = Encoder(self._boundary)

    async def receive(self, client: Client) -> None:
        """Read, inspect and spool until the body ends or is refused.

        Raises:
            RefusedError: the client was too slow, or there is no room.
            ClientGoneError: the client is gone.
        """
        while self._upload.refusal is None and (chunk := await client.read()):
            events = await self._upload.feed(chunk)
            began = self._clock()
            for event in events:
                await self._spool.write(self._encoder.encode(event))
            self.spent += self._clock() - began
        if self._upload.refusal is None:
            self._upload.end()

    def request(self, head: RequestHead, authority: bytes, extra: Fields) -> Request:
        """The accepted upload as the request that the service gets."""
        media_type = content_type(self._boundary, charset_utf8=charset_is_utf8(head.content_types))
        return Request(
            head=for_service_with_canonical_body(
                head, authority, extra, length=self._spool.size, content_type=media_type
            ),
            body=self._pieces(),
        )

    async def _pieces(self) -> AsyncIterator[Piece]:
        async for piece in self._spool.read():
            yield piece

    def close(self) -> None:
        """Let go of what is held."""
        self._spool.close()
