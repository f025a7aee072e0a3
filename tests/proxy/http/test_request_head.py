"""Judging a request head, and writing it for the service."""

import pytest

from sidecar.proxy.http.request_head import RequestHead, for_service, for_service_with_canonical_body, judge
from sidecar.proxy.reasons import RefusedError


def head(method="GET", target=b"/", version=(1, 1), fields=((b"Host", b"a"),)):
    return RequestHead(method, target, version, tuple(fields))


HOST = (b"Host", b"a")


@pytest.mark.parametrize(
    ("request_head", "code"),
    [
        (head(version=(2, 0)), "version_unknown"),
        (head(version=(1, 2)), "version_unknown"),
        (head(method="TRACE"), "method_refused"),
        (head(method="CONNECT", target=b"a:443"), "method_refused"),
        (head(target=b"http://other/"), "target_malformed"),
        (head(target=b"/a#b"), "target_malformed"),
        (head(target=b"*"), "target_malformed"),
        (head(fields=()), "host_malformed"),
        (head(fields=(HOST, HOST)), "host_malformed"),
        (head(fields=((b"Host", b""),)), "host_malformed"),
        (head(fields=((b"Host", b"a b/c@d"),)), "host_malformed"),
        (head(fields=((b"Host", b"a:port"),)), "host_malformed"),
        (head(fields=((b"Host", b"a:65536"),)), "host_malformed"),
        (head(fields=((b"Host", b"a:000080"),)), "host_malformed"),
        (head(fields=((b"Host", b"a,b"),)), "host_malformed"),
        (head(fields=((b"Host", b"[::1"),)), "host_malformed"),
        (head(fields=(HOST, (b"Content-Length", b"3"), (b"Content-Length", b"3"))), "framing_ambiguous"),
        (head(fields=(HOST, (b"Content-Length", b"+3"))), "framing_ambiguous"),
        (head(fields=(HOST, (b"Transfer-Encoding", b"chunked"), (b"Transfer-Encoding", b""))), "framing_ambiguous"),
        (head(fields=(HOST, (b"Transfer-Encoding", b"gzip, chunked"))), "transfer_coding"),
        (head(fields=(HOST, (b"Transfer-Encoding", b"xchunked"))), "transfer_coding"),
        (head(version=(1, 0), fields=((b"Transfer-Encoding", b"chunked"),)), "framing_ambiguous"),
        (head(fields=(HOST, (b"Transfer-Encoding", b"chunked"), (b"Content-Length", b"3"))), "framing_ambiguous"),
        (head(fields=(HOST, (b"Transfer_Encoding", b"chunked"))), "field_name_ambiguous"),
        (head(fields=(HOST, (b"content_length", b"3"))), "field_name_ambiguous"),
        (head(fields=(HOST, (b"Content_Type", b"x"))), "field_name_ambiguous"),
        (head(fields=(HOST, (b"Content.Encoding", b"x"))), "field_name_ambiguous"),
        (head(fields=(HOST, (b"content_disposition", b"x"))), "field_name_ambiguous"),
        (head(fields=(HOST, (b"Content_Range", b"x"))), "field_name_ambiguous"),
        (head(fields=(HOST, (b"Expect", b"200-ok"))), "expectation_unknown"),
    ],
)
def test_a_head_that_can_be_read_in_two_ways_is_refused(request_head, code):
    with pytest.raises(RefusedError) as refused:
        judge(request_head)
    assert refused.value.reason.code == code


@pytest.mark.parametrize(
    "request_head",
    [
        head(),
        head(version=(1, 0), fields=()),
        head(method="OPTIONS", target=b"*"),
        head(target=b"//evil/p"),
        head(target=b"/a/%2e%2e/b?x=%zz&y="),
        head(fields=((b"Host", b"[::1]:8080"),)),
        head(fields=((b"Host", b"my_service.local:80"),)),
        head(fields=((b"Host", b"azAZ09._~!$&'()*+;=%-:65535"),)),
        head(fields=((b"Host", b"[09afAF::1.2.3.4]:"),)),
        head(method="POST", fields=(HOST, (b"Transfer-Encoding", b"Chunked"))),
        head(method="POST", fields=(HOST, (b"Content-Length", b"3"))),
        head(fields=(HOST, (b"X_Custom", b"1"))),
        head(method="PROPFIND"),
        head(fields=(HOST, (b"Expect", b"100-Continue"))),
    ],
)
def test_an_honest_head_passes(request_head):
    judge(request_head)


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ((), (None, False, False)),
        (((b"Content-Length", b"000"),), (0, False, False)),
        (((b"content-length", b"07"),), (7, True, False)),
        (((b"Transfer-Encoding", b"chunked"),), (None, True, True)),
    ],
)
def test_a_head_tells_whether_a_body_comes_and_whether_anything_behind_it_can_be_trusted(fields, told):
    announced = head("POST", fields=(HOST, *fields))
    assert (announced.content_length, announced.has_body, announced.is_last) == told


@pytest.mark.parametrize(
    ("version", "fields", "waits"),
    [((1, 1), ((b"Expect", b"100-continue"),), True), ((1, 1), (), False), ((1, 0), ((b"Expect", b"x"),), False)],
)
def test_only_who_says_so_in_http_1_1_waits_for_a_100(version, fields, waits):
    assert head("POST", version=version, fields=(HOST, *fields)).expects_continue is waits


def test_target_order_case_and_bytes_go_on_unchanged():
    fields = ((b"hOST", b"a"), (b"X-B", b"\xff"), (b"x-a", b"1"), (b"X-B", b"2"))
    written = for_service(head(target=b"/a/%2e%2e//b?", fields=fields), b"service", ())
    assert written == b"GET /a/%2e%2e//b? HTTP/1.1\r\nhOST: a\r\nX-B: \xff\r\nx-a: 1\r\nX-B: 2\r\n\r\n"


def test_a_client_without_host_gets_the_configured_one():
    assert (
        for_service(head(version=(1, 0), fields=()), b"service:8000", ())
        == b"GET / HTTP/1.1\r\nHost: service:8000\r\n\r\n"
    )


def test_a_length_with_leading_zeros_is_written_as_a_number():
    written = for_service(head("POST", fields=(HOST, (b"Content-Length", b"010"))), b"s", ())
    assert b"\r\nContent-Length: 10\r\n" in written


def test_expect_is_never_forwarded():
    written = for_service(
        head("POST", fields=(HOST, (b"Expect", b"100-continue"), (b"Content-Length", b"1"))), b"s", ()
    )
    assert b"xpect" not in written


def test_a_canonical_body_replaces_what_spoke_of_the_old_one():
    fields = (
        HOST,
        (b"content-type", b"multipart/form-data; boundary=old"),
        (b"Content-MD5", b"x"),
        (b"Digest", b"x"),
        (b"Transfer-Encoding", b"chunked"),
        (b"X-Keep", b"1"),
    )
    written = for_service_with_canonical_body(
        head("POST", fields=fields),
        b"s",
        ((b"X-Request-ID", b"r"),),
        length=12,
        content_type=b"multipart/form-data; boundary=new",
    )
    assert written == (
        b"POST / HTTP/1.1\r\nHost: a\r\ncontent-type: multipart/form-data; boundary=new\r\nX-Keep: 1\r\n"
        b"Content-Length: 12\r\nX-Request-ID: r\r\n\r\n"
    )


def test_a_canonical_body_whose_length_is_not_known_goes_in_chunks_without_the_old_length():
    written = for_service_with_canonical_body(
        head("POST", fields=(HOST, (b"Content-Length", b"7"), (b"Content-Digest", b"x"))),
        b"s",
        (),
        length=None,
        content_type=b"multipart/form-data; boundary=new",
    )
    assert written == (
        b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=new\r\n"
        b"Transfer-Encoding: chunked\r\n\r\n"
    )
