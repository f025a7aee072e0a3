"""Which requests ask for a tunnel, and which answers open one."""

import base64
import hashlib

import pytest

from sidecar.proxy.http.answer_head import AnswerHead
from sidecar.proxy.http.request_head import RequestHead
from sidecar.proxy.http.upgrade import asking, judge_switch, protocols_asked, switching
from sidecar.proxy.reasons import RefusedError

HOST = (b"Host", b"a")
CONNECTION = (b"Connection", b"keep-alive, UPGRADE")


def head(*fields, version=(1, 1), method="GET"):
    return RequestHead(method, b"/ws", version, (HOST, *fields))


def answer(*fields):
    return AnswerHead((1, 1), 101, b"Switching", fields)


@pytest.mark.parametrize(
    ("values", "protocols"),
    [
        ([b"websocket"], (b"websocket",)),
        ([b"WebSocket"], (b"WebSocket",)),
        ([b"chat/2, irc"], (b"chat/2", b"irc")),
        ([b"chat", b"irc"], (b"chat", b"irc")),
        ([b"!#$%&'*+.^_`|~-09azAZ/!#$%&'*+.^_`|~-09azAZ"], (b"!#$%&'*+.^_`|~-09azAZ/!#$%&'*+.^_`|~-09azAZ",)),
        ([b"x" * 64 + b"/" + b"1" * 64], (b"x" * 64 + b"/" + b"1" * 64,)),
        ([b"h2c, chat"], (b"chat",)),
        ([b"h2"], ()),
        ([b"h2c"], ()),
        ([b"H2C"], ()),
        ([b"HTTP/2.0"], ()),
        ([b"TLS/1.2"], ()),
        ([b""], ()),
        ([b","], ()),
        ([b"a b"], ()),
        ([b"x" * 65], ()),
        ([b"x/" + b"1" * 65], ()),
        ([b"x/"], ()),
        ([], ()),
    ],
)
def test_what_is_asked_for_is_what_a_tunnel_may_carry(values, protocols):
    assert protocols_asked(head(CONNECTION, *((b"Upgrade", value) for value in values))) == protocols


@pytest.mark.parametrize(
    "request_head",
    [
        head((b"Upgrade", b"websocket")),
        head((b"Connection", b"close"), (b"Upgrade", b"websocket")),
        head((b"Connection", b"upgraded"), (b"Upgrade", b"websocket")),
        head(CONNECTION, (b"Upgrade", b"websocket"), version=(1, 0)),
        head(CONNECTION, (b"Upgrade", b"websocket"), (b"Content-Length", b"1")),
        head(CONNECTION, (b"Upgrade", b"websocket"), (b"Transfer-Encoding", b"chunked")),
        head(CONNECTION, (b"Upgrade", b"websocket"), (b"Content-Type", b"multipart/form-data; boundary=x")),
    ],
)
def test_what_asks_by_half_or_is_an_upload_asks_for_nothing(request_head):
    assert protocols_asked(request_head) == ()


def test_the_service_is_asked_with_the_protocols_and_nothing_else_of_the_connection():
    asked = head((b"Connection", b"Upgrade, X-Hop"), (b"X-Hop", b"1"), (b"Upgrade", b"h2c, chat"), (b"X-Kept", b"1"))
    written = asking(asked, b"service", ((b"X-Request-ID", b"7"),), (b"chat",)).split(b"\r\n")
    assert written[0] == b"GET /ws HTTP/1.1"
    wanted = {b"Host: a", b"X-Kept: 1", b"X-Request-ID: 7", b"Connection: Upgrade", b"Upgrade: chat"}
    assert set(written[1:-2]) == wanted
    assert b"\r\nUpgrade: chat, irc\r\n" in asking(asked, b"service", (), (b"chat", b"irc"))


UPGRADING = (b"Connection", b"keep-alive, Upgrade")


@pytest.mark.parametrize("value", [b"chat", b"CHAT", b"irc"])
def test_a_switch_to_what_was_asked_for_is_let_through(value):
    judge_switch(head(), answer(UPGRADING, (b"Upgrade", value)), (b"chat", b"irc"))


@pytest.mark.parametrize("connection", [(), ((b"Connection", b"keep-alive"),)])
def test_a_switch_that_is_not_for_this_connection_is_refused(connection):
    with pytest.raises(RefusedError, match="upstream_garbled"):
        judge_switch(head(), answer(*connection, (b"Upgrade", b"chat")), (b"chat",))


@pytest.mark.parametrize("fields", [(), ((b"Upgrade", b""),), ((b"Upgrade", b"other"),), ((b"Upgrade", b"chat, x"),)])
def test_any_other_switch_is_refused(fields):
    with pytest.raises(RefusedError, match="upstream_garbled"):
        judge_switch(head(), answer(UPGRADING, *fields), (b"chat",))


def proof_of(key):
    digest = hashlib.sha1(key + b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11", usedforsecurity=False).digest()
    return (b"Sec-WebSocket-Accept", base64.b64encode(digest))


def test_a_websocket_needs_its_proof():
    key = b"dGhlIHNhbXBsZSBub25jZQ=="  # the example of RFC 6455, section 1.3
    request_head, upgrade = head((b"Sec-WebSocket-Key", key)), (b"Upgrade", b"websocket")
    assert proof_of(key)[1] == b"s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    judge_switch(request_head, answer(UPGRADING, upgrade, proof_of(key)), (b"websocket",))
    for proofs in ([], [proof_of(b"other")], [proof_of(key), proof_of(key)]):
        with pytest.raises(RefusedError, match="upstream_garbled"):
            judge_switch(request_head, answer(UPGRADING, upgrade, *proofs), (b"websocket",))


def test_the_client_gets_the_fields_of_the_service_without_a_length():
    fields = ((b"upgrade", b"chat"), (b"Connection", b"upgrade"), (b"Content-Length", b"0"), (b"X-Own", b"1"))
    written = switching(answer(*fields), ((b"X-Request-ID", b"7"), (b"X-Own", b"2")))
    assert written == (
        b"HTTP/1.1 101 Switching\r\nupgrade: chat\r\nConnection: upgrade\r\nX-Own: 1\r\nX-Request-ID: 7\r\n\r\n"
    )
