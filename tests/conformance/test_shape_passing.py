"""What is no file passes, where it is what it claims to be."""

import gzip

import pytest

from tests.conformance.asking import PICTURES, all_of, asked, chunked, code_of, raw
from tests.wire import Wire


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (b"application/json", b' {"a": "<?php"}'), (b"application/json", b"[1]"), (b"application/json", b"null"),
        (b"application/x-www-form-urlencoded", b"a=b&c=d"), (b"application/x-www-form-urlencoded", b'{"a": 1}'),
    ],
)  # fmt: skip
@pytest.mark.parametrize("delivery", ["hold", "stream"])
async def test_what_is_what_it_claims_passes_uncounted(start, service, content_type, body, delivery, monkeypatch):
    route = {"path": "/upload", "policy": "pictures", "delivery": delivery}
    instance = await start(service, routes=[route], policies=PICTURES)
    outcomes = []
    monkeypatch.setattr(instance.metrics, "observe", outcomes.append)
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    request = raw(body, b"Content-Type: " + content_type, method="POST", target="/upload/save.php")
    assert (await wire.ask(request)).status == 200
    assert service.requests[0].body == body
    assert [outcome.upload for outcome in await all_of(outcomes, 1)] == [False]


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        (b"application/json", b"{\\rtf1 }"), (b"application/json", b'{"a": "\0"}'), (b"application/json", b"12 <?php"),
        (b"application/json", b" " * 600 + b"<?php"), (b"application/json", b"%PDF-1.4"),
        (b"application/x-www-form-urlencoded", b"%PDF=1"), (b"application/x-www-form-urlencoded", b"\x7fELF=1"),
        (b"application/x-www-form-urlencoded", b"#!/bin/sh\n"), (b"application/json", b"\xff\xfe{\x00}\x00"),
    ],
)  # fmt: skip
async def test_what_only_claims_to_be_harmless_is_judged_as_a_file(sidecar, service, content_type, body):
    answer = await asked(sidecar, service, raw(body, b"Content-Type: " + content_type, method="POST"))
    assert answer.status == 415
    assert service.connections == 0


@pytest.mark.parametrize("coding", [None, b"gzip"])
async def test_the_first_512_bytes_bear_a_claim_out_however_many_arrive_with_them(sidecar, service, coding):
    body, fields = b"a=" + b"b" * 510 + b"\0", [b"Content-Type: application/x-www-form-urlencoded"]
    if coding:
        body, fields = gzip.compress(body), [*fields, b"Content-Encoding: gzip"]
    policies = {"pictures": {"files": {"types": ["image/*"]}, "bodies": {"encodings": ["gzip"]}}}
    assert (await asked(sidecar, service, raw(body, *fields, method="POST"), policies)).status == 200


async def test_an_empty_list_lets_nothing_pass_uninspected(sidecar, service):
    policies = {"pictures": {"files": {"types": ["image/*"]}, "bodies": {"uninspected": []}}}
    answer = await asked(sidecar, service, raw(b"{}", b"Content-Type: application/json"), policies)
    assert answer.status == 415


@pytest.mark.parametrize("make", [raw, chunked])
async def test_what_passes_is_bounded_too(sidecar, service, make):
    policies = {"small": {"max_body": 1000, "max_file": 1000, "max_field": 1000}}
    answer = await asked(
        sidecar, service, make(b'{"a": "' + b"x" * 2000 + b'"}', b"Content-Type: application/json"), policies
    )
    assert (answer.status, code_of(answer)) == (413, "body_too_large")
    assert service.complete_requests == []


@pytest.mark.parametrize(
    "text", [b"--", b"-----BEGIN PGP MESSAGE-----\n\nabc\n", b"---\nname: x\n", b"-- SQL\n\nselect 1;\n"]
)
async def test_text_that_begins_with_dashes_is_no_form(sidecar, service, text):
    assert (await asked(sidecar, service, raw(text, b"Content-Type: text/plain"), {"any": {}})).status == 200


@pytest.mark.parametrize(
    ("method", "target"),
    [
        ("PATCH", "/upload/alice@example.com"), ("PATCH", "/upload/jan@onet.pl"), ("PATCH", "/upload/bob@site.zip"),
        ("PATCH", "/upload/example.sh"), ("POST", "/upload/jan@onet.pl"), ("DELETE", "/upload/jan@onet.pl"),
        ("PUT", "/upload/alice@example.com"), ("PUT", "/upload/example.com"), ("PUT", "/upload/example.so"),
        ("PUT", "/upload/j.doe@example.de"), ("PUT", "/upload/v1.0"),
    ],
)  # fmt: skip
async def test_json_about_a_person_or_a_host_is_no_file_of_that_name(sidecar, service, method, target):
    request = raw(b'{"name": "Alice"}', b"Content-Type: application/json", method=method, target=target)
    assert (await asked(sidecar, service, request)).status == 200


@pytest.mark.parametrize(
    ("target", "override"),
    [
        ("/upload/x@y.php", b""), ("/upload/x.pl", b""), ("/upload/x.com.php", b""), ("/upload/x.jar", b""),
        ("/upload/x@y.php", b"PUT"), ("/upload/x.html", b"PUT"),
    ],
)  # fmt: skip
async def test_json_that_a_put_gives_the_name_of_a_script_is_a_file(sidecar, service, target, override):
    fields = (b"Content-Type: application/json", b"X-HTTP-Method-Override: " + override)
    request = raw(b'{"a": 1}', *fields, method="PATCH" if override else "PUT", target=target)
    assert code_of(await asked(sidecar, service, request)) == "suffix_forbidden"


@pytest.mark.parametrize("target", ["/upload/alice@example.com", "/upload/x.exe"])
async def test_what_is_no_text_has_the_name_of_its_path_whatever_its_type_says(sidecar, service, target):
    request = raw(b"MZ\x90\0", b"Content-Type: application/json", target=target)
    assert code_of(await asked(sidecar, service, request)) == "suffix_forbidden"


PROPFIND = b'<?xml version="1.0" encoding="utf-8"?><D:propfind xmlns:D="DAV:"><D:allprop/></D:propfind>'


@pytest.mark.parametrize("method", ["PROPFIND", "PROPPATCH", "LOCK", "REPORT", "SEARCH", "MKCOL"])
@pytest.mark.parametrize("content_type", [b"application/xml", b'text/xml; charset="utf-8"'])
@pytest.mark.parametrize("target", ["/upload/photo.png", "/upload/z.php", "/upload/"])
async def test_xml_about_a_file_is_no_file(sidecar, service, method, content_type, target):
    request = raw(PROPFIND, b"Content-Type: " + content_type, method=method, target=target)
    assert (await asked(sidecar, service, request)).status == 200
    assert service.requests[0].body == PROPFIND


@pytest.mark.parametrize(
    ("method", "body", "fields"),
    [
        ("PUT", PROPFIND, ()), ("POST", PROPFIND, ()),
        ("PROPFIND", b"MZ\x90\0", ()), ("PROPFIND", b"#!/bin/sh\n", ()), ("PROPFIND", b"%PDF-1.4", ()),
        ("PROPFIND", PROPFIND, (b"X-HTTP-Method-Override: PUT",)), ("POST", PROPFIND, (b"X-HTTP-Method: PROPFIND",)),
        ("PROPFIND", PROPFIND, (b"X-Filename: a.txt",)),
    ],
)  # fmt: skip
async def test_xml_that_any_method_uploads_is_a_file(sidecar, service, method, body, fields):
    request = raw(body, b"Content-Type: application/xml", *fields, method=method)
    assert (await asked(sidecar, service, request)).status == 415
    assert service.connections == 0
