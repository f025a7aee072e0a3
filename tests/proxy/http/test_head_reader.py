"""A head is read alike in whatever pieces it arrives, and nothing behind it is touched."""

import asyncio

import pytest
from aiohttp.base_protocol import BaseProtocol
from aiohttp.http_exceptions import HttpProcessingError
from aiohttp.streams import EMPTY_PAYLOAD

from sidecar.proxy.aiohttp_compat import request_parser
from sidecar.proxy.http.head_errors import HeadTooLongError
from sidecar.proxy.http.head_reader import HeadReader

HEAD = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"
BEHIND = b"hello\r\n\r\nGET /b HTTP/1.1\r\n\r\n"


@pytest.fixture
async def reader():
    """Makes readers."""
    loop = asyncio.get_running_loop()

    def make(most: int = 65_536) -> HeadReader:
        parser = request_parser(BaseProtocol(loop), loop, max_line=8190, max_field=8191, max_fields=128)
        return HeadReader(parser, most)

    return make


def read(reader, *pieces):
    """The head, and what stands behind it, all pieces together."""
    behind = None
    for number, piece in enumerate(pieces):
        if (behind := reader.feed(piece)) is not None:
            return reader, behind + b"".join(pieces[number + 1 :])
    return reader, behind


@pytest.mark.parametrize("blank", [b"", b"\r\n", b"\r\n\r\n\r\n"])
async def test_a_head_cut_anywhere_is_the_same_head(reader, blank):
    raw = blank + HEAD + BEHIND
    whole = [[raw], [raw[at : at + 1] for at in range(len(raw))]]
    for pieces in (*whole, *([raw[:at], raw[at:]] for at in range(1, len(raw)))):
        head, behind = read(reader(), *pieces)
        assert (head.message.method, head.message.path, behind) == ("POST", "/a", BEHIND)
        assert head.body.total_bytes == 0


async def test_a_head_that_goes_on_is_not_told(reader):
    assert reader().feed(HEAD[:-1]) is None
    assert reader().feed(b"\r\n" * 1000) is None


async def test_empty_lines_begin_no_head(reader):
    head = reader()
    assert not head.has_begun
    for piece, begun in ((b"\r\n\r\n", False), (b"\r\nG", True), (b"ET", True)):
        assert head.feed(piece) is None
        assert head.has_begun is begun


async def test_a_head_without_a_body_has_none(reader):
    head, behind = read(reader(), b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    assert (head.body, behind) == (EMPTY_PAYLOAD, b"")


@pytest.mark.parametrize(
    "raw",
    [b"\0", b"GET / HTTP/1.1\nHost: a\n\n", b"GET / HTTP/1.1\r\nHost: a\r\nA b\r\n\r\n", b"GET / HTTP/1.1\r\n\r\n"],
)
async def test_what_is_no_head_is_an_error_in_one_piece_and_in_many(reader, raw):
    for pieces in ([raw], [raw[at : at + 1] for at in range(len(raw))]):
        with pytest.raises(HttpProcessingError):
            read(reader(), *pieces)


@pytest.mark.parametrize("blank", [b"", b"\r\n" * 100])
async def test_a_head_may_have_so_many_bytes_and_no_more_however_it_is_cut(reader, blank):
    raw = blank + HEAD + BEHIND
    for pieces in (
        [raw],
        [raw[at : at + 1] for at in range(len(raw))],
        *([raw[:at], raw[at:]] for at in range(len(raw))),
    ):
        head, behind = read(reader(len(HEAD)), *pieces)
        assert (head.message.path, behind) == ("/a", BEHIND)
        with pytest.raises(HeadTooLongError):
            read(reader(len(HEAD) - 1), *pieces)


async def test_what_is_malformed_before_a_head_is_too_long_is_told_first_however_it_is_cut(reader):
    raw = b"GET / HTTP/1.1\r\nHost: a\r\nA b\r\n" + b"X: y\r\n" * 100
    for pieces in ([raw], [raw[at : at + 1] for at in range(len(raw))]):
        with pytest.raises(HttpProcessingError, match="Invalid header token"):
            read(reader(100), *pieces)


async def test_a_parser_that_ends_the_head_elsewhere_is_not_believed():
    class Early:
        def feed_data(self, data):
            return ([("message", "body")] if data else (), False, b"")

    with pytest.raises(HttpProcessingError):
        HeadReader(Early(), 100).feed(b"GET / HTTP/1.1\r\n")
