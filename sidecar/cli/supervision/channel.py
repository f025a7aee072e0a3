"""The line between the supervisor and one worker: questions and answers, as frames of JSON on a pair of sockets."""

import asyncio
import contextlib
import itertools
import json
import socket
from collections.abc import Awaitable, Callable
from typing import Any, Final, Self

Answer = dict[str, Any]
Handler = Callable[[str, Answer], Awaitable[Answer]]
_LENGTH: Final = 4


class ChannelClosedError(Exception):
    """The other end is gone."""


class Channel:
    """One end; both may ask."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer
        self._numbers = itertools.count()
        self._asked: dict[int, asyncio.Future[Answer]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False

    @classmethod
    async def over(cls, sock: socket.socket) -> Self:
        """On one of a pair of sockets."""
        return cls(*await asyncio.open_unix_connection(sock=sock))

    async def ask(self, verb: str, **fields: Any) -> Answer:  # noqa: ANN401 - whatever JSON can say
        """The other end's answer.

        Raises:
            ChannelClosedError: it is gone.
        """
        if self._closed:
            raise ChannelClosedError
        number = next(self._numbers)
        answer: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._asked[number] = answer
        try:
            await self._send({"number": number, "verb": verb, "fields": fields})
            return await answer
        finally:
            del self._asked[number]

    async def serve(self, handle: Handler) -> None:
        """Hear the other end until it is gone."""
        try:
            while frame := await self._receive():
                self._hear(frame, handle)
        finally:
            self._closed = True
            for answer in self._asked.values():
                if not answer.done():
                    answer.set_exception(ChannelClosedError())

    def _hear(self, frame: Answer, handle: Handler) -> None:
        if "verb" in frame:
            task = asyncio.create_task(self._answer(frame, handle))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif (asked := self._asked.get(frame["number"])) is not None and not asked.done():
            asked.set_result(frame["answer"])

    async def _answer(self, frame: Answer, handle: Handler) -> None:
        answer = await handle(frame["verb"], frame["fields"])
        with contextlib.suppress(ChannelClosedError):
            await self._send({"number": frame["number"], "answer": answer})

    async def _send(self, frame: Answer) -> None:
        data = json.dumps(frame).encode()
        try:
            self._writer.write(len(data).to_bytes(_LENGTH) + data)
            await self._writer.drain()
        except (ConnectionError, RuntimeError) as error:
            raise ChannelClosedError from error

    async def _receive(self) -> Answer | None:
        try:
            size = int.from_bytes(await self._reader.readexactly(_LENGTH))
            frame: Answer = json.loads(await self._reader.readexactly(size))
        except (asyncio.IncompleteReadError, ConnectionError):
            return None
        return frame

    async def close(self) -> None:
        """Hang up, once what was asked is answered."""
        if self._tasks:
            await asyncio.wait(self._tasks)
        self._writer.close()
        with contextlib.suppress(ConnectionError):
            await self._writer.wait_closed()
