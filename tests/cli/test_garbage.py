"""Dead cycles are found without holding up everybody."""

import asyncio
import gc
import weakref

from sidecar.cli.garbage import Garbage


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
        async with asyncio.timeout(5):
            while gone() is not None:
                await asyncio.sleep(0.01)


async def test_afterwards_all_is_as_before():
    before = gc.get_threshold()
    with Garbage():
        assert gc.get_threshold() != before
    assert gc.get_threshold() == before
