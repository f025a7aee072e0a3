"""A file without a file name (RFC 7578, section 4.2), as curl sends `-F 'f=<a.png;type=image/png'`."""

import json

import pytest

from tests.inspection.samples import png
from tests.wire import Wire, post

TYPES = ["image/png", "application/octet-stream", "application/http"]
WAYS = [(delivery, body) for delivery in ("hold", "stream") for body in ("canonical", "original")]


def nameless(content_type, data):
    head = b'--XBOUNDARYX\r\nContent-Disposition: form-data; name="%b"'
    field = head % b"title" + b"\r\n\r\nholiday\r\n"
    file = head % b"f" + b"\r\nContent-Type: " + content_type.encode() + b"\r\n\r\n" + data + b"\r\n"
    return field + file + file.replace(b'"f"', b'"g"') + b"--XBOUNDARYX--\r\n"


async def sent(sidecar, service, delivery, body, content):
    port = await sidecar(service, routes=[{"path": "/upload", "delivery": delivery, "body": body}])
    return await (await Wire.open(port)).ask(post(content))


@pytest.mark.parametrize("content_type", TYPES)
@pytest.mark.parametrize(("delivery", "body"), WAYS)
async def test_it_arrives_whole_and_nameless(sidecar, service, delivery, body, content_type):
    answer = await sent(sidecar, service, delivery, body, nameless(content_type, png()))
    assert answer.status == 200
    assert service.requests[0].body.count(b"\r\nContent-Type: %b\r\n\r\n%b" % (content_type.encode(), png())) == 2
    assert b"filename" not in service.requests[0].body


@pytest.mark.parametrize("body", ["canonical", "original"])
async def test_it_is_examined_as_any_file(sidecar, service, body):
    answer = await sent(sidecar, service, "hold", body, nameless("image/png", png() + b"<?php system($_GET[0]); ?>"))
    assert answer.status == 422
    assert json.loads(answer.body)["code"] == "image_trailing_data"
    assert service.requests == []
