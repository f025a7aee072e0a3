"""Beyond its caps the sidecar says no at once, and serves again as soon as there is room."""

import asyncio
import contextlib
import json

import pytest

from tests.waiting import until
from tests.wire import PNG, Wire, form, post

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
GOOD = post(form(("a", "a.png", "image/png", PNG)))


async def crowd(port, number):
    return [await Wire.open(port) for _ in range(number)]


def shed(instance, reason):
    line = f'upload_sidecar_requests_shed_total{{reason="{reason}"}} '
    return float(instance.metrics.render()[0].decode().partition(line)[2].split("\n", 1)[0])


@pytest.fixture
async def small(start, service):
    """An instance that takes three connections on; its port."""
    instance = await start(service, overload={"max_connections": 3, "max_uploads": 2, "retry_after": "1500ms"})
    return instance, int(instance.address.rpartition(":")[2])


async def test_one_connection_too_many_is_answered_503_before_it_says_anything(small):
    instance, port = small
    held = await crowd(port, 3)
    answer = await (await Wire.open(port)).read()
    assert (answer.status, json.loads(answer.body)["code"]) == (503, "too_many_connections")
    assert answer.values("retry-after") == [b"2"]
    assert answer.values("connection") == [b"close"]
    assert shed(instance, "too_many_connections") == 1
    assert (await held[0].ask(GET)).status == 200


async def test_a_client_that_was_turned_away_reads_why_though_it_is_sending(small):
    _, port = small
    await crowd(port, 3)
    wire = await Wire.open(port)
    with contextlib.suppress(ConnectionError):
        await wire.send(GOOD + b"x" * 1_000_000)
    assert (await wire.read()).status == 503


async def test_it_serves_again_at_once_when_a_connection_has_gone(small):
    instance, port = small
    held = await crowd(port, 3)
    assert (await (await Wire.open(port)).read()).status == 503
    await held[0].close()
    await until(lambda: instance._admission.connections == 2)
    assert (await (await Wire.open(port)).ask(GET)).status == 200


async def test_a_flood_is_turned_away_and_service_is_back_once_it_has_gone(small, monkeypatch):
    monkeypatch.setattr("sidecar.proxy.downstream.gate.FAREWELL", 60)
    instance, port = small
    held = await crowd(port, 3)
    flood = await asyncio.gather(*(Wire.open(port) for _ in range(300)))
    answers = await asyncio.gather(*(wire.read() for wire in flood))
    assert {answer.status for answer in answers} == {503}
    assert (await held[0].ask(GET)).status == 200
    for wire in (*held, *flood):
        wire.reset()
    await until(lambda: instance._admission.connections == 0)
    assert (await (await Wire.open(port)).ask(GET)).status == 200


async def test_one_upload_too_many_is_refused_and_other_requests_pass(small, service):
    instance, port = small
    first, second, third = await crowd(port, 3)
    await first.send(GOOD[:-10])
    await second.send(GOOD[:-10])
    await until(lambda: instance._admission.uploads == 2)
    answer = await third.ask(GOOD)
    assert (answer.status, json.loads(answer.body)["code"]) == (503, "too_many_uploads")
    assert json.loads(answer.body)["retry"] == "safe"
    assert answer.values("retry-after") == [b"2"]
    assert shed(instance, "too_many_uploads") == 1
    assert (await first.ask(GOOD[-10:])).status == 200
    assert (await first.ask(GOOD)).status == 200
    assert (await second.ask(GOOD[-10:])).status == 200


async def test_in_monitor_one_upload_too_many_is_forwarded_and_counted_as_not_inspected(start, service):
    instance = await start(service, mode="monitor", overload={"max_uploads": 1})
    port = int(instance.address.rpartition(":")[2])
    first, second = await crowd(port, 2)
    await first.send(GOOD[:-10])
    await until(lambda: instance._admission.uploads == 1)
    assert (await second.ask(GOOD)).status == 200
    assert instance.metrics.totals().uploads["not_inspected", "forwarded"] == 1
    assert (await first.ask(GOOD[-10:])).status == 200


async def test_many_small_uploads_share_the_memory_and_the_rest_waits_in_files(start, service):
    spool = {"max_memory": "300KiB", "memory": "1MiB"}
    instance = await start(service, spool=spool)
    port = int(instance.address.rpartition(":")[2])
    request = post(form(("a", "a.dat", None, b"x" * 100_000)))
    wires = await crowd(port, 10)
    for wire in wires:
        await wire.send(request[:-10])
    await until(lambda: instance._room.used >= 10 * 100_000)
    await until(lambda: instance._room.in_memory < 500_000)  # what a thread is still writing counts as memory
    for wire in wires:
        assert (await wire.ask(request[-10:])).status == 200
    assert (instance._room.used, instance._room.in_memory) == (0, 0)


async def test_caps_are_those_in_force(small, tmp_path):
    instance, port = small
    path = tmp_path / "sidecar-0.yaml"
    path.write_text(path.read_text().replace('"max_connections": 3', '"max_connections": 4'))
    instance.live.poll()
    await crowd(port, 3)
    assert (await (await Wire.open(port)).ask(GET)).status == 200
