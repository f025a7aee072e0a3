"""Whatever an upload is called, and however it comes: a bad file never reaches the service, and a good one does."""

import gzip
from collections.abc import Callable

import pytest

from tests.conformance.asking import IMAGE, PHP, PICTURES, all_of, asked, chunked, code_of, raw
from tests.wire import Wire, form, post


def typed(*types: bytes, **options) -> Callable[[bytes], bytes]:
    return lambda body: raw(body, *(b"Content-Type: " + each for each in types), **options)


def wrong_boundary(body):
    return post(form(("f", "photo.png", "image/png", body))).replace(b"boundary=XB", b"boundary=YB")


NAMINGS = {
    "no type": (typed(), 200),
    "no type, POST": (typed(method="POST"), 200),
    "an empty type": (typed(b""), 200),
    "image/png": (typed(b"image/png"), 200),
    "IMAGE/PNG": (typed(b"IMAGE/PNG"), 200),
    "parameters": (typed(b'image/png; charset=binary; name="a b"'), 200),
    "octet-stream": (typed(b"application/octet-stream"), 200),
    "curl's default": (typed(b"application/x-www-form-urlencoded"), 200),
    "JSON": (typed(b"application/json", method="POST"), 415),
    "JSON in capitals": (typed(b"Application/JSON; charset=utf-8", method="POST"), 415),
    "text": (typed(b"text/plain"), 200),
    "a type that nobody knows": (typed(b"x-odd/x-odder"), 200),
    "half a type": (typed(b"image"), 200),
    "no type at all": (typed(b"/"), 400),
    "a wildcard": (typed(b"*/*"), 200),
    "two types": (typed(b"image/png", b"application/json"), 400),
    "a type after a comma": (typed(b"application/json, image/png"), 400),
    "a form without boundary": (typed(b"multipart/form-data", method="POST"), 400),
    "related": (typed(b"multipart/related; boundary=x", method="POST"), 415),
    "mixed": (typed(b"multipart/mixed; boundary=x", method="POST"), 415),
    "byteranges": (typed(b"multipart/byteranges; boundary=x"), 415),
    "a wrong boundary": (wrong_boundary, 400),
    "a method in a field": (lambda body: raw(body, b"X-HTTP-Method-Override: PUT", method="POST"), 200),
    "another method": (typed(b"image/png", method="DELETE"), 200),
    "a method of WebDAV": (typed(b"image/png", method="PROPFIND"), 200),
    "chunks": (lambda body: chunked(body, b"Content-Type: image/png"), 200),
    "chunks of JSON": (lambda body: chunked(body, b"Content-Type: application/json", method="POST"), 415),
    "gzip": (lambda body: raw(gzip.compress(body), b"Content-Encoding: gzip"), 415),
    "gzip as JSON": (
        lambda body: raw(gzip.compress(body), b"Content-Encoding: gzip", b"Content-Type: application/json"), 415,
    ),
    "a coding that is none": (lambda body: raw(body, b"Content-Encoding: identity"), 200),
    "a coding that nobody knows": (lambda body: raw(body, b"Content-Encoding: rot13"), 415),
    "a piece": (lambda body: raw(body, b"Content-Range: bytes 0-%d/999" % (len(body) - 1)), 400),
    "a tus piece": (lambda body: raw(body, b"Tus-Resumable: 1.0.0", b"Upload-Offset: 0", method="PATCH"), 400),
    "a form as a piece": (
        lambda body: post(form(("f", "a.png", None, body)), fields=b"Content-Range: bytes 0-1/2\r\n"), 400,
    ),
    "a form": (lambda body: post(form(("f", "photo", None, body))), 200),
    "a form as text": (lambda body: raw(form(("f", "a.png", None, body)), b"Content-Type: text/plain"), 415),
    "a form as urlencoded": (
        lambda body: raw(form(("f", "a", None, body)), b"Content-Type: application/x-www-form-urlencoded"), 415,
    ),
}  # fmt: skip


@pytest.mark.parametrize("delivery", ["hold", "stream"])
@pytest.mark.parametrize("naming", NAMINGS)
async def test_a_bad_file_never_reaches_the_service_and_a_good_one_does_or_is_told_why(
    sidecar, service, naming, delivery
):
    make, status = NAMINGS[naming]
    port = await sidecar(
        service, routes=[{"path": "/upload", "policy": "pictures", "delivery": delivery}], policies=PICTURES
    )
    refused = await (await Wire.open(port)).ask(make(PHP))
    assert 400 <= refused.status < 500
    assert code_of(refused)
    assert service.complete_requests == []
    service.requests.clear()
    answer = await (await Wire.open(port)).ask(make(IMAGE))
    assert answer.status == status
    assert [request.body.count(IMAGE) for request in service.complete_requests] == ([1] if status == 200 else [])


@pytest.mark.parametrize("naming", [naming for naming in NAMINGS if naming != "two types"])  # no head in any mode
async def test_monitor_counts_the_same_and_forwards_all(start, service, naming, monkeypatch):
    make, status = NAMINGS[naming]
    instance = await start(
        service, mode="monitor", routes=[{"path": "/upload", "policy": "pictures"}], policies=PICTURES
    )
    outcomes = []
    monkeypatch.setattr(instance.metrics, "observe", outcomes.append)
    port = int(instance.address.rpartition(":")[2])
    for number, body in enumerate((PHP, IMAGE)):
        assert (await (await Wire.open(port)).ask(make(body))).status == 200
        await all_of(outcomes, number + 1)  # told when its files were examined, which no client waits for
    bad, good = outcomes
    assert bad.upload
    assert (bad.verdict, bad.action) == ("bad", "forwarded")
    assert (good.upload, good.verdict, good.action) == (True, "clean" if status == 200 else "bad", "forwarded")
    assert good.verdict == "bad" or [(file.content_type, file.size) for file in good.files] == [
        ("image/png", len(IMAGE))
    ]


@pytest.mark.parametrize("mode", ["off", "monitor"])
async def test_a_raw_file_of_a_monitored_route_goes_byte_for_byte(sidecar, service, mode):
    request = chunked(PHP, b"Content-Type: image/png", b"Content-Encoding: gzip")
    assert (await asked(sidecar, service, request, mode=mode)).status == 200
    assert service.requests[0].body == PHP
    assert service.requests[0].values("content-encoding") == [b"gzip"]


async def test_a_request_that_no_route_names_is_not_touched(sidecar, service):
    request = raw(PHP, b"Content-Type: image/png", b"Content-Range: bytes 0-1/2", target="/elsewhere/x.php")
    assert (await asked(sidecar, service, request)).status == 200


@pytest.mark.parametrize("delivery", ["hold", "stream"])
async def test_a_chunked_file_gets_its_length_where_it_was_held(sidecar, service, delivery):
    assert (await asked(sidecar, service, chunked(IMAGE), delivery=delivery)).status == 200
    (sent,) = service.requests
    assert sent.body == IMAGE
    assert sent.values("content-length") == ([b"%d" % len(IMAGE)] if delivery == "hold" else [])


@pytest.mark.parametrize("delivery", ["hold", "stream"])
async def test_an_original_form_in_chunks_arrives_whole(sidecar, service, delivery):
    body = form(("f", "a.png", "image/png", IMAGE))
    request = chunked(body, b"Content-Type: multipart/form-data; boundary=XBOUNDARYX", method="POST", target="/upload")
    assert (await asked(sidecar, service, request, body="original", delivery=delivery)).status == 200
    assert service.requests[0].body == body


@pytest.mark.parametrize("most", [3, 1500])
async def test_the_policy_says_how_many_parts_a_form_may_have(sidecar, service, most):
    port = await sidecar(service, policies={"default": {"max_parts": most, "max_files": 1}})
    fields = [(f"f{number}", None, None, b"x") for number in range(most + 1)]
    assert (await (await Wire.open(port)).ask(post(form(*fields[:most])))).status == 200
    for many in (fields, fields * 3):
        answer = await (await Wire.open(port)).ask(post(form(*many)))
        assert (answer.status, code_of(answer)) == (413, "parts_over_limit")


async def test_the_limit_of_a_file_holds_for_a_raw_one(sidecar, service):
    answer = await asked(sidecar, service, chunked(b"x" * 2000), {"small": {"max_file": 1000, "max_body": 4000}})
    assert (answer.status, code_of(answer)) == (413, "file_too_large")


@pytest.mark.parametrize(
    "fields",
    [(b"Content-Range: bytes 0-9/99",), (b"Tus-Resumable: 1.0.0",), (b"Upload-Offset: 0",), (b"Upload-Complete: ?0",)],
)
async def test_pieces_pass_where_the_policy_says_so_and_are_counted(start, service, fields, monkeypatch):
    policies = {"pieces": {"bodies": {"partial": "forward"}}}
    instance = await start(service, routes=[{"path": "/upload", "policy": "pieces"}], policies=policies)
    outcomes = []
    monkeypatch.setattr(instance.metrics, "observe", outcomes.append)
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    assert (await wire.ask(raw(PHP, *fields, method="PATCH"))).status == 200
    assert [(each.upload, each.verdict, each.action) for each in await all_of(outcomes, 1)] == [
        (True, "not_inspected", "forwarded")
    ]


async def test_a_tus_upload_is_refused_at_its_creation(sidecar, service):
    request = raw(b"", b"Tus-Resumable: 1.0.0", b"Upload-Length: 99", method="POST")
    assert code_of(await asked(sidecar, service, request)) == "partial_upload"


async def test_a_form_that_calls_itself_a_piece_is_refused_even_where_pieces_pass(sidecar, service):
    request = post(form(("f", "a.php", None, PHP)), fields=b"Content-Range: bytes 0-1/2\r\n")
    answer = await asked(sidecar, service, request, {"pieces": {"bodies": {"partial": "forward"}}})
    assert code_of(answer) == "partial_upload"
