"""Judging the service's answer, and writing its head for the client."""

import pytest

from sidecar.proxy.http.answer_head import AnswerHead, Framing, accepts, for_client, framing_for, judge
from sidecar.proxy.reasons import RefusedError


def answer(status=200, fields=(), phrase=b"OK"):
    return AnswerHead((1, 1), status, phrase, tuple(fields))


@pytest.mark.parametrize(
    "fields",
    [
        [(b"Content-Length", b"1"), (b"Content-Length", b"2")],
        [(b"Content-Length", b"+1")],
        [(b"Content-Length", b"")],
        [(b"Content-Length", b"18446744073709551615")],
        [(b"Content-Length", b"9223372036854775808")],
        [(b"Content-Length", b"1" * 5000)],
        [(b"Content-Length", b"1"), (b"Transfer-Encoding", b"chunked")],
        [(b"Transfer-Encoding", b"chunked"), (b"Transfer-Encoding", b"chunked")],
        [(b"Transfer-Encoding", b"gzip, chunked")],
        [(b"Content-Length ", b"1"), (b"Transfer-Encoding", b"chunked")],
        [(b"Content-Length", b"1"), (b"Content-Length \t", b"2")],
        [(b"Content-Length", b"1"), (b"Transfer-Encoding\t", b"chunked")],
        [(b"X-A", b"a\x00b")],
        [(b"X-A", b"a\x0bb")],
        [(b"X-A", b"a\x7f")],
    ],
)
def test_an_answer_that_can_be_read_in_two_ways_is_refused(fields):
    with pytest.raises(RefusedError) as refused:
        judge(answer(fields=fields))
    assert refused.value.reason.code == "upstream_garbled"


@pytest.mark.parametrize("control", [*range(9), *range(10, 32), 127])
def test_a_control_character_anywhere_in_an_answer_is_refused(control):
    text = b"a%cb" % control
    for each in (answer(phrase=text), answer(fields=[(text, b"1")]), answer(fields=[(b"X-A", text)])):
        with pytest.raises(RefusedError, match="upstream_garbled"):
            judge(each)


@pytest.mark.parametrize(("status", "accepted"), [(101, True), (200, True), (399, True), (400, False), (500, False)])
def test_an_answer_from_400_on_is_a_refusal(status, accepted):
    assert accepts(answer(status)) is accepted


@pytest.mark.parametrize(
    "fields",
    [
        [],
        [(b"Content-Length", b"5"), (b"content-length", b"5")],
        [(b"Content-Length", b"9223372036854775807")],
        [(b"Content-Length", b"000000000000000000000000000005")],
        [(b"Transfer-Encoding", b"Chunked")],
        [(b"X-A", b"tab\there \xff")],
    ],
)
def test_an_honest_answer_passes(fields):
    judge(answer(fields=fields))


@pytest.mark.parametrize(
    ("method", "status", "fields", "version", "framing"),
    [
        ("HEAD", 200, [(b"Content-Length", b"5")], (1, 1), Framing.NONE),
        ("GET", 204, [], (1, 1), Framing.NONE),
        ("GET", 304, [(b"Content-Length", b"5")], (1, 1), Framing.NONE),
        ("GET", 200, [(b"Content-Length", b"5")], (1, 1), Framing.LENGTH),
        ("GET", 200, [(b"Transfer-Encoding", b"chunked")], (1, 1), Framing.CHUNKED),
        ("GET", 200, [], (1, 1), Framing.CHUNKED),
        ("GET", 200, [(b"Transfer-Encoding", b"chunked")], (1, 0), Framing.CLOSE),
    ],
)
def test_the_body_is_framed_for_the_client(method, status, fields, version, framing):
    assert framing_for(answer(status, fields), method, version) is framing


def written(*args, **options):
    return for_client(*args, **({"keep_alive": True, "version": (1, 1)} | options))


def test_a_304_keeps_the_length_that_it_speaks_of():
    head = written(answer(304, [(b"Content-Length", b"5")], b"Not Modified"), Framing.NONE, ())
    assert head == b"HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n"


def test_a_204_has_no_length():
    assert b"Length" not in written(answer(204, [(b"Content-Length", b"0")]), Framing.NONE, ())


def test_a_body_in_chunks_says_so_and_has_no_length():
    head = written(answer(fields=[(b"Content-Length", b"5")]), Framing.CHUNKED, ())
    assert head == b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
    assert b"Length" not in written(answer(fields=[(b"Content-Length", b"5")]), Framing.CLOSE, ())


def test_a_field_that_the_service_sent_is_not_added_again():
    head = written(answer(fields=[(b"x-request-id", b"theirs")]), Framing.NONE, ((b"X-Request-ID", b"ours"),))
    assert head.count(b"equest") == 1


def test_hop_by_hop_fields_of_the_service_stay_behind():
    head = written(
        answer(fields=[(b"Connection", b"close, X-Hop"), (b"X-Hop", b"1"), (b"Keep-Alive", b"1")]), Framing.NONE, ()
    )
    assert head == b"HTTP/1.1 200 OK\r\n\r\n"


def test_a_426_says_which_protocol_would_do():
    fields = [(b"Upgrade", b"websocket"), (b"Connection", b"upgrade, X-Hop"), (b"X-Hop", b"1")]
    head = written(answer(426, fields, b"Upgrade Required"), Framing.NONE, ())
    assert head == b"HTTP/1.1 426 Upgrade Required\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n"
    assert b"pgrade" not in written(answer(200, fields), Framing.NONE, ())


def test_a_space_between_a_name_and_its_colon_hides_no_field_and_is_not_passed_on():
    head = written(
        answer(fields=[(b"Connection ", b"close, X-Hop"), (b"X-Hop", b"1"), (b"X-A\t ", b"1")]), Framing.NONE, ()
    )
    assert head == b"HTTP/1.1 200 OK\r\nX-A: 1\r\n\r\n"


@pytest.mark.parametrize(
    ("version", "keep_alive", "field"),
    [((1, 1), True, b""), ((1, 1), False, b"close"), ((1, 0), True, b"keep-alive"), ((1, 0), False, b"close")],
)
def test_connection_is_named_where_the_default_is_another(version, keep_alive, field):
    head = written(answer(), Framing.NONE, (), keep_alive=keep_alive, version=version)
    assert (b"Connection: " + field in head) is bool(field)
