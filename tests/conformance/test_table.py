"""Every row of the table of a correct reverse proxy is kept by a test or a head of the corpus, named here."""

import ast
import asyncio
from functools import cache
from pathlib import Path

import pytest

from tests.corpus.heads_cases import load_all
from tests.wire import Wire

TESTS = Path(__file__).parents[1]
TEN = "conformance/test_ten_points.py::"
PASS = "conformance/test_pass_through.py::"
REFUSED = "conformance/test_refusals.py::"
DEADLINES = "conformance/test_deadlines.py::"
UPSTREAM = "conformance/test_upstream.py::"
HERE = "conformance/test_table.py::"
HEAD = "head:"

ROWS = {
    1: ("length twice, list, sign, hexadecimal, empty, over 64 bits",
        *(f"{HEAD}framing/length-{slug}" for slug in (
            "twice-equal", "twice-different", "list-equal", "plus", "minus", "hex", "underscore", "empty", "20-digits",
            "2-to-the-64-minus-1", "2-to-the-63",
        ))),
    2: ("a length with zeros before it", f"{HEAD}framing/length-leading-zeros"),
    3: ("length and coding, odd codings",
        *(f"{HEAD}framing/{slug}" for slug in (
            "both-length-then-coding", "both-coding-then-length", "coding-xchunked", "coding-identity",
            "coding-fields-chunked-twice", "coding-vertical-tab", "coding-folded",
        ))),
    4: ("gzip, chunked", f"{HEAD}framing/coding-gzip-chunked"),
    5: ("a coding in HTTP/1.0", f"{HEAD}framing/coding-http-1-0"),
    6: ("names with _", f"{HEAD}framing/coding-imitated", f"{HEAD}fields/underscore",
        "conformance/test_callers.py::test_fields_with_underscores_are_treated_as_set"),
    7: ("line ends, NUL, controls, names, chunk sizes",
        *(f"{HEAD}{slug}" for slug in (
            "line/bare-lf", "line/bare-cr", "fields/value-nul", "fields/value-bell", "fields/name-space",
            "chunks/size-plus", "chunks/size-0x", "chunks/size-16-digits-and-more",
        ))),
    8: ("chunk extensions and trailers", f"{HEAD}chunks/extension", f"{HEAD}chunks/trailer", f"{HEAD}chunks/trailers"),
    9: ("no Host, two Hosts", f"{HEAD}hosts/none", f"{HEAD}hosts/twice"),
    10: ("Host empty or no host", f"{HEAD}hosts/empty", f"{HEAD}hosts/userinfo", f"{HEAD}hosts/path"),
    11: ("HTTP/1.0 without Host", f"{HEAD}hosts/none-http-1-0",
         "proxy/http/test_request_head.py::test_a_client_without_host_gets_the_configured_one"),
    12: ("HTTP/2.0", f"{HEAD}line/version-2-0"),
    13: ("TRACE, CONNECT", f"{HEAD}line/method-trace", f"{HEAD}line/method-connect"),
    14: ("OPTIONS *", f"{HEAD}targets/asterisk-options", TEN + "test_options_asterisk_goes_to_the_service"),
    15: ("absolute form", f"{HEAD}targets/absolute", f"{HEAD}targets/absolute-other-host"),
    16: ("//evil/p", f"{HEAD}targets/double-slash"),
    17: ("encoded targets, empty query", f"{HEAD}targets/encoded-dots", f"{HEAD}targets/encoded-slash",
         f"{HEAD}targets/bad-encoding", f"{HEAD}targets/empty-query", TEN + "test_the_raw_target_goes_to_the_service"),
    18: ("a fragment", f"{HEAD}targets/fragment"),
    19: ("duplicates, order, case", f"{HEAD}fields/duplicates",
         TEN + "test_order_case_and_duplicates_pass_in_both_directions"),
    20: ("nothing added", TEN + "test_nothing_is_added_but_the_request_id",
         TEN + "test_with_mode_off_nothing_is_added_at_all"),
    21: ("fields named by Connection", f"{HEAD}connection/names-a-field", f"{HEAD}connection/names-authorization",
         "proxy/http/test_answer_head.py::test_hop_by_hop_fields_of_the_service_stay_behind"),
    22: ("too many, too long", f"{HEAD}fields/one-too-many", f"{HEAD}fields/value-too-long", f"{HEAD}targets/too-long",
         HERE + "test_the_limits_of_a_head_are_settings"),
    23: ("the answer to what is no request",
         PASS + "test_a_malformed_request_gets_a_problem_that_echoes_nothing_and_reaches_nobody"),
    24: ("our early refusal", REFUSED + "test_a_client_that_reads_only_after_it_sent_all_still_reads_the_refusal",
         DEADLINES + "test_behind_a_refusal_only_so_many_bytes_are_read"),
    25: ("the service's early refusal", PASS + "test_an_early_answer_reaches_the_client_while_it_sends",
         UPSTREAM + "test_an_early_refusal_of_a_service_that_then_resets_is_never_lost"),
    26: ("a body cut by the client", TEN + "test_a_body_that_the_client_cuts_is_never_complete_at_the_service"),
    27: ("a client that leaves", PASS + "test_a_client_that_leaves_ends_the_request_at_the_service"),
    28: ("pipelining", PASS + "test_pipelined_requests_are_answered_in_order"),
    29: ("a slow head", DEADLINES + "test_a_head_in_pieces_is_answered_408"),
    30: ("a slow body", DEADLINES + "test_a_silent_body_is_answered_408",
         DEADLINES + "test_a_body_that_drips_is_answered_408"),
    31: ("a service that stops reading", DEADLINES + "test_a_service_that_stops_reading_gives_504"),
    32: ("a client that stops reading", DEADLINES + "test_a_client_that_does_not_read_is_reset"),
    33: ("a cut answer", PASS + "test_a_cut_answer_never_looks_whole"),
    34: ("a service that is not there",
         "e2e/test_run.py::test_a_service_that_is_down_gives_502_and_says_that_a_retry_is_safe"),
    35: ("retries", UPSTREAM + "test_a_request_that_may_have_been_acted_on_is_sent_once",
         UPSTREAM + "test_attempts_to_connect_are_bounded_and_counted"),
    36: ("a body on a stale connection", TEN + "test_no_upload_is_lost_where_the_service_closes_behind_each_answer"),
    37: ("redirects, proxies of the environment", HERE + "test_a_redirect_is_the_clients_affair",
         HERE + "test_the_proxy_of_the_environment_is_not_asked"),
    38: ("204, 304, HEAD, 1xx", PASS + "test_answers_without_a_body_end_at_their_head",
         PASS + "test_head_keeps_the_length_and_has_no_body", PASS + "test_interim_answers_are_skipped"),
    39: ("garbage from the service", PASS + "test_an_answer_that_is_none_gives_502"),
    40: ("WebSocket and other upgrades", "conformance/test_tunnels.py::test_both_heads_go_through_and_then_every_byte"),
    41: ("h2c", f"{HEAD}connection/h2c", f"{HEAD}connection/h2c-with-a-body", f"{HEAD}connection/h2c-list"),
    42: ("too many connections",
         "conformance/test_overload.py::test_one_connection_too_many_is_answered_503_before_it_says_anything"),
    43: ("drain", "e2e/test_run.py::test_an_upload_under_way_at_sigterm_is_finished",
         "e2e/test_run.py::test_readiness_fails_first_and_new_connections_are_still_taken"),
    44: ("200,000 chunks of one byte", HERE + "test_200_000_chunks_of_one_byte_pass_in_time"),
}  # fmt: skip
"""Row: what it is about, and what keeps it."""


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((TESTS / path).read_text())
    functions = (node for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))
    return frozenset(node.name for node in functions)


def exists(keeper: str) -> bool:
    if keeper.startswith(HEAD):
        return keeper.removeprefix(HEAD) in {case.name for case in load_all()}
    path, _, name = keeper.partition("::")
    return name in names_in(path)


def test_every_row_is_there_once():
    assert list(ROWS) == list(range(1, 45))


@pytest.mark.parametrize("row", ROWS)
def test_row_is_kept_by_tests_that_exist(row):
    _, *keepers = ROWS[row]
    assert keepers
    assert [keeper for keeper in keepers if not exists(keeper)] == []


GET = b"GET / HTTP/1.1\r\nHost: a.test\r\n"


@pytest.mark.parametrize(
    ("request_bytes", "status"),
    [
        (GET + b"X: " + b"a" * 200 + b"\r\n\r\n", 200),
        (GET + b"X: " + b"a" * 300 + b"\r\n\r\n", 431),
        (b"GET /" + b"a" * 300 + b" HTTP/1.1\r\nHost: a.test\r\n\r\n", 414),
        (GET + b"X: 1\r\n" * 7 + b"\r\n", 200),
        (GET + b"X: 1\r\n" * 8 + b"\r\n", 431),
    ],
)
async def test_the_limits_of_a_head_are_settings(sidecar, service, request_bytes, status):
    wire = await Wire.open(await sidecar(service, client={"max_line": 256, "max_fields": 8}))
    assert (await wire.ask(request_bytes)).status == status


@pytest.mark.parametrize(("fields", "status"), [(15, 200), (16, 431)])
async def test_a_whole_head_has_a_limit_of_its_own(sidecar, service, fields, status):
    wire = await Wire.open(await sidecar(service, client={"max_head": "64KiB"}))
    assert (
        await wire.ask(GET + b"".join(b"X-%02d: %b\r\n" % (at, b"a" * 4096) for at in range(fields)) + b"\r\n")
    ).status == status


async def test_a_redirect_is_the_clients_affair(sidecar, service):
    service.answer = b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
    answer = await (await Wire.open(await sidecar(service))).ask(GET + b"\r\n")
    assert (answer.status, answer.values("location")) == (302, [b"http://127.0.0.1:1/"])
    assert len(service.requests) == 1


async def test_the_proxy_of_the_environment_is_not_asked(sidecar, service, monkeypatch):
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1/")
    assert (await (await Wire.open(await sidecar(service))).ask(GET + b"\r\n")).status == 200


async def test_200_000_chunks_of_one_byte_pass_in_time(sidecar, service):
    wire = await Wire.open(await sidecar(service))
    head = b"POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\n\r\n"
    async with asyncio.timeout(10):
        answer = await wire.ask(head + b"1\r\nx\r\n" * 200_000 + b"0\r\n\r\n")
    assert answer.status == 200
    assert service.requests[0].body == b"x" * 200_000


@pytest.mark.parametrize("connection", [b"keep-alive", b"close"])
async def test_an_answer_of_50_000_chunks_of_one_byte_is_whole(sidecar, service, connection):
    head = b"HTTP/1.1 200 OK\r\nConnection: %b\r\nTransfer-Encoding: chunked\r\n\r\n" % connection
    service.answer = head + b"1\r\nx\r\n" * 50_000 + b"0\r\n\r\n"
    wire = await Wire.open(await sidecar(service))
    for _ in range(3):
        answer = await wire.ask(GET + b"\r\n")
        assert (answer.status, answer.body, answer.complete) == (200, b"x" * 50_000, True)
    answer = await wire.ask(b"HEAD / HTTP/1.1\r\nHost: a.test\r\n\r\n", bodiless=True)
    assert answer.status == 200
