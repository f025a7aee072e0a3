"""Whole files for whoever wants them: parts of the held body or copies, with nothing to tell which by."""

import asyncio
import hashlib
import mmap
import os
import random
import threading
from functools import partial

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.rewrite import Rewrite
from sidecar.isolation.copy import AT_HAND, MAPPED_FROM
from sidecar.multipart.events import Part
from sidecar.policy.loading.reading import read
from sidecar.policy.settings.model import Spool as SpoolSettings
from sidecar.proxy.held import copies
from sidecar.proxy.held.copies import FileCopy, HeldFile
from sidecar.proxy.held.spool import Room, Spool
from tests.descriptors import open_descriptors
from tests.waiting import until

MiB = 1024 * 1024
SIZES = (1, 5000, AT_HAND, AT_HAND + 1, 300_000, MAPPED_FROM, 3 * MiB)


class Kept:
    """The files of one upload, held in a body or copied."""

    def __init__(self, tmp_path, executor, memory, *, copied):
        self.settings = read(SpoolSettings, {"memory": memory, "directory": str(tmp_path)})
        self.room = Room(100 * MiB)
        self.executor = executor
        self.copied = copied
        self.places = {}
        self.body = Spool(self.settings, self.room, executor)
        self.body.lay_out(self.places)
        self.files = []

    async def add(self, data):
        file = File(Part(len(self.files), b"f", b"a", None), size=len(data))
        if self.copied:
            copy = FileCopy(file, self.settings, self.room, self.executor)
            await copy.write([data[:1000], memoryview(data)[1000:]])
        else:
            self.places[file.part.number] = self.body.size + 7
            await self.body.write([b"between", data[:1000], memoryview(data)[1000:]])
            copy = HeldFile(file, self.executor, self.body, self.places)
        self.files.append((copy, data))

    async def settle(self):
        await self.body.write([b"end"])
        await self.body.settle()

    def close(self):
        for copy, _ in self.files:
            copy.close()
        self.body.close()


@pytest.fixture(params=[False, True], ids=["held", "copied"])
async def kept(request, tmp_path, executor):
    made = []

    def make(memory="1MiB"):
        made.append(Kept(tmp_path, executor, memory, copied=request.param))
        return made[-1]

    yield make
    for each in made:
        each.close()
        assert each.room.used == each.room.in_memory == 0


@pytest.mark.parametrize("memory", ["0", "64KiB", "1MiB", "16MiB"])
async def test_a_range_holds_the_bytes_of_the_file_and_can_be_mapped_where_it_is_large(kept, memory):
    made = kept(memory)
    for size in (*SIZES, *SIZES[::-1]):
        await made.add(random.Random(size).randbytes(size))
    await made.settle()
    for copy, data in made.files:
        assert (copy.size, copy.at_hand()) in {(len(data), None), (len(data), data if len(data) <= AT_HAND else b"?")}
        descriptor, start, size = await copy.range()
        assert os.pread(descriptor, size, start) == data
        if size >= MAPPED_FROM:
            with mmap.mmap(descriptor, size, mmap.MAP_PRIVATE, mmap.PROT_READ, offset=start) as mapped:
                assert mapped.find(data[-1000:]) == size - 1000
        os.close(descriptor)


async def test_a_small_file_of_a_body_in_memory_is_at_hand(kept):
    made = kept()
    await made.add(b"x" * AT_HAND)
    await made.settle()
    ((copy, data),) = made.files
    assert copy.at_hand() == data


@pytest.mark.parametrize("memory", ["0", "16MiB"])
async def test_whoever_gets_a_range_can_change_nothing(kept, memory):
    made = kept(memory)
    await made.add(b"x" * 300_000)
    await made.settle()
    descriptor, start, _ = await made.files[0][0].range()
    with pytest.raises(OSError, match=r"Bad file descriptor|not permitted"):
        os.pwrite(descriptor, b"y", start)
    with pytest.raises(OSError, match=r"Invalid argument|not permitted"):
        os.ftruncate(descriptor, 0)
    os.close(descriptor)


@pytest.mark.parametrize("memory", ["0", "16MiB"])
@pytest.mark.parametrize("size", [50_000, 300_000])
async def test_the_digest_of_a_rewrite_is_that_of_what_goes_on(kept, memory, size):
    made, data = kept(memory), random.Random(size).randbytes(size)
    await made.add(b"another")
    await made.add(data)
    await made.settle()
    digest = await made.files[1][0].sha256_of(Rewrite(((10, 20), b"new", (40_000, size))))
    assert digest == hashlib.sha256(data[10:20] + b"new" + data[40_000:]).hexdigest()


async def ask(copy: HeldFile, what: str) -> None:
    if what == "range":
        os.close((await copy.range()).descriptor)
    else:
        await copy.sha256_of(Rewrite(((0, 1),)))


def late(call, at_work, gate, *arguments):
    at_work.set()
    gate.wait(10)
    return call(*arguments)


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize(("what", "memory"), [("range", "16MiB"), ("digest", "16MiB"), ("digest", "0")])
async def test_whoever_is_cancelled_leaves_no_descriptor_behind(kept, executor, monkeypatch, what, memory, begun):
    made, gate, at_work = kept(memory), threading.Event(), threading.Event()
    await made.add(b"x" * 300_000)
    await made.settle()
    await ask(made.files[0][0], what)  # threads are there afterwards
    before = open_descriptors()
    for name in ("sealed", "_digest"):
        monkeypatch.setattr(copies, name, partial(late, getattr(copies, name), at_work, gate))
    for _ in range(0 if begun else 2):
        executor.submit(gate.wait, 10)
    asking = asyncio.ensure_future(ask(made.files[0][0], what))
    await asyncio.sleep(0)
    if begun:
        await asyncio.to_thread(at_work.wait, 5)
    asking.cancel()
    await asyncio.wait({asking})
    gate.set()
    await until(lambda: open_descriptors() == before)


async def test_files_in_a_held_body_take_no_room_of_their_own(tmp_path, executor):
    made = Kept(tmp_path, executor, "0", copied=False)
    await made.add(b"x" * 300_000)
    await made.settle()
    assert made.room.used == made.body.size == 300_010
    made.close()
