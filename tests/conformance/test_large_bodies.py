"""Large bodies go past the parser: whole, in order, and what stands behind them is a request of its own."""

import asyncio
import contextlib
import random

import pytest

from tests.faults.ways import ROUTES, WITH_BODY, request
from tests.wire import Wire, form, post

LARGE = {"default": {"max_body": "1GiB", "max_file": "1GiB"}}
SIZE = 3_000_000


async def wire_to(sidecar, service, **settings):
    return await Wire.open(await sidecar(service, routes=ROUTES, policies=LARGE, **settings))


@pytest.mark.parametrize("way", WITH_BODY)
@pytest.mark.parametrize("piece", [700, 300_000, 2 * SIZE])
async def test_a_request_behind_a_large_body_is_served_as_well(sidecar, service, way, piece):
    wire = await wire_to(sidecar, service)
    size = 400_000 if piece < SIZE // 10 else SIZE
    sent = request(way, size) + request("get", 0) + request(way, 1000) + request(way, size)
    answers = asyncio.ensure_future(_answers(wire, 4))
    for at in range(0, len(sent), piece):
        await wire.send(sent[at : at + piece])
    assert await answers == [200, 200, 200, 200]
    starts = [each.start.split()[0] for each in service.requests]
    assert starts == [b"POST", b"GET", b"POST", b"POST"]
    noise = bytes(range(255, -1, -1)) * (size // 256)
    assert noise in service.requests[0].body
    assert noise in service.requests[3].body


async def _answers(wire: Wire, count: int) -> list[int]:
    return [(await wire.read()).status for _ in range(count)]


async def test_a_client_that_sends_on_reads_why_its_large_upload_is_refused(sidecar, service):
    wire = await wire_to(sidecar, service)
    whole = post(form(("title", None, None, b"x" * 100_000), ("f", "shell.php", None, b"x" * SIZE)), target="/hold")
    sending = asyncio.ensure_future(wire.send(whole))
    answer = await wire.read()
    assert answer.status == 422
    assert not service.requests
    with contextlib.suppress(ConnectionError):
        await sending


@pytest.mark.parametrize("way", WITH_BODY)
async def test_a_client_may_ask_to_be_told_before_it_sends_a_large_body(sidecar, service, way):
    wire = await wire_to(sidecar, service)
    head, body = request(way, SIZE).split(b"\r\n\r\n", 1)
    await wire.send(head + b"\r\nExpect: 100-continue\r\n\r\n")
    assert (await wire.read(bodiless=True)).status == 100
    assert (await wire.ask(body)).status == 200
    assert len(service.complete_requests) == 1


@pytest.mark.parametrize("seed", range(8))
async def test_requests_of_all_sizes_in_one_stream_cut_anywhere_arrive_whole(sidecar, service, seed):
    chance = random.Random(seed)
    wire, way = await wire_to(sidecar, service), chance.choice(WITH_BODY)
    sizes = [chance.choice([0, 1000, 70_000, 300_000, 600_000, SIZE]) for _ in range(8)]
    sent = b"".join(request(way, size) if size else request("get", 0) for size in sizes)
    answers, at = asyncio.ensure_future(_answers(wire, len(sizes))), 0
    while at < len(sent):
        piece = chance.choice([1, 700, 5000, 65_536, 300_000, 1_000_000, 6_000_000])
        await wire.send(sent[at : at + piece])
        await asyncio.sleep(chance.choice([0, 0, 0.001, 0.005]))
        at += piece
    assert await answers == [200] * len(sizes)
    for size, received in zip(sizes, service.requests, strict=True):
        assert bytes(range(255, -1, -1)) * (size // 256) in received.body
