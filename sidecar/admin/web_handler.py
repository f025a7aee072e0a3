"""Serves a handler of aiohttp's, with its requests and responses, on a connection of ours."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

from aiohttp import web
from aiohttp.http import StreamWriter

from sidecar.proxy.downstream.connection import Connection
from sidecar.proxy.downstream.received import Handler, Received, Sent

WebHandler = Callable[[web.BaseRequest], Awaitable[web.Response]]


class _Protocol:
    """What a request of aiohttp's asks of the connection that it came on."""

    def __init__(self, connection: Connection) -> None:
        self.transport = connection.transport
        self.peername, _ = connection.peer
        self.ssl_context = self.sockname = None


def on_aiohttp(handler: WebHandler) -> Handler:
    """The same handler, for our connections."""

    async def handle(received: Received) -> Sent:
        connection, loop = received.connection, asyncio.get_running_loop()
        protocol, task = cast("Any", _Protocol(connection)), cast("Any", asyncio.current_task())
        request = web.BaseRequest(received.message, received.body, protocol, StreamWriter(connection, loop), task, loop)
        response = await handler(request)
        if received.message.chunked:  # nothing behind its body is read
            response.force_close()
        await response.prepare(request)
        await response.write_eof()
        return Sent(keep_alive=bool(response.keep_alive))

    return handle
