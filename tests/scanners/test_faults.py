"""Whatever a daemon does, a scan ends by its deadline, and with the outcome that tells what happened."""

import asyncio
import contextlib

import pytest

from sidecar.scanners.result import Clean, NotExamined, Trouble
from tests.scanners.broken import Broken, clamd, stream_of
from tests.scanners.conftest import hurried, of_one


async def hang(reader, writer):
    await reader.read()


async def reset(reader, writer):
    writer.transport.abort()


async def babble(reader, writer):
    writer.write(b"\x00\xff what?\0")


async def flood(reader, writer):
    writer.write(b"x" * 100_000)


async def drip(reader, writer):
    for byte in b"stream: OK" * 10:
        writer.write(bytes([byte]))
        await writer.drain()
        await asyncio.sleep(0.1)


async def half(reader, writer):
    writer.write(b"stream: O")


async def pass_all(reader, writer):
    writer.write(b"stream: OK\0")


FAULTS = [
    (hang, Trouble.LATE), (drip, Trouble.LATE), (reset, Trouble.DOWN), (babble, Trouble.GARBLED),
    (flood, Trouble.GARBLED), (half, Trouble.DOWN),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "trouble"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
async def test_a_daemon_that_fails_is_no_verdict_and_no_hang(scanner, fault, trouble):
    async with Broken(clamd(fault)) as daemon:
        engine = scanner(url=f"clamd://127.0.0.1:{daemon.port}", deadline="60s")
        await engine.health.known()
        with hurried(engine, 0.6 if trouble is Trouble.LATE else 60):
            result = await asyncio.wait_for(of_one(engine), 10)
        assert (type(result), result.trouble) == (NotExamined, trouble)


async def test_a_daemon_that_was_never_there_is_down(scanner):
    async with Broken(hang) as daemon:
        port = daemon.port
    assert (await of_one(scanner(url=f"clamd://127.0.0.1:{port}"))).trouble is Trouble.DOWN


@pytest.mark.parametrize("answer", [b"stream: OK\0", b"stream: Everything FOUND\0"])
async def test_a_daemon_that_says_the_same_of_every_file_is_not_relied_on(scanner, answer):
    async def script(reader, writer):
        command = (await reader.readuntil(b"\0")).strip(b"z\0")
        if command == b"INSTREAM":
            await stream_of(reader)
        writer.write(b"PONG\0" if command == b"PING" else answer)

    async with Broken(script) as daemon:
        result = await of_one(scanner(url=f"clamd://127.0.0.1:{daemon.port}"))
        assert result.trouble is Trouble.DOWN


async def test_after_failures_in_a_row_nothing_is_asked_until_it_is_proven_again(scanner):
    fault = [reset]

    async def then(reader, writer):
        await fault[0](reader, writer)

    async with Broken(clamd(then)) as daemon:
        broken = scanner(url=f"clamd://127.0.0.1:{daemon.port}", failures=2, pause="300ms")
        assert [(await of_one(broken)).trouble for _ in range(2)] == [Trouble.DOWN] * 2
        asked = daemon.connections
        assert not broken.health.up
        assert broken.health.breaker_open
        assert (await of_one(broken)).trouble is Trouble.DOWN
        assert daemon.connections == asked
        fault[0] = pass_all
        async with asyncio.timeout(10):
            while not broken.health.up:
                await asyncio.sleep(0.02)
        assert await of_one(broken) == Clean()


async def test_a_hundred_scans_at_once_stay_within_the_bound(scanner):
    going, most = 0, 0

    async def slow(reader, writer):
        nonlocal going, most
        going += 1
        most = max(most, going)
        await asyncio.sleep(0.01)
        going -= 1
        writer.write(b"stream: OK\0")

    async with Broken(clamd(slow)) as daemon:
        bound = scanner(url=f"clamd://127.0.0.1:{daemon.port}", max_scans=4)
        results = await asyncio.gather(*(of_one(bound) for _ in range(100)))
    assert results == [Clean()] * 100
    assert most == 4
    assert (bound.slots.in_use, bound.slots.waiting) == (0, 0)


async def test_a_full_queue_and_a_place_that_comes_too_late_are_busy_and_no_fault_of_the_engine(scanner):
    async with Broken(clamd(hang)) as daemon:
        full = scanner(url=f"clamd://127.0.0.1:{daemon.port}", max_scans=1, max_waiting=1, deadline="500ms", failures=9)
        await full.health.known()
        results = await asyncio.gather(*(of_one(full) for _ in range(3)))
        assert sorted(result.trouble for result in results) == [Trouble.BUSY, Trouble.BUSY, Trouble.LATE]


async def test_a_place_with_hardly_any_time_left_is_no_fault_of_the_engine(scanner):
    async with Broken(clamd(hang)) as daemon:
        slow = scanner(url=f"clamd://127.0.0.1:{daemon.port}", max_scans=1, deadline="600ms", failures=1)
        await slow.health.known()
        async with slow.slots.place(slow._clock, lambda _waited: None):
            waiting = asyncio.create_task(of_one(slow))
            await asyncio.sleep(0.45)
        result = await waiting
        assert (result.trouble, slow.health.up) == (Trouble.BUSY, True)


async def test_an_engine_that_fails_is_blamed_however_long_the_wait_for_a_place_was(scanner):
    async with Broken(clamd(babble)) as daemon:
        slow = scanner(url=f"clamd://127.0.0.1:{daemon.port}", max_scans=1, deadline="2s", failures=1)
        await slow.health.known()
        async with slow.slots.place(slow._clock, lambda _waited: None):
            waiting = asyncio.create_task(of_one(slow))
            await asyncio.sleep(1.1)
        result = await waiting
        assert (result.trouble, slow.health.up) == (Trouble.GARBLED, False)


async def test_a_cancelled_scan_gives_its_place_back(scanner):
    async with Broken(clamd(hang)) as daemon:
        bound = scanner(url=f"clamd://127.0.0.1:{daemon.port}", max_scans=1)
        await bound.health.known()
        tasks = [asyncio.create_task(of_one(bound)) for _ in range(2)]
        async with asyncio.timeout(10):
            while not (bound.slots.in_use and bound.slots.waiting):
                await asyncio.sleep(0.01)
        for task in tasks:
            task.cancel()
        await asyncio.wait(tasks)
        assert (bound.slots.in_use, bound.slots.waiting) == (0, 0)


async def test_a_verdict_is_kept_for_as_long_as_the_signatures_are_the_same(scanner):
    version = [b"2"]
    asked = 0

    async def count(reader, writer):
        nonlocal asked
        asked += 1
        writer.write(b"stream: OK\0")

    honest = clamd(count)

    async def script(reader, writer):
        with contextlib.suppress(asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\0")
            if head == b"zVERSION\0":
                writer.write(b"ClamAV 1/" + version[0] + b"/Mon Nov 23 09:00:00 2026\0")
            else:
                reader._buffer[:0] = head
                await honest(reader, writer)

    async with Broken(script) as daemon:
        caching = scanner(url=f"clamd://127.0.0.1:{daemon.port}", cache=10)
        for _ in range(3):
            assert await of_one(caching) == Clean()
        before = asked
        version[0] = b"3"
        assert await of_one(caching) == Clean()
    assert before + 1 == asked
    assert caching._witness.results == ["clean", "cached", "cached", "clean"]


async def test_who_waited_for_a_place_asks_nothing_of_an_engine_that_went_down_meanwhile(scanner):
    async with Broken(clamd(reset)) as daemon:
        full = scanner(url=f"clamd://127.0.0.1:{daemon.port}", max_scans=1, failures=2, pause="5s")
        await full.health.known()
        proven = daemon.connections
        results = await asyncio.gather(*(of_one(full) for _ in range(50)))
        assert {result.trouble for result in results} == {Trouble.DOWN}
        assert daemon.connections - proven == 2


async def test_an_engine_that_hangs_from_the_beginning_is_down_and_not_busy(scanner):
    async def silent(reader, writer):
        await reader.read()

    async with Broken(silent) as daemon:
        url = f"clamd://127.0.0.1:{daemon.port}"
        result = await of_one(scanner(url=url, deadline="200ms", connect_timeout="5s"))
        assert (result.trouble, result.detail) == (Trouble.DOWN, "it is not proven yet")


async def test_an_engine_that_fails_to_tell_its_version_for_the_cache_is_left_alone_like_any_other(scanner):
    asked = 0

    async def script(reader, writer):
        nonlocal asked
        command = await reader.readuntil(b"\0")
        asked += command == b"zVERSION\0"
        if command == b"zVERSION\0" and asked > 1:
            writer.transport.abort()
            return
        reader._buffer[:0] = command
        await clamd(pass_all)(reader, writer)

    async with Broken(script) as daemon:
        caching = scanner(url=f"clamd://127.0.0.1:{daemon.port}", cache=10, failures=2)
        assert [(await of_one(caching)).trouble for _ in range(2)] == [Trouble.DOWN] * 2
        assert caching.health.breaker_open


async def test_signatures_that_change_are_proven_at_once(scanner):
    version, seen = [b"2"], []

    async def script(reader, writer):
        command = await reader.readuntil(b"\0")
        if command == b"zVERSION\0":
            writer.write(b"ClamAV 1/" + version[0] + b"/Mon Nov 23 09:00:00 2026\0")
            return
        seen.append(command)
        reader._buffer[:0] = command
        await clamd(pass_all)(reader, writer)

    async with Broken(script) as daemon:
        changing = scanner(url=f"clamd://127.0.0.1:{daemon.port}", ping_every="20ms")
        await changing.health.known()
        proofs = seen.count(b"zINSTREAM\0")
        version[0] = b"3"
        async with asyncio.timeout(10):
            while not changing.health.identity.signatures.startswith("3/"):
                await asyncio.sleep(0.02)
        assert seen.count(b"zINSTREAM\0") > proofs
        assert changing.health.identity.signed_at == 1795424400
