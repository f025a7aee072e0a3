"""All that the proxy asks of aiohttp beyond its documented API, with a self-test at start.

When the pin in pyproject.toml moves, the self-test and `tests/conformance/test_heads.py` say what to look at.
"""

import asyncio
from typing import Any, Final, TypeVar, cast

import aiohttp
from aiohttp import connector, http_parser, web
from aiohttp.base_protocol import BaseProtocol
from aiohttp.streams import StreamReader

Body = TypeVar("Body", bound=StreamReader)

_UNREAD: Final = 256 * 1024
"""Bytes of a request's body that wait to be read; beyond twice as many the client is held back."""
ANSWER_LINE: Final = 64 * 1024
"""Bytes of a line in the head of an answer: policies for scripts and redirects with a signed question are long."""
ANSWER_FIELDS: Final = 256
_PRIVATE: Final = (
    "_buffer_paused", "_drain_helper", "_pause_reading_for_buffer", "_pause_transport_reading", "_reading_paused",
    "_resume_reading_for_buffer", "pause_reading", "resume_reading", "writing_paused",
)  # fmt: skip
"""What a protocol that holds its peer back asks of aiohttp's."""
_OF_BODIES: Final = (
    "_buffer", "_eof", "_high_water", "_loop", "_protocol", "_read_nowait", "_size", "_waiter",
    "begin_http_chunk_receiving", "end_http_chunk_receiving", "total_bytes",
)  # fmt: skip
"""What a body that takes the place of a StreamReader keeps in it, or does in its stead."""
CLIENT_TLS: Final = ("_SSL_CONTEXT_VERIFIED", "_SSL_CONTEXT_UNVERIFIED")


class IncompatibleError(Exception):
    """The installed aiohttp is not one that the proxy can stand on."""


def require_c_parser() -> None:
    """Refuse to start without aiohttp's C parser.

    The pure-Python one reads some heads differently (it forwards a Content-Length of 23 digits), so the two must not
    take turns.

    Raises:
        IncompatibleError: what was found and what to do.
    """
    if http_parser.HttpRequestParser.__module__ != "aiohttp._http_parser":
        raise IncompatibleError(
            f"aiohttp {aiohttp.__version__} has no C parser here; expected its compiled extensions. "
            "Install a wheel for this platform and unset AIOHTTP_NO_EXTENSIONS."
        )


def self_test() -> None:
    """Refuse to start if a private name that the proxy uses is gone.

    Raises:
        IncompatibleError: which one.
    """
    require_c_parser()
    for name in _PRIVATE:
        if not hasattr(BaseProtocol, name):
            raise IncompatibleError(f"aiohttp {aiohttp.__version__} has no BaseProtocol.{name} any more")
    for name in _OF_BODIES:
        if not hasattr(StreamReader, name):
            raise IncompatibleError(f"aiohttp {aiohttp.__version__} has no StreamReader.{name} any more")
    try:
        adopted(StreamReader.__new__(StreamReader), _Slotless)
    except TypeError as error:
        raise IncompatibleError(f"aiohttp {aiohttp.__version__} has another StreamReader: {error}") from error


class _Slotless(StreamReader):
    """What a body of our own looks like to Python."""

    __slots__ = ()


def adopted(body: StreamReader, kind: type[Body]) -> Body:
    """A body that the C parser has made and will feed, as one of our own: it takes none from outside.

    Raises:
        TypeError: the two are not laid out alike.
    """
    body.__class__ = kind
    return cast("Body", body)


def forget_client_tls() -> None:
    """Let go of what aiohttp's client keeps for TLS: 1.6 MB of certificates, made when it is imported.

    The client cannot speak TLS in this process any more; nothing here uses it.
    """
    for name in CLIENT_TLS:
        if hasattr(connector, name):
            delattr(connector, name)


def request_parser(
    protocol: BaseProtocol, loop: asyncio.AbstractEventLoop, *, max_line: int, max_field: int, max_fields: int
) -> http_parser.HttpRequestParser:
    """The C parser for one request; some 0.4 µs."""
    return http_parser.HttpRequestParser(
        protocol,
        loop,
        _UNREAD,
        max_line_size=max_line,
        max_field_size=max_field,
        max_headers=max_fields,
        payload_exception=web.RequestPayloadError,
        auto_decompress=False,  # a decompressed body under the old Content-Length is cut
    )


def response_parser(protocol: BaseProtocol, loop: asyncio.AbstractEventLoop, *, with_body: bool) -> Any:  # noqa: ANN401
    """The C parser for one answer."""
    return http_parser.HttpResponseParser(
        protocol,
        loop,
        2**16,
        max_line_size=ANSWER_LINE,
        max_field_size=ANSWER_LINE,
        max_headers=ANSWER_FIELDS,
        payload_exception=aiohttp.ClientPayloadError,
        response_with_body=with_body,
        read_until_eof=True,
        auto_decompress=False,
    )
