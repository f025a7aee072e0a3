"""SIGTERM: readiness first, then no new connections, and everything under way to its end."""

import asyncio
import signal

import pytest

from tests.e2e.test_run import get
from tests.wire import OK, PNG, Wire, form, post, read_message

GOOD = post(form(("a", "a.png", "image/png", PNG)))
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


async def test_readiness_fails_while_new_connections_are_still_served(run, config):
    sidecar = await run(config(drain={"accept_for": "1s"}))
    sidecar.signal(signal.SIGTERM)
    await sidecar.logged("draining")
    assert (await get(sidecar.admin_port, "/readyz"))[0] == 503
    assert (await (await Wire.open(sidecar.port)).ask(GET)).status == 200
    assert await sidecar.ended() == 0
    with pytest.raises(ConnectionRefusedError):
        await Wire.open(sidecar.port)


async def test_a_hundred_uploads_under_way_all_arrive(run, config, service):
    sidecar = await run(config())
    wires = [await Wire.open(sidecar.port) for _ in range(100)]
    for wire in wires:
        await wire.send(GOOD[:-20])
    async with asyncio.timeout(10):
        while "requests_in_flight 100.0" not in (await get(sidecar.admin_port, "/metrics"))[1]:
            await asyncio.sleep(0.02)
    sidecar.signal(signal.SIGTERM)
    await sidecar.logged("draining")
    answers = await asyncio.gather(*(wire.ask(GOOD[-20:]) for wire in wires))
    assert {answer.status for answer in answers} == {200}
    assert {tuple(answer.values("connection")) for answer in answers} == {(b"close",)}
    assert await sidecar.ended() == 0
    assert len(service.complete_requests) == 100


async def test_what_takes_longer_than_the_timeout_is_cut_and_the_exit_code_tells(run, config, service):
    async def never(reader, writer):
        await reader.read()

    service.script = never
    sidecar = await run(config(drain={"accept_for": 0, "timeout": "200ms"}))
    wire = await Wire.open(sidecar.port)
    await wire.send(GOOD)
    await service.connected.wait()
    sidecar.signal(signal.SIGTERM)
    assert await sidecar.ended() == 3


async def test_a_signal_behind_a_drain_that_was_asked_for_ends_it_cleanly(run, config, service):
    """The order of a pod's end: preStop of the service asks, then the sidecar gets SIGTERM."""
    released = asyncio.Event()

    async def slow(reader, writer):
        await read_message(reader)
        await released.wait()
        writer.write(OK)

    service.script = slow
    sidecar = await run(config(drain={"listen": "127.0.0.1:0", "accept_for": "1s", "timeout": "10s"}))
    wire = await Wire.open(sidecar.port)
    await wire.send(GOOD)
    await service.connected.wait()
    asking = asyncio.ensure_future(get(sidecar.drain_port, "/drain"))
    await asyncio.sleep(1.1)  # accept_for of the first drain
    assert not asking.done()
    released.set()
    assert (await wire.read()).status == 200
    status, text = await asking
    assert (status, '"drained"' in text) == (200, True)
    sidecar.signal(signal.SIGTERM)
    assert await sidecar.ended() == 0
