"""Dead cycles are found without holding up everybody."""

import asyncio
import ctypes
import gc
import os
import weakref
from pathlib import Path

import pytest

from sidecar.cli.serving.garbage import Garbage

GLIBC = hasattr(ctypes.CDLL(None), "malloc_trim")


class Cycle:
    def __init__(self):
        self.own = self


async def test_what_is_there_at_the_start_is_never_looked_at_again():
    with Garbage():
        assert gc.get_freeze_count() > 1000
        assert gc.get_threshold()[2] > 100_000
    assert gc.get_freeze_count() == 0


async def test_dead_cycles_are_let_go_in_time_however_old_they_became():
    with Garbage(every=0.05):
        cycle = Cycle()
        gone = weakref.ref(cycle)
        gc.collect()  # the oldest generation now has it
        del cycle
        async with asyncio.timeout(10):
            while gone() is not None:
                await asyncio.sleep(0.01)


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


@pytest.mark.skipif(not GLIBC, reason="only glibc keeps what is free")
async def test_memory_of_a_storm_of_uploads_goes_back_to_the_system():
    with Garbage(every=0.05):
        storm = [bytes(1000 + number % 9) for number in range(100_000)]
        last = storm[-1]  # what is still used behind it keeps the C library from giving the rest back by itself
        full = resident()
        del storm
        async with asyncio.timeout(10):
            while full - resident() < 50_000_000:
                await asyncio.sleep(0.01)
    assert last


async def test_afterwards_all_is_as_before():
    before = gc.get_threshold()
    with Garbage():
        assert gc.get_threshold() != before
    assert gc.get_threshold() == before
