"""A measuring rod must do what it says it measures: what goes through it arrives, held or while it is read."""

import asyncio
import contextlib
import functools
import random
import sys

import pytest

from bench.bare_proxy import BUFFER, IN_MEMORY, WINDOW
from tests.wire import OK, PATIENCE, Wire, form, post

SIZES = (0, 10_000, BUFFER, 100_000, IN_MEMORY, 3 * WINDOW + 17, 10_000_000)
GET = b"GET /health HTTP/1.1\r\nHost: a\r\n\r\n"


@contextlib.asynccontextmanager
async def bare(service, *flags):
    """A bare proxy as the bench starts it; gives its port."""
    command = (sys.executable, "-m", "bench.bare_proxy", "0", str(service.port), *flags)
    process = await asyncio.create_subprocess_exec(*command, stdout=asyncio.subprocess.PIPE)
    try:
        async with asyncio.timeout(PATIENCE):
            yield int(await process.stdout.readline())
    finally:
        process.kill()
        await process.communicate()


@pytest.mark.parametrize("flags", [(), ("--no-digest",), ("--stream",)], ids=" ".join)
async def test_requests_of_every_size_arrive_as_they_were_sent_one_after_the_other(service, flags, tmp_path):
    requests = [post(form(("file", "a.png", "image/png", random.Random(size).randbytes(size)))) for size in SIZES]
    requests += [GET, *requests]
    async with bare(service, "--spool", str(tmp_path), *flags) as port:
        wire = await Wire.open(port)
        answers = [await wire.ask(request) for request in requests]
    assert [answer.body for answer in answers] == [b"ok"] * len(requests)
    assert [message.head + message.body for message in service.requests] == requests
    assert service.connections == 1


@pytest.mark.parametrize("flags", [(), ("--stream",)], ids=" ".join)
async def test_many_at_once_do_not_mix(service, flags, tmp_path):
    requests = [post(form(("file", "a", None, bytes([at]) * size))) for at in range(4) for size in SIZES]
    async with bare(service, "--spool", str(tmp_path), *flags) as port:
        wires = [await Wire.open(port) for _ in requests]
        await asyncio.gather(*(wire.ask(request) for wire, request in zip(wires, requests, strict=True)))
    assert sorted(message.head + message.body for message in service.requests) == sorted(requests)


async def test_a_request_that_arrives_byte_by_byte_is_whole_in_the_end(service):
    request = post(form(("file", "a.txt", None, b"content")))
    async with bare(service) as port:
        wire = await Wire.open(port)
        for at in range(len(request)):
            await wire.send(request[at : at + 1])
        assert (await wire.read()).status == 200
    assert (await service.next_request()).body == request.partition(b"\r\n\r\n")[2]


async def began(reader, writer, heads):
    heads.append(await reader.readuntil(b"\r\n\r\n"))
    writer.write(OK)
    await reader.read()


@pytest.mark.parametrize(("flags", "before"), [((), 0), (("--stream",), 1)], ids=["held", "streamed"])
async def test_only_a_streamed_request_begins_at_the_service_before_it_has_ended(service, flags, before, tmp_path):
    heads = []
    service.script = functools.partial(began, heads=heads)
    async with bare(service, "--spool", str(tmp_path), *flags) as port:
        wire = await Wire.open(port)
        await wire.send(post(form(("file", "a.bin", None, bytes(32 << 20))))[:-1])  # more than sockets can keep
        assert (await (await Wire.open(port)).ask(GET)).status == 200
    assert len(heads) == before + 1
