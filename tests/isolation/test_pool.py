"""Whatever a worker does, its file gets a finding, the next file gets a fresh worker, and nothing is left behind."""

import asyncio
import contextlib
import ctypes
import os
from pathlib import Path

import pytest

from sidecar.isolation.process import Worker
from sidecar.policy.settings.model import Policy
from tests.waiting import until

from .conftest import MemoryCopy

FILTER = Path("/proc/sys/kernel/seccomp").exists()
DEATHS = {
    b"crash": ("examination_crashed", "crash"),
    b"memory": ("examination_out_of_memory", "memory"),
    b"spin": ("examination_timed_out", "cpu"),
    b"sleep": ("examination_timed_out", "time"),
    b"leave": ("examination_crashed", "crash"),
    b"babble": ("examination_unreadable", "nonsense"),
    b"invent": ("examination_unreadable", "nonsense"),
    b"flood": ("examination_unreadable", "nonsense"),
    b"miscount": ("examination_unreadable", "nonsense"),
}
FORBIDDEN = (
    b"fork", b"thread", b"connect", b"read", b"write", b"execute", b"kill", b"unlimit", b"executable_memory", b"spawn",
    b"environment", b"descriptors", b"aim_signals", b"send_signals", b"shared_memory", b"shared_and_checked_memory",
    b"growing_memory",
)  # fmt: skip
REFUSED = ("PermissionError", "t start new thread", "not allowed to raise")
SETTINGS = {"memory": 64 * 1024 * 1024, "cpu": 1, "time": 60.0, "workers": 1}


async def judged(pool, deed: bytes) -> list[str]:
    examined = await pool.examine(MemoryCopy(deed), Policy(), stop_at_first=False)
    return [finding.reason.code for finding in examined.findings]


@pytest.mark.usefixtures("misbehaving")
async def test_every_death_is_a_finding_that_says_which_and_the_next_file_gets_a_fresh_worker(pool_of):
    pool = pool_of(**SETTINGS)
    for deed, (reason, _) in DEATHS.items():
        pool_of.settings["time"] = 1.0 if deed == b"sleep" else SETTINGS["time"]
        assert await judged(pool, deed) == [reason], deed
    assert pool_of.deaths == [cause for _, cause in DEATHS.values()]
    assert await judged(pool, b"environment") == ["check_failed"]


@pytest.mark.skipif(not FILTER, reason="this kernel has no seccomp")
@pytest.mark.usefixtures("misbehaving")
async def test_a_worker_may_do_nothing_but_compute(pool_of):
    pool = pool_of(**SETTINGS)
    for deed in FORBIDDEN:
        examined = await pool.examine(MemoryCopy(deed), Policy(), stop_at_first=False)
        assert [finding.reason.code for finding in examined.findings] == ["check_failed"], deed
        assert any(word in examined.failures[0] for word in REFUSED), deed
    assert pool_of.deaths == []
    assert await judged(pool, b"private_memory") == ["misbehaved"]  # which is counted, so it is allowed


@pytest.mark.usefixtures("misbehaving")
async def test_what_a_worker_says_is_made_safe_to_print(pool_of):
    examined = await pool_of(**SETTINGS).examine(MemoryCopy(b"inject"), Policy(), stop_at_first=False)
    assert examined.findings[0].actual == "\\x3cscript\\x3e\\r\\n\\u202e"


@pytest.mark.usefixtures("misbehaving")
async def test_who_waits_for_a_worker_longer_than_allowed_is_told(pool_of):
    pool = pool_of(**SETTINGS | {"time": 1.0, "patience": 0.1})
    first = asyncio.create_task(judged(pool, b"sleep"))
    await asyncio.sleep(0)
    assert await judged(pool, b"environment") == ["examination_busy"]
    assert await first == ["examination_timed_out"]


@pytest.mark.usefixtures("misbehaving")
async def test_files_that_take_long_leave_a_worker_to_those_that_do_not_and_are_examined_to_the_end(pool_of):
    pool = pool_of(**SETTINGS | {"workers": 2, "patience": 60.0, "cpu": 3600})
    assert await judged(pool, b"environment") == ["check_failed"]
    endless = [asyncio.create_task(judged(pool, b"sleep")) for _ in range(3)]
    await until(lambda: pool._places.taken == 2 and pool._places.waiting)
    async with asyncio.timeout(20):
        for _ in range(5):
            assert await judged(pool, b"environment") == ["check_failed"]
    for one in endless:
        one.cancel()
    await asyncio.wait(endless)
    assert await asyncio.gather(*(judged(pool, b"doze") for _ in range(3))) == [["misbehaved"]] * 3
    assert pool_of.deaths == []
    assert (pool._places.taken, pool._places.waiting) == (0, 0)


async def test_a_file_over_the_limit_is_not_examined(pool_of):
    pool = pool_of(**SETTINGS, max_file=10)
    assert await judged(pool, b"environment") == ["examination_too_large"]
    assert pool.template_pid == 0


@pytest.mark.usefixtures("misbehaving")
async def test_an_exchange_that_is_cut_leaves_no_worker(pool_of):
    pool = pool_of(**SETTINGS)
    waiting = asyncio.create_task(judged(pool, b"sleep"))
    await until(lambda: pool.processes)
    waiting.cancel()
    await until(lambda: not pool.processes)
    assert waiting.cancelled()


@pytest.mark.usefixtures("misbehaving")
@pytest.mark.parametrize("settings", [{"files": 1}, {"files": 2}, {"cpu": 2}])
async def test_a_worker_that_does_not_end_by_itself_is_ended(pool_of, settings):
    """Whether it has seen so many files, is asked to leave room for more, or is worn."""
    pool = pool_of(**SETTINGS | {"cpu": 3600} | settings)
    assert await judged(pool, b"outstay") == ["misbehaved"]
    if settings != {"files": 1}:
        assert await judged(pool, b"doze") == ["misbehaved"]
    await until(lambda: not pool.processes)
    assert pool_of.deaths == []


@pytest.mark.usefixtures("misbehaving")
async def test_only_the_worker_that_is_meant_is_ended(pool_of):
    """Another template numbers its workers anew."""
    pool = pool_of(**SETTINGS | {"cpu": 3600})
    assert await judged(pool, b"environment") == ["check_failed"]
    worker = pool._workers.take()
    pool._workers._template.kill(Worker(worker.number, worker.channel))
    await asyncio.sleep(0.2)
    assert not worker.ended.done()
    pool._workers.end(worker)
    async with asyncio.timeout(10):
        await worker.ended


@pytest.mark.usefixtures("misbehaving")
@pytest.mark.parametrize(("files", "forks"), [(1, 7), (3, 3), (50, 1)])
async def test_a_worker_sees_so_many_files_and_no_more(pool_of, files, forks):
    pool = pool_of(**SETTINGS | {"files": files, "cpu": 3600})
    for _ in range(7):
        assert await judged(pool, b"environment") == ["check_failed"]
    assert pool._workers._template._last == forks
    assert pool_of.deaths == []


@pytest.mark.usefixtures("misbehaving")
async def test_a_worker_that_went_while_it_waited_costs_no_file_its_examination(pool_of):
    pool = pool_of(**SETTINGS | {"cpu": 3600})
    assert await judged(pool, b"environment") == ["check_failed"]
    pool._workers._template.kill(pool._workers._spare[0])
    assert await judged(pool, b"environment") == ["check_failed"]
    assert pool_of.deaths == []


@pytest.mark.usefixtures("misbehaving")
async def test_a_file_whose_workers_are_killed_is_not_examined_and_the_next_file_is(pool_of):
    pool = pool_of(**SETTINGS | {"cpu": 3600})
    assert await judged(pool, b"environment") == ["check_failed"]
    under_way = asyncio.create_task(judged(pool, b"sleep"))
    for number in (1, 2):  # a worker that had served before may have gone for another reason: one more has its chance
        async with asyncio.timeout(10):
            while number not in pool._workers._template._workers:
                await asyncio.sleep(0.01)
        pool._workers._template.kill(pool._workers._template._workers[number])
    assert await under_way == ["examination_out_of_memory"]
    assert pool_of.deaths == ["memory"]
    assert await judged(pool, b"environment") == ["check_failed"]


async def test_workers_that_wait_are_forked_ahead(pool_of):
    pool = pool_of(**SETTINGS | {"workers": 2, "spare": 2})
    pool.prepare()
    assert pool.processes == 2
    first = pool.template_pid
    await pool.stop()
    with pytest.raises(ProcessLookupError):
        os.kill(first, 0)


async def test_what_waits_for_files_that_do_not_come_ends_and_starts_again_for_the_next(pool_of):
    pool = pool_of(**SETTINGS | {"workers": 2, "spare": 2, "idle": 0.2})
    pool.prepare()
    template = pool.template_pid
    await until(lambda: not (pool.template_pid or _lives(template)))
    assert pool.processes == 0
    assert pool_of.deaths == []
    pool.wake()
    assert pool.processes == 2
    assert pool.template_pid != template


@pytest.mark.usefixtures("misbehaving")
async def test_a_file_that_comes_when_all_was_given_up_is_examined(pool_of):
    pool = pool_of(**SETTINGS | {"cpu": 3600, "spare": 1, "idle": 0.1})
    pool.prepare()
    await until(lambda: not pool.template_pid)
    assert await judged(pool, b"environment") == ["check_failed"]


@pytest.mark.usefixtures("misbehaving")
async def test_a_worker_at_work_is_not_idle(pool_of):
    pool = pool_of(**SETTINGS | {"spare": 1, "idle": 0.05, "time": 3.0})
    pool.prepare()
    assert await judged(pool, b"sleep") == ["examination_timed_out"]
    assert pool_of.deaths == ["time"]


@pytest.mark.parametrize("spare", [0, 1])
async def test_idle_0_keeps_what_waits(pool_of, spare):
    pool = pool_of(**SETTINGS | {"spare": spare, "idle": 0})
    pool.prepare()
    assert pool._workers._idle is None
    pool.wake()
    assert pool.processes == spare


async def test_a_template_that_ends_leaves_no_worker_to_process_1(pool_of):
    become_process_1 = 36  # PR_SET_CHILD_SUBREAPER
    ctypes.CDLL(None).prctl(become_process_1, 1, 0, 0, 0)
    try:
        pool = pool_of(**SETTINGS | {"workers": 2, "spare": 2})
        pool.prepare()
        async with asyncio.timeout(10):
            while len(workers := _children(pool.template_pid)) < 2:
                await asyncio.sleep(0.01)
        await pool.stop()
        assert [pid for pid in workers if _lives(pid)] == []
    finally:
        ctypes.CDLL(None).prctl(become_process_1, 0, 0, 0, 0)


def _children(pid: int) -> list[int]:
    with contextlib.suppress(FileNotFoundError):
        return [int(child) for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split()]
    return []


def _lives(pid: int) -> bool:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, 0)
        return True
    return False
