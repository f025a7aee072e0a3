"""What the client of a refused upload reads, and what the service does not."""

import asyncio
import json

import pytest

from tests.wire import PNG, Wire, form, post

BAD = form(("avatar", "shell.php", "image/png", PNG))
MEMBERS = {
    "type", "title", "status", "detail", "code", "failed", "expected", "actual", "part", "retry", "request_id",
}  # fmt: skip


async def test_a_refusal_is_a_problem_with_every_member(sidecar, service):
    answer = await (await Wire.open(await sidecar(service))).ask(post(BAD))
    problem = json.loads(answer.body)
    assert answer.values("content-type") == [b"application/problem+json"]
    assert set(problem) == MEMBERS
    assert problem["status"] == answer.status == 422
    assert problem["part"] == "avatar"
    assert problem["retry"] == "never"
    assert ".php" in problem["actual"]
    assert [problem["request_id"].encode()] == answer.values("x-request-id")


async def test_the_connection_serves_on_after_a_refusal_of_a_whole_body(sidecar, service):
    wire = await Wire.open(await sidecar(service))
    assert (await wire.ask(post(BAD))).status == 422
    assert (await wire.ask(post(form(("avatar", "a.png", "image/png", PNG))))).status == 200


@pytest.mark.parametrize(
    ("name", "escaped"),
    [("a<script>.php", "<script>"), ("\u202egnp.php", "\u202e"), ('x".php', '"')],
)
async def test_nothing_of_the_input_is_echoed_unescaped(sidecar, service, name, escaped):
    body = form(("f", name.replace('"', "%22"), None, b"x"))
    answer = await (await Wire.open(await sidecar(service))).ask(post(body))
    assert answer.status == 422
    assert escaped not in json.loads(answer.body)["detail"]


async def test_a_refusal_is_read_while_100_mb_are_still_being_sent(sidecar, service):
    wire = await Wire.open(await sidecar(service, policies={"default": {"max_body": "1GiB", "max_file": "1GiB"}}))
    opening = form(("f", "shell.php", "image/png", b"|")).split(b"|")[0]
    head = post(b"").replace(b"Content-Length: 0", b"Content-Length: 100000000")
    await wire.send(head + opening)

    async def go_on():
        for _ in range(1000):
            await wire.send(b"x" * 100_000)

    sending = asyncio.ensure_future(go_on())
    answer = await wire.read()
    assert answer.status == 422
    assert not sending.done()
    sending.cancel()
    await asyncio.wait({sending})
    assert service.connections == 0


async def test_a_client_that_reads_only_after_it_sent_all_still_reads_the_refusal(sidecar, service):
    port = await sidecar(service, policies={"default": {"max_body": "1GiB", "max_file": "1GiB"}})
    opening, closing = form(("f", "shell.php", "image/png", b"|")).split(b"|")
    body = opening + b"x" * 100_000_000 + closing
    wire = await Wire.open(port)
    await wire.send(post(body))
    assert (await wire.read()).status == 422


@pytest.mark.parametrize(
    ("content_type", "code"),
    [
        (b"multipart/form-data", "boundary_missing"),
        (b"multipart/mixed; boundary=XBOUNDARYX", None),
        (b"multipart/form-dataX; boundary=XBOUNDARYX", None),
        (b"Application/Multipart; boundary=XBOUNDARYX", None),
    ],
)
async def test_what_is_called_almost_a_form_is_refused(sidecar, service, content_type, code):
    request = post(form(("a", None, None, b"b"))).replace(b"multipart/form-data; boundary=XBOUNDARYX", content_type)
    answer = await (await Wire.open(await sidecar(service))).ask(request)
    assert answer.status in (400, 415)
    assert code in (None, json.loads(answer.body)["code"])
    assert service.connections == 0


@pytest.mark.parametrize("content_type", [b"text/plain", b"application/octet-stream", b""])
async def test_on_an_upload_route_a_form_under_another_type_is_refused(sidecar, service, content_type):
    request = post(form(("a", None, None, b"b"))).replace(b"multipart/form-data; boundary=XBOUNDARYX", content_type)
    answer = await (await Wire.open(await sidecar(service, routes=[{"path": "/upload"}]))).ask(request)
    assert json.loads(answer.body)["code"] == "multipart_disguised"
    assert service.connections == 0


async def test_on_an_upload_route_other_bodies_pass_untouched(sidecar, service):
    body = b'{"a": 1}'
    request = b"POST /upload HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: 8\r\n\r\n" + body
    await (await Wire.open(await sidecar(service, routes=[{"path": "/upload"}]))).ask(request)
    assert service.requests[0].body == body


@pytest.mark.parametrize(
    ("head", "status", "actual"),
    [
        (
            b"Host: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked",
            400,
            "Transfer-Encoding can't be present with Content-Length",
        ),
        (b"Host: a\r\n<script>: 1", 400, "Invalid header token"),
        (b"Host: a\r\nA: " + b"x" * 9000, 431, "a line of more than 8191 bytes"),
        (b"A: a\r\n" * 200 + b"Host: a", 431, "too many header fields"),
        (b"A: a", 400, "no Host field"),
    ],
)
async def test_what_is_no_request_is_told_in_words(sidecar, service, head, status, actual):
    answer = await (await Wire.open(await sidecar(service))).ask(b"POST / HTTP/1.1\r\n" + head + b"\r\n\r\n")
    problem = json.loads(answer.body)
    assert (answer.status, problem["actual"]) == (status, actual)
    assert ("client.max_line" in problem["detail"]) == (status == 431)


async def test_chunks_that_are_none_are_told_in_words(sidecar, service):
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\n"
    answer = await (await Wire.open(await sidecar(service))).ask(head + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n")
    problem = json.loads(answer.body)
    assert (problem["code"], problem["actual"]) == ("body_framing", "bytes that are no chunk")


async def test_a_compressed_upload_is_refused(sidecar, service):
    answer = await (await Wire.open(await sidecar(service))).ask(post(BAD, fields=b"Content-Encoding: gzip\r\n"))
    assert (answer.status, json.loads(answer.body)["code"]) == (415, "content_encoding")


async def test_a_full_spool_refuses_with_503_and_says_when_to_come_back(sidecar, service):
    port = await sidecar(
        service, spool={"max_bytes": "100KiB"}, policies={"default": {"max_body": "100KiB", "max_file": "100KiB"}}
    )
    first = await Wire.open(port)
    request = post(form(("f", "a.dat", None, bytes(60_000))))
    await first.send(request[:-10])
    second = await Wire.open(port)
    await asyncio.sleep(0.2)
    answer = await second.ask(request)
    assert (answer.status, json.loads(answer.body)["code"]) == (503, "spool_full")
    assert answer.values("retry-after")
    assert (await first.ask(request[-10:])).status == 200


async def test_a_script_of_another_origin_reads_a_refusal_and_a_person_gets_a_page(sidecar, service):
    refusals = {"origins": ["https://app.example.org"], "pages": "on"}
    wire = await Wire.open(await sidecar(service, refusals=refusals))
    answer = await wire.ask(post(BAD, fields=b"Origin: https://app.example.org\r\nSec-Fetch-Mode: cors\r\n"))
    assert answer.values("access-control-allow-origin") == [b"https://app.example.org"]
    assert json.loads(answer.body)["code"] == "suffix_forbidden"
    answer = await wire.ask(post(BAD, fields=b"Sec-Fetch-Mode: navigate\r\n"))
    assert (answer.status, answer.values("access-control-allow-origin")) == (422, [])
    assert answer.values("content-type") == [b"text/html; charset=utf-8"]
    assert b"<h1>" in answer.body


async def test_by_default_everybody_gets_the_problem(sidecar, service):
    wire = await Wire.open(await sidecar(service))
    fields = b"Origin: https://app.example.org\r\nSec-Fetch-Mode: navigate\r\nAccept: text/html\r\n"
    answer = await wire.ask(post(BAD, fields=fields))
    assert answer.values("content-type") == [b"application/problem+json"]
    assert answer.values("access-control-allow-origin") == []
