"""The service answers before it has the whole request: what it has in the end, what the client sees, what is told."""

import asyncio
import contextlib
from dataclasses import dataclass, field

import pytest

from sidecar.proxy.sockets.closing import reset
from tests.faults.ways import AS_IT_ARRIVES, WITH_BODY, request
from tests.wire import Message, Wire, read_message

ACCEPTED = b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok"
ELSEWHERE = b"HTTP/1.1 303 See Other\r\nLocation: /a\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n"
LAST = ACCEPTED.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")
REFUSED = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 2\r\n\r\nno"
LARGE = 12_000_000
"""More than the kernel takes for a service that does not read."""


@dataclass
class Hasty:
    """A service's script: it answers behind the head, and does the rest when it is told to."""

    answer: bytes
    then: str = "reads"
    may_go_on: asyncio.Event = field(default_factory=asyncio.Event)
    request: asyncio.Future[Message] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection."""
        message = Message(await reader.readuntil(b"\r\n\r\n"), b"", complete=False)
        writer.write(self.answer)
        await self.may_go_on.wait()
        if self.then == "resets":
            reset(writer.transport)
            return
        again = asyncio.StreamReader()
        again.feed_data(message.head)
        reading = asyncio.ensure_future(read_message(again))
        with contextlib.suppress(ConnectionError):
            while more := await reader.read(1 << 16):
                again.feed_data(more)
                await asyncio.sleep(0)
                if reading.done():
                    break
        again.feed_eof()
        self.request.set_result(await reading)
        writer.close()

    async def has(self) -> Message:
        """What it has of the request, whole or cut."""
        async with asyncio.timeout(10):
            return await self.request


async def _answered(stage, way: str, hasty: Hasty) -> tuple[Wire, Message, bytes]:
    """The answer, which arrives before the service reads on, and what a client that is heard as it sends withholds."""
    stage.service.script = hasty
    sent, wire = request(way, LARGE), await Wire.open(stage.port)
    half = len(sent) // 100 if way in AS_IT_ARRIVES else len(sent)
    await wire.send(sent[:half])
    return wire, await wire.read(), sent[half:]


@pytest.mark.parametrize("answer", [ACCEPTED, ELSEWHERE], ids=["accepted", "elsewhere"])
@pytest.mark.parametrize("way", WITH_BODY)
async def test_a_service_that_accepts_before_it_has_read_the_request_gets_all_of_it(stage, way, answer):
    stage, hasty = await stage(upstream={"reuse": "reads"}), Hasty(answer)
    wire, seen, withheld = await _answered(stage, way, hasty)
    assert (seen.status, seen.body) == (int(answer[9:12]), b"ok")
    assert not seen.values("connection")
    hasty.may_go_on.set()
    await wire.send(withheld)
    assert (await hasty.has()).complete
    line = await stage.logged()
    assert "error" not in line
    assert line["forwarded"] >= LARGE - 256
    await stage.honest(way, wire)
    await wire.close()
    await stage.nothing_is_left()


async def test_a_client_that_sends_chunks_is_not_told_to_stop_by_an_answer_that_accepts(stage):
    """The connection is closed in the end; curl would stop sending where the answer said so."""
    stage, hasty = await stage(upstream={"reuse": "reads"}), Hasty(ACCEPTED)
    stage.service.script = hasty
    hasty.may_go_on.set()
    wire = await Wire.open(stage.port)
    answer = await wire.ask(b"POST / HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n")
    assert not answer.values("connection")
    await wire.send(b"1\r\nb\r\n0\r\n\r\n")
    assert (await hasty.has()).body == b"ab"
    assert await wire.read_to_end() == b""
    await wire.close()
    await stage.nothing_is_left()


async def test_a_client_that_leaves_with_such_an_answer_has_its_whole_request_delivered(stage):
    stage, hasty = await stage(), Hasty(ACCEPTED)
    wire, _, _ = await _answered(stage, "hold", hasty)
    (connection,) = stage.instance._server._connections.open
    reset(wire.writer.transport)
    async with asyncio.timeout(10):
        while connection.transport is not None:
            await asyncio.sleep(0.005)
    hasty.may_go_on.set()
    assert (await hasty.has()).complete
    assert "error" not in await stage.logged()
    await stage.nothing_is_left()


@pytest.mark.parametrize(("answer", "then"), [(LAST, "reads"), (ACCEPTED, "resets")], ids=["says so", "resets"])
@pytest.mark.parametrize("way", WITH_BODY)
async def test_a_service_that_accepts_and_closes_before_it_has_the_request_is_told_of(stage, way, answer, then):
    stage, hasty = await stage(), Hasty(answer, then)
    wire, seen, withheld = await _answered(stage, way, hasty)
    assert (seen.status, seen.body) == (202, b"ok")
    hasty.may_go_on.set()
    with contextlib.suppress(ConnectionError):
        await wire.send(withheld)
    line = await stage.logged()
    assert (line["status"], line["error"]) == (202, "upstream_closed")
    assert stage.metric('upstream_errors_total{reason="upstream_closed"}') == 1
    assert then == "resets" or not (await hasty.has()).complete
    await wire.close()
    await stage.nothing_is_left()


@pytest.mark.parametrize("way", WITH_BODY)
async def test_a_service_that_accepts_and_never_reads_on_is_told_of(stage, way):
    stage, hasty = await stage(upstream={"write_timeout": "300ms"}), Hasty(ACCEPTED)
    wire, seen, withheld = await _answered(stage, way, hasty)
    assert seen.status == 202
    wire.writer.write(withheld)
    assert (await stage.logged())["error"] == "upstream_stalled"
    assert stage.metric('upstream_errors_total{reason="upstream_stalled"}') == 1
    hasty.may_go_on.set()
    assert not (await hasty.has()).complete
    await wire.close()
    await stage.nothing_is_left()


@pytest.mark.parametrize("way", WITH_BODY)
async def test_a_service_that_refuses_before_it_has_read_the_request_gets_no_more_of_it(stage, way):
    stage, hasty = await stage(), Hasty(REFUSED)
    wire, seen, _ = await _answered(stage, way, hasty)
    assert (seen.status, seen.body) == (413, b"no")
    hasty.may_go_on.set()
    assert not (await hasty.has()).complete
    assert "error" not in await stage.logged()
    await wire.close()
    await stage.nothing_is_left()
