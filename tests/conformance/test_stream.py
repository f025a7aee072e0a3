"""Stream delivery: what the service has, and when."""

import asyncio
import hashlib
import json

import pytest

from tests.wire import OK, PNG, Message, Wire, form, post, read_message

ROUTE = {"path": "/upload", "delivery": "stream"}
LARGE = {"default": {"max_body": "1GiB", "max_file": "1GiB"}}


async def streaming(sidecar, service, **route):
    return await Wire.open(await sidecar(service, routes=[{**ROUTE, **route}], policies=LARGE))


@pytest.mark.parametrize("body", ["canonical", "original"])
async def test_a_good_upload_arrives_whole(sidecar, service, body):
    data = bytes(range(256)) * 4000
    wire = await streaming(sidecar, service, body=body)
    sent = form(("title", None, None, b"x"), ("f", "a.dat", "application/octet-stream", data))
    assert (await wire.ask(post(sent))).status == 200
    request = service.requests[0]
    assert request.complete
    assert data in request.body
    assert (request.body == sent) is (body == "original")


async def test_the_service_has_the_beginning_while_the_client_still_sends(sidecar, service):
    begun = asyncio.Event()

    async def watch(reader, writer):
        request = Message(await reader.readuntil(b"\r\n\r\n"), b"", complete=False)
        service.note(request)
        await reader.readexactly(100_000)
        begun.set()
        tail = b""
        while not tail.endswith(b"\r\n0\r\n\r\n"):
            tail = tail[-7:] + await reader.read(65536)
        request.complete = True
        writer.write(OK)

    service.script = watch
    wire = await streaming(sidecar, service)
    whole = post(form(("f", "a.dat", None, b"x" * 1_000_000)))
    await wire.send(whole[:500_000])
    async with asyncio.timeout(10):
        await begun.wait()
    assert (await wire.ask(whole[500_000:])).status == 200


@pytest.mark.parametrize("body", ["canonical", "original"])
@pytest.mark.parametrize("end", [b"", b"\r\n--XBOUNDARYX\r\nbroken", b"\r\n--XBOUNDARYX--\r\n--XBOUNDARYX--\r\n"])
async def test_a_refused_upload_is_never_complete_at_the_service(sidecar, service, body, end):
    async def read(reader, writer):
        service.note(await read_message(reader))
        writer.write(OK)

    service.script = read
    wire = await streaming(sidecar, service, body=body)
    sent = form(("f", "a.dat", None, b"x" * 500_000))[: -len(b"\r\n--XBOUNDARYX--\r\n")] + end
    answer = await wire.ask(post(sent))
    assert answer.status == 400
    assert not (await service.next_request()).complete


async def test_a_file_that_is_refused_by_its_head_reaches_nobody(sidecar, service):
    wire = await streaming(sidecar, service)
    answer = await wire.ask(post(form(("f", "shell.php", None, PNG))))
    assert answer.status == 422
    assert service.complete_requests == []


async def test_a_small_file_that_is_refused_when_seen_whole_reaches_nobody(sidecar, service):
    wire = await streaming(sidecar, service)
    answer = await wire.ask(post(form(("f", "a.png", "image/png", PNG + b"<?php system($_GET[0]);"))))
    assert answer.status == 422
    assert service.connections == 0


async def test_a_second_file_that_is_refused_leaves_the_message_unterminated(sidecar, service):
    wire = await streaming(sidecar, service)
    body = form(("f", "a.dat", None, b"x" * 1_000_000), ("g", "shell.php", None, PNG))
    answer = await wire.ask(post(body))
    assert json.loads(answer.body)["code"] == "suffix_forbidden"
    request = await service.next_request()
    assert not request.complete
    assert b"shell.php" not in request.body


async def test_a_file_over_its_limit_is_cut_off(sidecar, service):
    wire = await Wire.open(
        await sidecar(service, routes=[ROUTE], policies={"default": {"max_file": "1MiB", "max_body": "1GiB"}})
    )
    answer = await wire.ask(post(form(("f", "a.dat", None, b"x" * 3_000_000))))
    assert answer.status == 413
    assert service.complete_requests == []


async def test_every_cut_of_the_body_arrives_alike(sidecar, service):
    port = await sidecar(service, routes=[ROUTE], policies=LARGE)
    whole = post(form(("title", None, None, b"x"), ("f", "a.png", "image/png", PNG)))
    for cut in range(len(whole) - 100, len(whole), 7):
        wire = await Wire.open(port)
        await wire.send(whole[:cut])
        await asyncio.sleep(0)
        assert (await wire.ask(whole[cut:])).status == 200
        await wire.close()
    digests = {hashlib.sha256(request.body.replace(boundary(request), b"B")).digest() for request in service.requests}
    assert len(digests) == 1


def boundary(request):
    return request.values("content-type")[0].partition(b"boundary=")[2]


@pytest.mark.parametrize("delivery", ["hold", "stream"])
async def test_of_a_path_from_the_root_the_service_gets_the_name_alone(sidecar, service, delivery):
    wire = await streaming(sidecar, service, delivery=delivery)
    sent = form(("f", "/storage/emulated/0/DCIM/a.dat", "application/octet-stream", b"b"))
    assert (await wire.ask(post(sent))).status == 200
    assert b'filename="a.dat"' in service.requests[0].body
    assert b"storage" not in service.requests[0].body


@pytest.mark.parametrize(
    "body",
    [
        b"preamble\r\n" + form(("a", None, None, b"b")),
        form(("a", None, None, b"b")) + b"epilogue",
        form(("f", "C:\\a.dat", None, b"b")),
        form(("f", "/photos/a.dat", None, b"b")),
        form(("f", "a.dat", "multipart/form-data", b"b")),
        form(("f", "trailing. ", None, b"b")),
        form(("f", None, None, b"x\n--XBOUNDARYX\r\n")),
        form(("f", None, None, b"x--XBOUNDARYX")),
        form(("f", None, None, b"XBOUNDARYX")),
        form(("f", "a.dat", 'a/b; x="XBOUNDARYX"', b"b")),
        form(("f", None, None, b"b")).replace(b"Content", b"CONTENT", 1),
        form(("f", None, None, b"b")).replace(b"Content", b"X-A: Content-Disposition: x\r\nContent", 1),
        form(("f", None, None, b"b")).replace(b'name="f"', b'filename="a.dat"; name="f"'),
    ],
)
@pytest.mark.parametrize("delivery", ["hold", "stream"])
async def test_original_refuses_what_parsers_read_differently(sidecar, service, body, delivery):
    wire = await streaming(sidecar, service, body="original", delivery=delivery)
    answer = await wire.ask(post(body))
    assert json.loads(answer.body)["code"] == "not_read_alike"
    assert service.complete_requests == []


async def test_original_refuses_a_boundary_in_the_data_however_it_is_cut(sidecar, service):
    port = await sidecar(service, routes=[{**ROUTE, "body": "original", "delivery": "hold"}])
    whole = post(form(("a", None, None, b"b"), ("f", None, None, b"x--XBOUNDARYX y")))
    for cut in range(len(whole) - 60, len(whole), 3):
        wire = await Wire.open(port)
        await wire.send(whole[:cut])
        await asyncio.sleep(0)
        assert json.loads((await wire.ask(whole[cut:])).body)["code"] == "not_read_alike"
        await wire.close()


@pytest.mark.parametrize(
    "boundary",
    [
        b'"a,b"',
        b"'BB'",  # Jetty 9 takes the quotes off, and finds the parts of another form within the data
        b"\"'BB'\"",
        b'"(c)BB"',
        b'"=?utf-8?b?QkI=?="',  # Python's email package decodes it
        b'"B:B"',  # Twisted takes the first delimiter for a header of the form
    ],
)
async def test_original_refuses_a_boundary_that_is_another_to_some(sidecar, service, boundary):
    wire = await streaming(sidecar, service, body="original", delivery="hold")
    body = form(("a", None, None, form(("f", "a.php", None, b"b"), boundary=b"BB")), boundary=boundary.strip(b'"'))
    answer = await wire.ask(post(body, boundary=boundary))
    assert json.loads(answer.body)["code"] == "not_read_alike"
    assert service.complete_requests == []


@pytest.mark.parametrize(
    "boundary",
    [
        b"----WebKitFormBoundary7MA4YWxkTrZu0gW",
        b"Boundary+0xAbCdEfGh",
        b'"----=_Part_1_1234.5678"',
        b'"=-a/b+c=="',
        b'"a_B-0.9"',
    ],
)
async def test_original_accepts_the_boundaries_that_clients_write(sidecar, service, boundary):
    wire = await streaming(sidecar, service, body="original", delivery="hold")
    sent = form(("a", None, None, b"b"), boundary=boundary.strip(b'"'))
    assert (await wire.ask(post(sent, boundary=boundary))).status == 200
    assert service.requests[0].body == sent


async def test_original_refuses_an_unusual_content_type(sidecar, service):
    wire = await streaming(sidecar, service, body="original", delivery="hold")
    answer = await wire.ask(post(form(("a", None, None, b"b"))).replace(b"; boundary=", b"; x=y; boundary="))
    assert json.loads(answer.body)["code"] == "not_read_alike"


async def test_original_held_arrives_byte_for_byte(sidecar, service):
    wire = await streaming(sidecar, service, body="original", delivery="hold")
    sent = form(("title", None, None, b"x"), ("f", "a.png", "image/png", PNG))
    assert (await wire.ask(post(sent, fields=b"Content-MD5: abc\r\n"))).status == 200
    assert service.requests[0].body == sent
    assert service.requests[0].values("content-md5") == [b"abc"]
