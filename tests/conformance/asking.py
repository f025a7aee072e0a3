"""Uploads of every shape, and asking with them."""

import asyncio
import json

from tests.inspection.samples import png
from tests.wire import Wire

PHP = b"<?php system($_GET[0]); ?>"
IMAGE = png()
PICTURES = {"pictures": {"files": {"types": ["image/*"]}}}
ALL_CODINGS = ["gzip", "deflate", "br", "zstd"]


def raw(body, *fields, method="PUT", target="/upload/photo", framing=None):
    """A request whose body is a file."""
    lines = [f"{method} {target} HTTP/1.1".encode(), b"Host: service.test", *fields]
    lines.append(b"Content-Length: %d" % len(body) if framing is None else framing)
    return b"\r\n".join([*lines, b"", b""]) + body


def chunked(body, *fields, **options):
    middle = b"".join(b"%x\r\n%b\r\n" % (len(body[at : at + 7]), body[at : at + 7]) for at in range(0, len(body), 7))
    return raw(middle + b"0\r\n\r\n", *fields, framing=b"Transfer-Encoding: chunked", **options)


async def asked(sidecar, service, request, policies=PICTURES, **route):
    name = next(iter(policies))
    port = await sidecar(service, routes=[{"path": "/upload", "policy": name, **route}], policies=policies)
    return await (await Wire.open(port)).ask(request)


async def all_of(outcomes, number):
    """The outcomes of so many exchanges; an answer can be read before its exchange is told."""
    async with asyncio.timeout(10):
        while len(outcomes) < number:
            await asyncio.sleep(0.001)
    return outcomes


def code_of(answer):
    return json.loads(answer.body)["code"]
