"""The spool: what goes in comes out, within its bounds, and nothing is left behind."""

import asyncio
import errno
import os
import random
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import pytest

from sidecar.policy.settings.model import Spool as SpoolSettings
from sidecar.proxy.held.spool import Room, Spool, probe, write_all
from sidecar.proxy.held.stored import Stored
from sidecar.proxy.reasons import RefusedError

MiB = 1024 * 1024


@pytest.fixture
def spool(tmp_path, executor):
    def make(room=None, directory=tmp_path):
        return Spool(SpoolSettings(memory=64 * 1024, directory=str(directory)), room or Room(100 * MiB), executor)

    return make


async def held(spool):
    found = b""
    async for piece in spool.read():
        found += b"".join([each async for each in piece.read()]) if isinstance(piece, Stored) else piece
    return found


@pytest.mark.parametrize("size", [0, 1, 4095, 4096, 64 * 1024, 64 * 1024 + 1, 3 * MiB])
@pytest.mark.parametrize("piece", [1, 4096, 100_000])
async def test_what_goes_in_comes_out(spool, size, piece):
    if size // piece > 10_000:
        pytest.skip("a million one-byte calls tell no more than ten thousand")
    data = random.Random(size).randbytes(size)
    target = spool()
    await target.write([memoryview(data)[at : at + piece] for at in range(0, size, piece)])
    assert target.size == size
    assert await held(target) == data
    target.close()


async def test_pieces_of_all_sizes_keep_their_order(spool):
    source = random.Random(1)
    pieces = [source.randbytes(source.choice([0, 1, 10, 4095, 4096, 5000, 90_000])) for _ in range(200)]
    target = spool()
    for piece in pieces:
        await target.write([piece])
    assert await held(target) == b"".join(pieces)
    target.close()


async def test_up_to_its_memory_no_file_is_made(spool):
    target = spool()
    await target.write([b"x" * 64 * 1024])
    assert target.in_file == 0
    await target.write([b"x"])
    assert target.in_file == 64 * 1024 + 1
    target.close()


async def test_the_file_has_no_name(spool, tmp_path):
    target = spool()
    await target.write([b"x" * MiB])
    assert target.in_file
    assert list(tmp_path.iterdir()) == []
    target.close()


async def test_all_room_comes_back(spool):
    room = Room(10 * MiB)
    target = spool(room)
    await target.write([b"x" * MiB])
    assert room.used == MiB
    target.close()
    assert room.used == 0


async def test_beyond_the_shared_room_an_upload_is_refused_and_the_others_stay(spool):
    room = Room(MiB)
    first, second = spool(room), spool(room)
    await first.write([b"x" * (MiB - 10)])
    with pytest.raises(RefusedError) as refused:
        await second.write([b"x" * 11])
    assert refused.value.reason.code == "spool_full"
    second.close()
    assert room.used == MiB - 10
    first.close()


async def test_a_full_disk_refuses_the_one_upload(spool, small_disk):
    target = spool(directory=small_disk)
    with pytest.raises(RefusedError) as refused:
        await target.write([b"x" * 5 * MiB])
    assert refused.value.reason.code == "spool_full"
    assert "No space left" in refused.value.actual
    target.close()
    assert os.statvfs(small_disk).f_bavail > 0


async def test_a_directory_that_is_gone_is_told_once_in_some_seconds_with_how_often_it_was_met(spool, tmp_path, caplog):
    now = [0.0]
    room = Room(100 * MiB, clock=lambda: now[0])
    for now[0] in (0.0, 1.0, 2.0, 10.0):
        target = spool(room, tmp_path / "missing")
        with pytest.raises(RefusedError, match="spool_full"):
            await target.write([b"x" * MiB])
        target.close()
    first, second = [record.getMessage() for record in caplog.records]
    assert f"{tmp_path}/missing takes no more: No such file or directory" in first
    assert "more since" not in first
    assert "(2 more since" in second
    assert {record.levelname for record in caplog.records} == {"ERROR"}


async def test_trouble_of_the_disk_is_recent_for_ten_minutes(spool, tmp_path):
    now = [0.0]
    room = Room(100 * MiB, clock=lambda: now[0])
    assert room.trouble.recent == ""
    target = spool(room, tmp_path / "missing")
    with pytest.raises(RefusedError, match="spool_full"):
        await target.write([b"x" * MiB])
    target.close()
    now[0] = 599.0
    assert room.trouble.recent == "No such file or directory"
    now[0] = 600.0
    assert room.trouble.recent == ""


@pytest.mark.parametrize("short", [errno.EMFILE, errno.ENFILE])
async def test_a_file_that_cannot_be_had_for_want_of_descriptors_is_no_trouble_of_the_disk(
    spool, caplog, monkeypatch, short
):
    def temporary_file(**_):
        raise OSError(short, os.strerror(short))

    monkeypatch.setattr("sidecar.proxy.held.spool.tempfile", SimpleNamespace(TemporaryFile=temporary_file))
    target = spool()
    with pytest.raises(RefusedError, match="no_descriptors") as refused:
        await target.write([b"x" * MiB])
    assert refused.value.actual == os.strerror(short)
    target.close()
    assert caplog.records == []


async def test_a_cap_that_is_reached_is_no_trouble_of_the_disk(spool, caplog):
    target = spool(Room(MiB))
    with pytest.raises(RefusedError, match="spool_full"):
        await target.write([b"x" * (MiB + 1)])
    target.close()
    assert caplog.records == []


async def test_closed_while_a_thread_writes_the_file_outlives_the_write(tmp_path):
    """A descriptor closed too early could by then be another upload's."""
    with ThreadPoolExecutor(1) as executor:
        target = Spool(SpoolSettings(memory=1024, directory=str(tmp_path)), Room(100 * MiB), executor)
        await target.write([b"x" * MiB])
        gate = asyncio.Event()
        loop = asyncio.get_running_loop()
        executor.submit(lambda: asyncio.run_coroutine_threadsafe(gate.wait(), loop).result(10))
        writing = asyncio.ensure_future(target.write([b"y" * MiB]))
        await asyncio.sleep(0)
        writing.cancel()
        await asyncio.wait({writing})
        target.close()
        assert target._file is not None
        gate.set()
        async with asyncio.timeout(10):
            await target._operation
        await asyncio.sleep(0)
        assert target._file is None


def test_write_all_survives_short_writes():
    reader, writer = os.pipe()
    os.set_blocking(writer, True)
    pieces = [os.urandom(size) for size in (1, 5000, 0, 30_000, 7)] * 30
    total = b"".join(pieces)
    with ThreadPoolExecutor(1) as executor:
        done = executor.submit(write_all, writer, pieces)
        received = b""
        while len(received) < len(total):
            received += os.read(reader, 1000)
        done.result()
    os.close(reader)
    os.close(writer)
    assert received == total


def test_probe_says_why_a_directory_cannot_be_used(tmp_path):
    assert probe(str(tmp_path)) is None
    assert "No such file" in probe(str(tmp_path / "missing"))
