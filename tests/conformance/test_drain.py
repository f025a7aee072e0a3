"""A drain ends nothing that is under way, and undoes itself where nobody stops the process."""

import asyncio
import json

import aiohttp
import pytest

from tests.waiting import until
from tests.wire import OK, PNG, Wire, form, post, read_message

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
GOOD = post(form(("a", "a.png", "image/png", PNG)))


class Drained:
    """An instance with a drain port, in front of a service that answers when the test says so."""

    def __init__(self, instance, release):
        self.instance = instance
        self.release = release
        self.port = int(instance.address.rpartition(":")[2])

    async def ask(self, path="/drain", method="GET"):
        url = f"http://{self.instance.operators.drain_address}{path}"
        async with aiohttp.ClientSession() as session, session.request(method, url) as answer:
            return answer.status, json.loads(await answer.read())

    async def ready(self):
        url = f"http://{self.instance.operators.admin_address}/readyz"
        async with aiohttp.ClientSession() as session, session.get(url) as answer:
            return answer.status, json.loads(await answer.read())["reasons"]

    def has_head(self):
        return any(each.is_in_head for each in self.instance._server._connections.open)

    def gauge(self, name):
        line = f"\nupload_sidecar_{name} "
        return float(self.instance.metrics.render()[0].decode().partition(line)[2].split("\n", 1)[0])


@pytest.fixture
def serving(start, service):
    async def make(**drain):
        release = asyncio.Event()

        async def slow(reader, writer):
            while await read_message(reader):
                await release.wait()
                writer.write(OK)

        service.script = slow
        settings = {"listen": "127.0.0.1:0", "accept_for": "0s", "timeout": "5s", **drain}
        return Drained(await start(service, drain=settings), release)

    return make


async def test_with_nothing_under_way_the_answer_comes_at_once(serving):
    drained = await serving()
    assert await drained.ask() == (200, {"status": "drained", "in_flight": 0})


async def test_the_answer_waits_for_what_is_under_way_which_ends_whole(serving, service):
    drained = await serving()
    wire = await Wire.open(drained.port)
    await wire.send(GOOD)
    await service.connected.wait()
    asking = asyncio.ensure_future(drained.ask())
    await until(lambda: drained.instance._drain.under_way)
    assert not asking.done()
    assert await drained.ready() == (503, ["this instance is draining"])
    assert (drained.gauge("draining"), drained.gauge("ready")) == (1, 0)
    drained.release.set()
    answer = await wire.read()
    assert answer.status == 200
    assert answer.values("connection") == [b"close"]
    assert await asking == (200, {"status": "drained", "in_flight": 0})


async def test_new_connections_are_served_all_the_while_and_not_kept(serving):
    drained = await serving()
    drained.release.set()
    await drained.ask()
    wire = await Wire.open(drained.port)
    answer = await wire.ask(GET)
    assert (answer.status, answer.values("connection")) == (200, [b"close"])
    assert await wire.read_to_end() == b""


async def test_an_idle_connection_is_closed(serving):
    drained = await serving()
    drained.release.set()
    wire = await Wire.open(drained.port)
    assert (await wire.ask(GET)).status == 200
    await drained.ask()
    assert await wire.read_to_end() == b""


async def test_a_request_whose_head_is_on_its_way_is_served_and_waited_for(serving):
    drained = await serving()
    drained.release.set()
    wire, silent = await Wire.open(drained.port), await Wire.open(drained.port)
    await wire.send(GOOD[:60])
    await until(drained.has_head)
    asking = asyncio.ensure_future(drained.ask())
    assert await silent.read_to_end() == b""  # what has said nothing is closed
    assert not asking.done()
    answer = await wire.ask(GOOD[60:])
    assert (answer.status, answer.values("connection")) == (200, [b"close"])
    assert await asking == (200, {"status": "drained", "in_flight": 0})


async def test_a_request_that_nobody_has_read_yet_is_served(serving):
    drained = await serving()
    drained.release.set()
    wire = await Wire.open(drained.port)
    assert (await wire.ask(GET)).status == 200
    wire.writer.write(GET)
    drained.instance._server.close_idle()
    assert (await wire.read()).status == 200


async def test_a_head_that_does_not_end_keeps_nobody_longer_than_the_drain(serving):
    drained = await serving(timeout="200ms")
    wire = await Wire.open(drained.port)
    await wire.send(GOOD[:60])
    await until(drained.has_head)
    assert await drained.ask() == (200, {"status": "drained", "in_flight": 0})


async def test_a_connection_in_use_is_told_that_it_ends_before_idle_ones_are_closed(serving):
    drained = await serving(accept_for="30s")
    drained.release.set()
    busy, idle = await Wire.open(drained.port), await Wire.open(drained.port)
    assert (await idle.ask(GET)).values("connection") == []
    asking = asyncio.ensure_future(drained.ask())
    await until(lambda: drained.instance._drain.under_way)
    assert (await busy.ask(GET)).values("connection") == [b"close"]
    assert (await idle.ask(GET)).values("connection") == [b"close"]
    asking.cancel()


async def test_when_time_is_up_the_answer_says_how_much_is_left(serving, service):
    drained = await serving(timeout="100ms")
    wire = await Wire.open(drained.port)
    await wire.send(GOOD)
    await service.connected.wait()
    assert await drained.ask() == (200, {"status": "timeout", "in_flight": 1})
    drained.release.set()
    assert (await wire.read()).status == 200


async def test_those_who_ask_share_one_drain(serving, service):
    drained = await serving()
    wire = await Wire.open(drained.port)
    await wire.send(GET)
    await service.connected.wait()
    asking = [asyncio.ensure_future(drained.ask()) for _ in range(3)]
    await until(lambda: drained.instance._drain.under_way)
    drained.release.set()
    assert await asyncio.gather(*asking) == [(200, {"status": "drained", "in_flight": 0})] * 3


async def test_a_drain_that_was_asked_for_is_not_begun_again_by_the_stop(serving):
    drained = await serving()
    assert (await drained.ask())[0] == 200
    async with asyncio.timeout(10):
        assert await drained.instance._drain.stop(accept_for=60) == 0


async def test_who_asks_and_leaves_does_not_end_the_drain(serving, service):
    drained = await serving()
    wire = await Wire.open(drained.port)
    await wire.send(GET)
    await service.connected.wait()
    first = asyncio.ensure_future(drained.ask())
    await until(lambda: drained.instance._drain.under_way)
    first.cancel()
    await asyncio.wait({first})
    second = asyncio.ensure_future(drained.ask())
    drained.release.set()
    assert (await second)[1]["status"] == "drained"


async def test_an_instance_that_is_not_stopped_serves_on_after_the_lease(serving):
    drained = await serving(lease="200ms", timeout="100ms")
    drained.release.set()
    await drained.ask()
    assert (await drained.ready())[0] == 503
    await until(lambda: not drained.instance._drain.under_way)
    assert await drained.ready() == (200, [])
    wire = await Wire.open(drained.port)
    assert (await wire.ask(GET)).values("connection") == []
    assert (await wire.ask(GET)).status == 200


async def test_only_drain_is_offered_there(serving):
    drained = await serving()
    assert (await drained.ask("/metrics"))[0] == 404
    assert (await drained.ask(method="DELETE"))[0] == 405
    assert not drained.instance._drain.under_way


async def test_by_default_nobody_can_ask(start, service):
    assert (await start(service)).operators.drain_address == ""
