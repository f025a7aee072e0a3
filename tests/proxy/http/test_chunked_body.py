"""A body in chunks is read whole, and however small they are everybody else has a turn."""

import asyncio
import random

import pytest
from aiohttp import web
from aiohttp.streams import StreamReader

from sidecar.proxy.aiohttp_compat import adopted, request_parser
from sidecar.proxy.http.body_reader import body_reader
from sidecar.proxy.http.head_reader import HeadReader
from sidecar.proxy.sockets.flow import Flow

HEAD = b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n"
LAST = b"0\r\n\r\n"


class Connection(Flow):
    """Feeds the body, and pauses as a client's connection does."""

    def __init__(self):
        loop = asyncio.get_running_loop()
        super().__init__(loop)
        head = HeadReader(request_parser(self, loop, max_line=8190, max_field=8191, max_fields=128), 65_536)
        assert head.feed(HEAD) == b""
        self.reader = body_reader(head)
        self.body = self.reader.body
        self.most = 0

    def data_received(self, data):
        before = self.body.total_bytes
        self.reader.feed(data)
        self.most = max(self.most, self.body.total_bytes - before)

    def pause_reading(self):
        self._reading_paused = True
        self.reader.pause()


@pytest.fixture
async def connection():
    made = Connection()
    made.transport = object()
    return made


def chunks(body: bytes, size: int) -> bytes:
    return b"".join(
        b"%x\r\n%b\r\n" % (len(body[at : at + size]), body[at : at + size]) for at in range(0, len(body), size)
    )


async def read_all(body, turns):
    """What is read; a note for each time that somebody else had a turn."""
    found = b""
    while piece := await body.readany():
        found += piece
        turns.append(len(piece))
    return found


@pytest.mark.parametrize("size", [1, 2, 3, 1000, 100_000])
async def test_chunks_of_any_size_are_read_whole(connection, size):
    body = random.Random(size).randbytes(200_000)
    connection.data_received(chunks(body, size) + LAST)
    assert await read_all(connection.body, []) == body
    assert connection.body.is_eof()


async def test_no_turn_reads_many_chunks_and_one_that_reads_waits_for_the_next(connection):
    connection.data_received(b"1\r\nx\r\n" * 50_000 + LAST)
    others = []

    async def somebody_else():
        while not connection.body.is_eof():
            others.append(connection.body.total_bytes)
            await asyncio.sleep(0)

    turns = []
    found, _ = await asyncio.gather(read_all(connection.body, turns), somebody_else())
    assert len(found) == 50_000
    assert connection.most <= 1024
    assert len(set(others)) > 40


async def test_nothing_is_read_at_once_where_it_is_kept_back(connection):
    connection.data_received(b"1\r\nx\r\n" * 3000 + LAST)
    assert len(connection.body.read_nowait()) == 1024
    assert connection.body.read_nowait() == b""
    await asyncio.sleep(0)
    assert len(connection.body.read_nowait()) == 1024


async def test_what_is_broken_behind_many_chunks_is_told_behind_them(connection):
    connection.data_received(b"1\r\nx\r\n" * 3000 + b"xyz\r\n")
    read = []
    with pytest.raises(web.RequestPayloadError):
        await read_all(connection.body, read)
    assert sum(read) >= 2048


async def test_a_reader_that_waits_is_told_that_the_chunk_behind_the_next_is_broken(connection):
    reading = asyncio.ensure_future(connection.body.readany())
    await asyncio.sleep(0)
    connection.data_received(b"1\r\nx\r\n")
    connection.data_received(b"xyz\r\n")
    assert await reading == b"x"
    with pytest.raises(web.RequestPayloadError):
        await connection.body.readany()


async def test_a_reader_that_gave_up_harms_nobody(connection):
    reading = asyncio.ensure_future(connection.body.readany())
    await asyncio.sleep(0)
    reading.cancel()
    connection.data_received(b"1\r\nx\r\n")
    await asyncio.gather(reading, return_exceptions=True)
    assert await connection.body.readany() == b"x"


async def test_a_body_that_is_laid_out_otherwise_is_not_taken():
    class Other(StreamReader):
        __slots__ = ("more",)

    with pytest.raises(TypeError):
        adopted(StreamReader.__new__(StreamReader), Other)
