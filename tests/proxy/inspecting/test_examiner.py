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
