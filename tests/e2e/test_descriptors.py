"""Without descriptors the sidecar neither spins nor falls, and serves again once there are some."""

import asyncio
import contextlib
import json
import os
import resource
from pathlib import Path

from tests.descriptors import open_descriptors
from tests.wire import Wire

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def cpu_seconds(sidecar) -> float:
    fields = Path(f"/proc/{sidecar.pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def limit(sidecar, number: int) -> None:
    _, hard = resource.prlimit(sidecar.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(sidecar.pid, resource.RLIMIT_NOFILE, (number, hard))


async def serves(port: int) -> bool:
    wire = await Wire.open(port)
    with contextlib.suppress(ConnectionError):
        answer = await wire.ask(GET)
        return answer is not None and answer.status == 200
    return False


async def test_no_descriptor_for_a_client_costs_no_processor_and_passes(run, config, service):
    sidecar = await run(config())
    limit(sidecar, open_descriptors(sidecar.pid) + 8)
    crowd = [await Wire.open(sidecar.port) for _ in range(40)]
    before = cpu_seconds(sidecar)
    await asyncio.sleep(0.5)
    assert cpu_seconds(sidecar) - before < 0.2
    for wire in crowd:
        wire.reset()
    async with asyncio.timeout(10):
        while not await serves(sidecar.port):
            pass
    sidecar.signal(15)
    assert await sidecar.ended() == 0


async def test_no_descriptor_for_the_service_is_answered_503(run, config, service):
    sidecar = await run(config())
    before = open_descriptors(sidecar.pid)
    wire = await Wire.open(sidecar.port)
    async with asyncio.timeout(10):
        while open_descriptors(sidecar.pid) == before:
            await asyncio.sleep(0.01)
    limit(sidecar, 3)  # what is open stays open
    answer = await wire.ask(GET)
    assert (answer.status, json.loads(answer.body)["code"]) == (503, "no_descriptors")
    assert answer.values("retry-after") == [b"5"]
    limit(sidecar, 1000)
    assert (await wire.ask(GET)).status == 200


def text(size: int) -> bytes:
    """A file that it takes an encoding to look at."""
    return b"\xff\xfe" + ("honest words " * (size // 26 + 1)).encode("utf-16-le")[: size - 2]


async def begun(sidecar, size: int) -> tuple[Wire, bytes]:
    """A client whose upload has begun to arrive before there were no descriptors left, and the rest of it."""
    body = b"--b\r\nContent-Disposition: form-data; name=f; filename=a.txt\r\n\r\n" + text(size) + b"\r\n--b--\r\n"
    head = b"POST / HTTP/1.1\r\nHost: a\r\nContent-Type: multipart/form-data; boundary=b\r\nContent-Length: %d\r\n\r\n"
    before = open_descriptors(sidecar.pid)
    wire = await Wire.open(sidecar.port)
    async with asyncio.timeout(10):
        while open_descriptors(sidecar.pid) == before:
            await asyncio.sleep(0.01)
    limit(sidecar, 3)
    await wire.send(head % len(body) + body[:1000])
    await asyncio.sleep(0.1)  # the rest is waited for, without a descriptor to watch
    return wire, body[1000:]


async def test_a_large_body_is_read_without_a_descriptor(run, config, service):
    sidecar = await run(config())
    wire, rest = await begun(sidecar, 600_000)
    await wire.send(rest[:-1])
    await asyncio.sleep(0.1)
    limit(sidecar, 1000)
    await wire.send(rest[-1:])
    answer = await wire.read()
    assert answer.status == 200


async def test_no_descriptor_for_the_spool_is_answered_503_and_leaves_no_connection_behind(run, config, service):
    sidecar = await run(config())
    before = open_descriptors(sidecar.pid)
    wire, rest = await begun(sidecar, 8_000_000)
    await wire.send(rest[:3_000_000])
    answer = await wire.read()
    assert (answer.status, json.loads(answer.body)["code"]) == (503, "no_descriptors")
    await asyncio.sleep(0.1)  # what is still to come is waited for
    wire.reset()
    async with asyncio.timeout(10):
        while open_descriptors(sidecar.pid) > before:
            await asyncio.sleep(0.01)
    limit(sidecar, 1000)
    assert await serves(sidecar.port)


async def test_the_soft_limit_is_raised_to_the_hard_one_at_start(config, service, run):
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (100, hard))
    try:
        sidecar = await run(config())
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert resource.prlimit(sidecar.pid, resource.RLIMIT_NOFILE) == (hard, hard)
    assert await serves(sidecar.port)
