"""Raw header fields."""

import pytest

from sidecar.proxy.http.fields import amended, by_name, hop_by_hop, imitates, serialise, values_of, without

FIELDS = ((b"Host", b"a"), (b"X-One", b"1"), (b"x-one", b"\xff\xfe"), (b"Cookie", b"c=1"))


def test_values_keep_order_and_bytes():
    assert values_of(FIELDS, b"x-one") == [b"1", b"\xff\xfe"]


def test_all_values_stand_under_the_name_in_lower_case_in_their_order():
    assert by_name(FIELDS) == {b"host": [b"a"], b"x-one": [b"1", b"\xff\xfe"], b"cookie": [b"c=1"]}


def test_without_ignores_case():
    assert without(FIELDS, [b"x-one"]) == (FIELDS[0], FIELDS[3])


@pytest.mark.parametrize(
    "name",
    ["Connection", "Keep-Alive", "Proxy-Connection", "TE", "Trailer", "Transfer-Encoding", "Upgrade", "HTTP2-Settings"],
)
def test_hop_by_hop_fields_stay_behind(name):
    assert gone_on((name.encode(), b"x"), (b"Host", b"a")) == ((b"Host", b"a"),)


def gone_on(*fields):
    return amended(fields, (), hop_by_hop(values_of(fields, b"connection")))


def test_fields_named_by_connection_stay_behind():
    fields = ((b"Connection", b"close, X-Secret"), (b"x-secret", b"1"), (b"X-Public", b"2"))
    assert gone_on(*fields) == ((b"X-Public", b"2"),)


@pytest.mark.parametrize(
    "name",
    b"Host Content-Length Content-Type Content-Encoding Content-Range Content-Disposition Authorization Cookie "
    b"X-Request-ID Forwarded X-Forwarded-For X-Forwarded-Proto X-Forwarded-Host X-Forwarded-Port X-Real-IP traceparent "
    b"tracestate".split(),
)
def test_connection_cannot_take_a_field_away_that_rules_the_message_or_tells_whose_it_is(name):
    fields = ((b"Connection", name), (name, b"1"))
    assert gone_on(*fields) == ((name, b"1"),)


def test_amended_changes_in_place_and_keeps_the_spelling():
    fields = ((b"content-LENGTH", b"007"), (b"A", b"1"), (b"Content-Length", b"7"))
    assert amended(fields, ((b"Content-Length", b"7"), (b"New", b"2"))) == (
        (b"content-LENGTH", b"7"),
        (b"A", b"1"),
        (b"New", b"2"),
    )


def test_a_head_is_written_byte_for_byte():
    assert (
        serialise(b"GET / HTTP/1.1", FIELDS[:3]) == b"GET / HTTP/1.1\r\nHost: a\r\nX-One: 1\r\nx-one: \xff\xfe\r\n\r\n"
    )


@pytest.mark.parametrize("name", [b"Content_Length", b"content.length", b"CONTENT+LENGTH"])
def test_a_name_that_gateways_take_for_another_imitates_it(name):
    assert imitates(name, frozenset({b"content-length"}))


@pytest.mark.parametrize("name", [b"Content-Length", b"ContentLength", b"X_Content_Length"])
def test_a_name_of_its_own_imitates_nothing(name):
    assert not imitates(name, frozenset({b"content-length"}))
