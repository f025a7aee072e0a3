"""A file pays for nothing that happens to the process which workers are forked from."""

import asyncio
import os

import pytest

from sidecar.isolation.process import Worker
from tests.isolation.test_pool import SETTINGS, judged


@pytest.mark.usefixtures("misbehaving")
async def test_a_template_that_died_is_replaced(pool_of):
    pool = pool_of(**SETTINGS)
    for _ in range(3):
        assert await judged(pool, b"environment") == ["check_failed"]
        first = pool.template_pid
        os.kill(first, 9)
        for _ in range(5):
            assert await judged(pool, b"environment") == ["check_failed"]
        assert pool.template_pid not in (0, first)
    assert pool_of.deaths == []


@pytest.mark.usefixtures("misbehaving")
async def test_a_file_whose_worker_went_with_its_template_is_examined_once_more(pool_of):
    pool = pool_of(**SETTINGS)
    assert await judged(pool, b"environment") == ["check_failed"]
    pool_of.settings["time"] = 2.0
    under_way = asyncio.create_task(judged(pool, b"sleep"))
    await _template_killed(pool, 0)
    assert await under_way == ["examination_timed_out"]
    assert pool_of.deaths == ["time"]


@pytest.mark.usefixtures("misbehaving")
async def test_a_file_that_twice_lost_its_worker_with_its_template_may_be_sent_again(pool_of):
    pool = pool_of(**SETTINGS)
    under_way = asyncio.create_task(judged(pool, b"sleep"))
    await _template_killed(pool, await _template_killed(pool, 0))
    assert await under_way == ["examination_unavailable"]
    assert pool_of.deaths == ["template"]
    assert await judged(pool, b"environment") == ["check_failed"]


@pytest.mark.usefixtures("misbehaving")
async def test_who_has_no_patience_for_another_template_may_send_the_file_again(pool_of):
    pool = pool_of(**SETTINGS | {"patience": 0.01})
    under_way = asyncio.create_task(judged(pool, b"sleep"))
    await _template_killed(pool, 0)
    assert await under_way == ["examination_unavailable"]


@pytest.mark.usefixtures("misbehaving")
async def test_a_worker_that_cannot_be_forked_is_not_the_fault_of_its_file(pool_of, monkeypatch):
    """The template says so where the pod may have no more processes."""
    pool = pool_of(**SETTINGS)
    assert await judged(pool, b"environment") == ["check_failed"]
    template = pool._workers._template
    ended = Worker.end
    monkeypatch.setattr(Worker, "end", lambda worker, _: ended(worker, -1))
    under_way = asyncio.create_task(judged(pool, b"crash"))
    assert await under_way == ["examination_unavailable"]
    assert pool._workers._template is template


async def _template_killed(pool, before: int) -> int:
    """Kill the next template once it has forked a worker; its process."""
    async with asyncio.timeout(10):
        while pool.template_pid in (0, before) or not pool.processes:
            await asyncio.sleep(0.01)
        await asyncio.sleep(0.3)
    killed = pool.template_pid
    os.kill(killed, 9)
    return killed
