"""A real clamd that is full, hung, killed, or out of disk: each the outcome that tells so, by the deadline."""

import asyncio
import contextlib
import resource
import signal
import struct

import pytest

from sidecar.inspection.checks.eicar import TEST_STRING as EICAR
from sidecar.scanners.result import Bad, Clean, Trouble
from tests.scanners import daemons
from tests.scanners.broken import Broken
from tests.scanners.conftest import hurried, of_one


@pytest.fixture
def own_clamd(tmp_path):
    """Starts clamds that a test may break."""
    started = []

    def start(**limits):
        started.append(daemons.start_clamd(tmp_path, **limits))
        return started[-1]

    yield start
    for running in started:
        running.process.send_signal(signal.SIGCONT)
        daemons.end(running.process)


@contextlib.asynccontextmanager
async def half_sent(clamd, number):
    """Streams of somebody else that never go on: each holds a thread of clamd."""
    writers = []
    for _ in range(number):
        _, writer = await asyncio.open_unix_connection(str(clamd.socket_path))
        writer.write(b"zINSTREAM\0" + struct.pack(">I", 1000) + b"half")
        await writer.drain()
        writers.append(writer)
    yield
    for writer in writers:
        writer.close()


async def until_up(scanner):
    async with asyncio.timeout(10):
        while not scanner.health.up:
            await asyncio.sleep(0.02)


async def test_a_clamd_that_others_have_filled_is_late_by_the_deadline_then_down_then_up_again(scanner, own_clamd):
    clamd = own_clamd(threads=2)
    engine = scanner(url=clamd.url, failures=2)
    assert await of_one(engine) == Clean()
    async with half_sent(clamd, 100):
        with hurried(engine, 0.4):
            assert [(await of_one(engine)).trouble for _ in range(2)] == [Trouble.LATE] * 2
        assert (await of_one(engine)).trouble is Trouble.DOWN
    await until_up(engine)
    assert isinstance(await of_one(engine, EICAR), Bad)


async def test_fifty_half_sent_streams_of_others_do_not_delay_a_scan_where_clamd_has_threads_left(scanner, own_clamd):
    clamd = own_clamd(threads=60)
    engine = scanner(url=clamd.url)
    assert await of_one(engine) == Clean()
    async with half_sent(clamd, 50):
        assert isinstance(await of_one(engine, EICAR), Bad)


async def test_a_clamd_that_hangs_is_late_by_the_deadline_and_serves_again_when_it_goes_on(scanner, own_clamd):
    clamd = own_clamd()
    engine = scanner(url=clamd.url, failures=1)
    assert await of_one(engine) == Clean()
    clamd.process.send_signal(signal.SIGSTOP)
    with hurried(engine, 0.3):
        assert (await of_one(engine)).trouble is Trouble.LATE
    assert not engine.health.up
    clamd.process.send_signal(signal.SIGCONT)
    await until_up(engine)
    assert await of_one(engine) == Clean()


async def test_a_clamd_that_is_killed_is_down_at_once_and_serves_again_when_it_is_started(scanner, own_clamd):
    clamd = own_clamd()
    engine = scanner(url=clamd.url, deadline="60s", connect_timeout="60s", failures=1)
    assert await of_one(engine) == Clean()
    clamd.process.kill()
    clamd.process.wait()
    async with asyncio.timeout(10):
        assert (await of_one(engine)).trouble is Trouble.DOWN
    own_clamd()
    await until_up(engine)
    assert await of_one(engine) == Clean()


async def test_a_clamd_whose_disk_is_full_is_down_for_the_file_and_that_is_no_fault_of_the_file(scanner, own_clamd):
    clamd = own_clamd()
    engine = scanner(url=clamd.url, transfer="stream", failures=1)
    assert await of_one(engine) == Clean()
    resource.prlimit(clamd.process.pid, resource.RLIMIT_FSIZE, (100_000, resource.RLIM_INFINITY))
    result = await of_one(engine, b"x" * 500_000)
    assert (result.trouble, "temporary file" in result.detail) == (Trouble.DOWN, True)
    assert await of_one(engine) == Clean()


async def test_a_hundred_scans_at_once_never_open_more_connections_than_max_scans(scanner, clamd):
    going = most = 0

    async def relay(reader, writer):
        nonlocal going, most
        going += 1
        most = max(most, going)
        back, to = await asyncio.open_unix_connection(str(clamd.socket_path))
        with contextlib.closing(to):
            sending = asyncio.create_task(_copy(reader, to))
            answer = await back.read()
            going -= 1
            writer.write(answer)
            writer.write_eof()
            await sending
        await to.wait_closed()

    async with Broken(relay) as server:
        engine = scanner(url=f"clamd://127.0.0.1:{server.port}", max_scans=4, cache=10)
        await engine.health.known()
        most = 0
        files = [(EICAR if number % 2 else b"clean") + b" %d" % number for number in range(100)]
        found = await asyncio.gather(*(of_one(engine, file) for file in files))
    assert [type(result) for result in found] == [Clean, Bad] * 50
    assert most == 4


async def _copy(reader, writer):
    with contextlib.suppress(OSError):
        while data := await reader.read(65536):
            writer.write(data)
            await writer.drain()
        if not writer.is_closing():
            writer.write_eof()


async def test_a_clamd_that_dies_is_known_to_be_down_though_nobody_uploads(scanner, own_clamd):
    clamd = own_clamd()
    engine = scanner(url=clamd.url, ping_every="50ms", failures=2)
    assert await of_one(engine) == Clean()
    clamd.process.kill()
    clamd.process.wait()
    async with asyncio.timeout(10):
        while engine.health.up:
            await asyncio.sleep(0.02)


async def test_a_clamd_that_takes_less_after_a_restart_is_found_out_by_the_next_proof(scanner, own_clamd):
    clamd = own_clamd()
    engine = scanner(url=clamd.url, ping_every="10s", prove_every="50ms", failures=100)
    await engine.health.known()
    assert engine.health.largest == engine.settings.max_file
    clamd.process.kill()
    clamd.process.wait()
    own_clamd(largest=100_000)
    async with asyncio.timeout(10):
        while engine.health.largest > 100_000:
            await asyncio.sleep(0.02)
    assert engine.health.up
