"""Who is calling, as services are told it."""

import pytest

from sidecar.policy.settings.callers import Forwarded
from sidecar.proxy.http.fields import values_of
from sidecar.proxy.http.forwarded import (
    Caller,
    caller_of,
    client_address,
    element,
    elements,
    ip_of,
    node,
    quoted,
    rewritten,
)
from tests.pace import processor_time

PEER = Caller("192.0.2.9", "http", b"service.test:8080")
FORGED = (
    (b"X-Forwarded-For", b"203.0.113.7, 198.51.100.2"),
    (b"X-Forwarded-Proto", b"https"),
    (b"X-Real-IP", b"203.0.113.7"),
    (b"X_Forwarded_For", b"203.0.113.8"),
    (b"Forwarded", b'for=203.0.113.7, for="[2001:db8::2]:99";proto=https'),
)


def told(fields, name):
    return values_of(fields, name.lower().encode())


def test_keep_changes_nothing():
    assert rewritten(FORGED, PEER, Forwarded()) is FORGED


def test_append_adds_this_hop_at_the_end_of_one_list():
    came = ((b"x-forwarded-for", b"203.0.113.7"), (b"Cookie", b"a"), (b"X-Forwarded-For", b"198.51.100.2"))
    fields = rewritten(came, PEER, Forwarded(fields="append"))
    assert fields[0] == (b"x-forwarded-for", b"203.0.113.7, 198.51.100.2, 192.0.2.9")
    assert told(fields, "X-Forwarded-For") == [fields[0][1]]


def test_append_leaves_what_the_first_hop_said_of_scheme_and_host():
    fields = rewritten(FORGED, PEER, Forwarded(fields="append"))
    assert told(fields, "X-Forwarded-Proto") == [b"https"]
    assert told(fields, "X-Forwarded-Host") == [b"service.test:8080"]


def test_replace_drops_whatever_a_client_could_say_of_itself():
    fields = rewritten(FORGED, PEER, Forwarded(fields="replace"))
    assert fields == (
        (b"X-Forwarded-For", b"192.0.2.9"),
        (b"X-Forwarded-Proto", b"http"),
        (b"X-Forwarded-Host", b"service.test:8080"),
    )


def test_replace_keeps_what_trusted_hops_wrote():
    fields = rewritten(FORGED, PEER, Forwarded(fields="replace", trusted_hops=1))
    assert told(fields, "X-Forwarded-For") == [b"198.51.100.2, 192.0.2.9"]
    assert told(fields, "X-Forwarded-Proto") == [b"https"]
    assert told(fields, "X-Real-IP") == [b"203.0.113.7"]
    assert told(fields, "X_Forwarded_For") == []


@pytest.mark.parametrize(
    ("hops", "kept"),
    [(1, b'for="[2001:db8::2]:99";proto=https'), (2, FORGED[4][1]), (9, FORGED[4][1])],
)
def test_replace_keeps_of_a_chain_that_it_does_not_write_what_trusted_hops_wrote(hops, kept):
    fields = rewritten(FORGED, PEER, Forwarded(fields="replace", trusted_hops=hops))
    assert told(fields, "Forwarded") == [kept]


def test_several_fields_of_a_chain_are_one_to_those_that_count_hops():
    came = ((b"x-forwarded-for", b"203.0.113.7, 203.0.113.8"), (b"X-Forwarded-For", b"198.51.100.2"))
    fields = rewritten(came, PEER, Forwarded(fields="replace", trusted_hops=2, write=("forwarded",)))
    assert told(fields, "X-Forwarded-For") == [b"203.0.113.8, 198.51.100.2"]


@pytest.mark.parametrize("value", [b'for="203.0.113.7', b",", b""])
def test_a_chain_in_which_no_hop_can_be_told_is_dropped(value):
    fields = rewritten(((b"Forwarded", value),), PEER, Forwarded(fields="replace", trusted_hops=1))
    assert told(fields, "Forwarded") == []


@pytest.mark.parametrize(
    ("hops", "kept"),
    [(0, b""), (1, b'for="[2001:db8::2]:99";proto=https, '), (9, FORGED[4][1] + b", ")],
)
def test_forwarded_is_written_as_its_rfc_says(hops, kept):
    fields = rewritten(FORGED, PEER, Forwarded(fields="replace", trusted_hops=hops, write=("forwarded",)))
    assert told(fields, "Forwarded") == [kept + b'for=192.0.2.9;host="service.test:8080";proto=http']


def test_an_open_quote_does_not_swallow_what_is_added():
    came = ((b"Forwarded", b'for="203.0.113.7'),)
    fields = rewritten(came, PEER, Forwarded(fields="append", write=("forwarded",)))
    assert told(fields, "Forwarded") == [b'for=192.0.2.9;host="service.test:8080";proto=http']


def test_commas_in_quotes_part_no_elements():
    assert elements([b'for="a,b";by="\\"x,", for=c', b"for=d"]) == [b'for="a,b";by="\\"x,"', b"for=c", b"for=d"]


@pytest.mark.parametrize(
    "value", [b'"', b'a"', b'a,b="', b'"\\', b'"a\\"', b'"a\\\\\\"', b'"a""', b'"a","', b'for="a";by="b', b'"a",b"c,d']
)
def test_a_quote_left_open_anywhere_leaves_no_elements(value):
    assert elements([b"for=first", value, b"for=last"]) == []


@pytest.mark.parametrize("piece", [b'\\"', b'"a', b'"a",', b'"",', b'""', b"a,", b",", b"\\", b" ", b"\\\\"])
@pytest.mark.parametrize("first", [b"", b'"', b'a="'])
def test_a_chain_is_read_in_a_time_that_grows_with_its_length(first, piece):
    with processor_time(below=0.2):
        elements([first + piece * (64_000 // len(piece))])


@pytest.mark.parametrize(
    ("address", "port", "text"),
    [
        ("192.0.2.9", None, "192.0.2.9"),
        ("192.0.2.9", 80, '"192.0.2.9:80"'),
        ("2001:db8::1", None, '"[2001:db8::1]"'),
        ("2001:db8::1", 4711, '"[2001:db8::1]:4711"'),
        ("", None, "unknown"),
    ],
)
def test_addresses_are_quoted_where_they_are_no_tokens(address, port, text):
    assert quoted(node(address, port)) == text


def test_a_host_of_any_signs_of_a_token_needs_no_quotes():
    assert quoted("!#$%&'*+.^_`|~-09azAZ") == "!#$%&'*+.^_`|~-09azAZ"
    assert quoted('a"\\b') == '"a\\"\\\\b"'


def test_on_a_unix_socket_there_is_no_address_to_tell():
    assert caller_of(None, b"a", tls=True) == caller_of("", b"a", tls=True)
    assert caller_of(("::ffff:192.0.2.9", 4711, 0, 0), b"a", tls=False) == Caller("192.0.2.9", "http", b"a")
    caller = caller_of("/run/service.sock", b"a", tls=True)
    assert element(caller) == b"for=unknown;host=a;proto=https"
    assert told(rewritten((), caller, Forwarded(fields="append")), "X-Forwarded-For") == []


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("192.0.2.1:80", "192.0.2.1"),
        ("[2001:DB8::1]:80", "2001:db8::1"),
        ('"[2001:db8::1]"', "2001:db8::1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("fe80::1%eth0", "fe80::1"),
        ("unknown", ""),
        ("_hidden", ""),
        ("<script>", ""),
        ("", ""),
    ],
)
def test_addresses_are_read_as_proxies_write_them(text, address):
    assert ip_of(text) == address


@pytest.mark.parametrize(
    ("hops", "address"),
    [(0, "192.0.2.9"), (1, "198.51.100.2"), (2, "203.0.113.7"), (3, "192.0.2.9")],
)
def test_the_client_is_whom_the_outermost_trusted_hop_saw(hops, address):
    assert client_address(FORGED, "192.0.2.9", hops) == address


@pytest.mark.parametrize(("hops", "address"), [(1, "2001:db8::2"), (2, "203.0.113.7")])
def test_the_client_is_read_from_forwarded_too(hops, address):
    assert client_address(FORGED[4:], "192.0.2.9", hops) == address


@pytest.mark.parametrize("value", [b"by=192.0.2.1", b"for=", b'for=""', b"for=unknown", b"for=_a", b"xfor=192.0.2.1"])
def test_an_element_that_tells_no_address_leaves_the_peer(value):
    assert client_address(((b"Forwarded", value),), "192.0.2.9", 1) == "192.0.2.9"


def test_a_trusted_hop_that_tells_no_address_leaves_the_peer():
    assert client_address(((b"X-Forwarded-For", b"unknown"),), "192.0.2.9", 1) == "192.0.2.9"
