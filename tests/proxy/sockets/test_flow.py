"""A body that is read asks its connection to go on only where that was held up."""

import asyncio

import pytest
from aiohttp.streams import StreamReader

from sidecar.proxy.sockets.flow import Flow


class Transport(asyncio.Transport):
    def __init__(self):
        super().__init__()
        self.asked = []

    def pause_reading(self):
        self.asked.append("pause")

    def resume_reading(self):
        self.asked.append("resume")


class Parser:
    def pause_reading(self):
        """It keeps back what it was given."""


class Connection(Flow):
    def __init__(self):
        super().__init__(asyncio.get_running_loop(), Parser())
        self.received, self.transport = [], Transport()

    def data_received(self, data):
        self.received.append(data)


@pytest.fixture
async def connection():
    return Connection()


async def test_reading_what_held_nothing_up_asks_nobody(connection):
    body = StreamReader(connection, limit=4, loop=asyncio.get_running_loop())
    body.feed_data(b"1234")
    assert body.read_nowait() == b"1234"
    body.feed_eof()
    assert (connection.received, connection.transport.asked) == ([], [])


async def test_parser_and_transport_go_on_once_a_body_that_held_them_up_is_read(connection):
    body = StreamReader(connection, limit=4, loop=asyncio.get_running_loop())
    body.feed_data(b"123456789")
    assert connection.transport.asked == ["pause"]
    assert body.read_nowait() == b"123456789"
    assert (connection.received, connection.transport.asked) == ([b""], ["pause", "resume"])
