"""What identifies files is there before the first of them comes, once for each thread and once for the event loop."""

import asyncio
import threading

from sidecar.proxy.inspecting.examiner import Examiner


async def test_whoever_asks_has_one_of_its_own_and_all_are_made_at_once():
    made, used = [], set()

    def make():
        number = len(made)
        made.append(number)

        def identify(head: bytes) -> str:
            used.add((number, threading.get_ident()))
            return head.decode()

        return identify

    examiner = Examiner(make, threads=3)
    assert made == [0, 1, 2, 3]
    together = threading.Barrier(3)

    def work() -> str:
        together.wait(10)
        return examiner.identify(b"image/png")

    for _ in range(2):
        assert await asyncio.gather(*(examiner.run(work) for _ in range(3))) == ["image/png"] * 3
    assert examiner.identify(b"image/png") == "image/png"
    assert (len(made), len(used)) == (4, 4)
    examiner.close()


async def test_heavy_work_is_done_one_at_a_time_and_in_the_way_of_no_other():
    examiner = Examiner(lambda: lambda head: head.decode(), threads=2)
    busy, may_end = threading.Event(), threading.Event()
    under_way, most = 0, 0

    def heavy() -> None:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        busy.set()
        may_end.wait(10)
        under_way -= 1

    works = [asyncio.ensure_future(examiner.run_heavy(heavy)) for _ in range(5)]
    await asyncio.to_thread(busy.wait, 10)
    assert await asyncio.gather(*(examiner.run(lambda: "light") for _ in range(2))) == ["light"] * 2
    may_end.set()
    await asyncio.gather(*works)
    assert most == 1
    examiner.close()
