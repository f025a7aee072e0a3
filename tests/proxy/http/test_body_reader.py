"""A body ends where its framing says, whatever pieces it arrives in; what is behind it is left alone."""

import asyncio

import pytest
from aiohttp import web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_exceptions import BadHttpMessage

from sidecar.proxy.aiohttp_compat import request_parser
from sidecar.proxy.http.body_reader import body_reader
from sidecar.proxy.http.head_reader import HeadReader

BODY = b"hello, body"
CHUNKS = b"5\r\nhello\r\n6;ext=1\r\n, body\r\n0\r\nTrailer: a\r\n\r\n"


class Protocol(BaseProtocol):
    """One that nobody holds back."""

    def resume_reading(self, resume_parser=True):  # noqa: FBT002
        """It never stopped."""


def read_head(raw: bytes) -> HeadReader:
    loop = asyncio.get_running_loop()
    reader = HeadReader(request_parser(Protocol(loop), loop, max_line=8190, max_field=8191, max_fields=128), 65_536)
    assert reader.feed(raw) == b""
    return reader


def framed(fields: bytes):
    return body_reader(read_head(b"POST / HTTP/1.1\r\nHost: a\r\n%b\r\n" % fields))


def cuts(raw: bytes):
    return [[raw], [raw[at : at + 1] for at in range(len(raw))], *([raw[:at], raw[at:]] for at in range(1, len(raw)))]


async def test_a_body_of_a_length_ends_there_and_the_rest_is_given_back():
    for pieces in cuts(BODY + b"GET"):
        reader = framed(b"Content-Length: %d\r\n" % len(BODY))
        behind = b"".join(reader.feed(piece) for piece in pieces if not reader.body.is_eof())
        assert reader.body.read_nowait() == BODY
        assert reader.body.is_eof()
        assert b"GET".startswith(behind)


async def test_a_body_of_a_length_is_whole_with_its_last_byte_though_nothing_comes_behind_it():
    reader = framed(b"Content-Length: 5\r\n")
    for at, left in enumerate((4, 3, 2, 1, 0)):
        assert reader.feed(b"hello"[at : at + 1]) == b""
        assert (reader.left, reader.body.is_eof()) == (left, not left)


async def test_a_body_in_chunks_ends_with_the_last_of_them_and_what_follows_is_nobodys():
    for pieces in cuts(CHUNKS + b"\0garbage"):
        reader = framed(b"Transfer-Encoding: chunked\r\n")
        assert b"".join(map(reader.feed, pieces)) == b""
        assert reader.body.read_nowait() == BODY
        assert (reader.body.is_eof(), reader.body.exception()) == (True, None)


async def test_broken_chunks_are_told_to_whoever_reads_the_body():
    for pieces in cuts(b"5\r\nhello\r\nxyz\r\n"):
        reader = framed(b"Transfer-Encoding: chunked\r\n")
        assert b"".join(map(reader.feed, pieces)) == b""
        await asyncio.sleep(0)
        assert isinstance(reader.body.exception(), web.RequestPayloadError)


@pytest.mark.parametrize("fields", [b"", b"Content-Length: 0\r\n", b"Content-Length: 000\r\n"])
async def test_what_has_no_body_has_no_reader(fields):
    assert framed(fields) is None


async def test_a_length_of_many_digits_is_read():
    assert framed(b"Content-Length: %b7\r\n" % (b"0" * 5000)).left == 7


async def test_a_body_of_which_nobody_can_tell_the_end_is_malformed():
    head = read_head(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n")

    class Without:
        method, chunked, headers = "POST", False, {}

    head.message = Without
    with pytest.raises(BadHttpMessage):
        body_reader(head)
