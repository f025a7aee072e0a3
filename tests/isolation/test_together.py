"""Small files are asked about together; what one of them does to the worker costs the others nothing but a moment."""

import asyncio
from collections.abc import Sequence

import pytest

from sidecar.isolation.pool import Pool
from sidecar.isolation.together import SMALL
from sidecar.policy.settings.model import Policy
from tests.waiting import until

from .checks.misbehaving import Misbehaving
from .conftest import MemoryCopy

SETTINGS = {"memory": 64 * 1024 * 1024, "cpu": 3600, "time": 60.0, "workers": 1, "spare": 1}


@pytest.fixture
def questions(monkeypatch):
    """How many files each question was about."""
    sizes = []
    ask = Pool._ask

    async def counted(self, worker, asked, seconds):
        sizes.append(len(asked))
        return await ask(self, worker, asked, seconds)

    monkeypatch.setattr(Pool, "_ask", counted)
    return sizes


async def judged(pool, *deeds: bytes, policies: Sequence[Policy] = (Policy(),)) -> list[list[tuple[str, str]]]:
    """What is found in each of some files that are there at once."""
    asked = [
        pool.examine(MemoryCopy(deed), policies[number % len(policies)], stop_at_first=False)
        for number, deed in enumerate(deeds)
    ]
    return [[(found.reason.code, found.actual) for found in each.findings] for each in await asyncio.gather(*asked)]


@pytest.mark.usefixtures("misbehaving")
async def test_files_that_are_there_at_once_go_to_one_worker_at_once_and_each_gets_its_own_answer(pool_of, questions):
    pool = pool_of(**SETTINGS)
    said = [b"say %d" % number if number % 3 else b"nothing" for number in range(10)]
    assert await judged(pool, *said) == [[("misbehaved", str(n))] if n % 3 else [] for n in range(10)]
    assert questions == [10]


@pytest.mark.usefixtures("misbehaving")
async def test_one_alone_is_asked_about_alone(pool_of, questions):
    assert await judged(pool_of(**SETTINGS), b"say a") == [[("misbehaved", "a")]]
    assert questions == [1]


@pytest.mark.usefixtures("misbehaving")
@pytest.mark.parametrize(
    ("deed", "reason", "cause"),
    [
        (b"crash", "examination_crashed", "crash"),
        (b"miscount", "examination_unreadable", "nonsense"),
        (b"sleep", "examination_timed_out", "time"),
        (b"memory", "examination_out_of_memory", "memory"),
    ],
)
async def test_who_ends_the_worker_is_told_from_those_that_were_with_it(pool_of, questions, deed, reason, cause):
    pool = pool_of(**SETTINGS)
    assert await judged(pool, b"nothing") == [[]]
    questions.clear()
    pool_of.settings["time"] = 3.0 if deed == b"sleep" else SETTINGS["time"]
    found = await judged(pool, b"say a", deed, b"say b", b"nothing")
    assert [codes[0] for codes in found[1]] == [reason]
    assert (found[0], found[2], found[3]) == ([("misbehaved", "a")], [("misbehaved", "b")], [])
    assert pool_of.deaths == [cause]
    assert questions[0] == 4
    assert set(questions[1:]) == {1}


@pytest.mark.usefixtures("misbehaving")
async def test_a_slow_file_does_not_keep_the_others_waiting_for_as_long_as_it_may_take(pool_of, questions):
    pool = pool_of(**SETTINGS | {"workers": 3})
    assert await judged(pool, b"nothing") == [[]]
    questions.clear()
    sleeping = asyncio.create_task(judged(pool, b"sleep"))
    async with asyncio.timeout(30):
        assert await judged(pool, *[b"say a"] * 3) == [[("misbehaved", "a")]] * 3
    assert questions[0] == 4
    assert not sleeping.done()
    sleeping.cancel()


@pytest.mark.usefixtures("misbehaving")
async def test_who_goes_is_left_out_and_the_others_are_answered(pool_of, questions):
    pool = pool_of(**SETTINGS)
    going = asyncio.create_task(judged(pool, b"say gone"))
    staying = asyncio.create_task(judged(pool, b"say a", b"say b"))
    await asyncio.sleep(0)
    going.cancel()
    assert await staying == [[("misbehaved", "a")], [("misbehaved", "b")]]
    assert questions == [2]


@pytest.mark.usefixtures("misbehaving")
async def test_files_of_different_policies_do_not_go_together(pool_of, questions):
    policies = [Policy(), Policy(max_files=3)]
    found = await judged(pool_of(**SETTINGS), *[b"say %d" % number for number in range(4)], policies=policies)
    assert found == [[("misbehaved", str(number))] for number in range(4)]
    assert questions == [2, 2]


@pytest.mark.usefixtures("misbehaving")
async def test_no_question_is_about_more_files_than_a_worker_may_still_see(pool_of, questions):
    pool = pool_of(**SETTINGS | {"files": 5})
    assert await judged(pool, *[b"nothing"] * 12) == [[]] * 12
    assert max(questions) == 5
    assert pool._workers._template._last >= 3


@pytest.mark.usefixtures("misbehaving")
async def test_with_one_file_to_a_worker_none_go_together(pool_of, questions):
    pool = pool_of(**SETTINGS | {"files": 1})
    assert await judged(pool, *[b"nothing"] * 3) == [[]] * 3
    assert questions == [1, 1, 1]
    assert pool._workers._template._last >= 3


@pytest.mark.usefixtures("misbehaving")
async def test_what_a_check_may_take_long_for_goes_alone(pool_of, questions, monkeypatch):
    monkeypatch.setattr(Misbehaving, "quick", False)
    pool = pool_of(**SETTINGS)
    pool._policies._quick[("misbehaving",)] = False  # the catalogue has loaded the check anew
    assert await judged(pool, *[b"nothing"] * 3) == [[]] * 3
    assert questions == [1, 1, 1]


@pytest.mark.usefixtures("misbehaving")
async def test_large_files_go_alone_and_as_many_small_ones_as_the_tray_takes_go_together(pool_of, questions):
    pool = pool_of(**SETTINGS)
    said = [b"say %d%b" % (number, b" " * (SMALL - 10)) for number in range(20)]
    said[7] += b" " * 100
    assert await judged(pool, *said) == [[("misbehaved", str(number))] for number in range(20)]
    assert sorted(questions) == [1, 3, 8, 8]


@pytest.mark.usefixtures("misbehaving")
async def test_those_too_many_for_a_packet_are_laid_on_the_tray_and_each_is_found_there(pool_of, questions):
    pool = pool_of(**SETTINGS)
    for sizes in ((30_000, 10, 50_000, 1, 60_000), (100, 20), (SMALL - 9, 5, 7), (1, 2, 3)):
        said = [b"say %d" % number + b" " * size for number, size in enumerate(sizes)]
        assert await judged(pool, *said) == [[("misbehaved", str(number))] for number in range(len(sizes))]
    assert questions == [5, 2, 3, 3]
    assert pool._workers._template._last == 1


@pytest.mark.usefixtures("misbehaving")
async def test_long_names_leave_less_room(pool_of, questions):
    pool = pool_of(**SETTINGS)
    copies = [MemoryCopy(b"nothing", filename=b"deed" + b"x" * 10_000) for _ in range(8)]
    policy = Policy()
    asked = [pool.examine(copy, policy, stop_at_first=False) for copy in copies]
    assert [each.findings for each in await asyncio.gather(*asked)] == [()] * 8
    assert max(questions) == 3


@pytest.mark.usefixtures("misbehaving")
async def test_those_for_whom_no_worker_is_free_in_time_are_told(pool_of):
    pool = pool_of(**SETTINGS | {"patience": 0.1, "time": 3.0})
    first = asyncio.create_task(judged(pool, b"sleep"))
    await until(lambda: pool._places.taken)
    found = await judged(pool, b"say a", b"say b")
    assert [codes[0][0] for codes in found] == ["examination_busy"] * 2
    assert (await first)[0][0][0] == "examination_timed_out"


class OnDisk(MemoryCopy):
    """A small file whose bytes are not in memory."""

    def at_hand(self) -> None:
        return None

    def in_memory(self) -> None:
        return None


@pytest.mark.usefixtures("misbehaving")
async def test_a_small_file_on_disk_spoils_nothing_for_those_that_came_with_it(pool_of, questions):
    pool, policy = pool_of(**SETTINGS), Policy()
    copies = [OnDisk(b"say disk"), *[MemoryCopy(b"say %d" % number) for number in range(5)]]
    asked = [pool.examine(copy, policy, stop_at_first=False) for copy in copies]
    found = [each.findings[0].actual for each in await asyncio.gather(*asked)]
    assert found == ["disk", *map(str, range(5))]
    assert questions == [5, 1]


@pytest.mark.usefixtures("misbehaving")
async def test_where_there_are_no_descriptors_everybody_is_told_and_the_next_are_examined(pool_of, monkeypatch):
    pool = pool_of(**SETTINGS)
    assert await judged(pool, b"say a", b"say b") == [[("misbehaved", "a")], [("misbehaved", "b")]]

    def none_left(_pieces):
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr("sidecar.isolation.pool.sealed", none_left)
        other = Policy(max_files=4)
        asked = [pool.examine(MemoryCopy(b"say a"), other, stop_at_first=False) for _ in range(3)]
        async with asyncio.timeout(10):
            told = await asyncio.gather(*asked, return_exceptions=True)
        assert [type(each) for each in told] == [OSError] * 3
    assert pool._places.taken == 0
    assert await judged(pool, b"say a", b"say b") == [[("misbehaved", "a")], [("misbehaved", "b")]]


@pytest.mark.usefixtures("misbehaving")
async def test_patience_is_for_each_policy_that_waits_not_for_one_after_the_other(pool_of):
    pool, policies = pool_of(**SETTINGS | {"patience": 0.2}), [Policy(), Policy(max_files=3)]
    first = asyncio.create_task(judged(pool, b"sleep"))
    await until(lambda: pool._places.taken)
    asked = asyncio.create_task(judged(pool, *[b"say a"] * 8, policies=policies))
    await until(lambda: pool._places.waiting == len(policies))  # both at once
    found = await asked
    assert [codes[0][0] for codes in found] == ["examination_busy"] * 8
    first.cancel()


@pytest.mark.usefixtures("misbehaving")
async def test_one_that_waits_alone_keeps_its_place_in_the_queue(pool_of, questions):
    pool, policy, order = pool_of(**SETTINGS), Policy(), []

    async def examine(name: str, data: bytes) -> None:
        await pool.examine(MemoryCopy(data), policy, stop_at_first=False)
        order.append(name)

    large = b"nothing " + bytes(SMALL)
    running = [asyncio.create_task(examine("first", b"doze"))]
    await until(lambda: pool._places.taken)
    running.append(asyncio.create_task(examine("small", b"nothing")))
    await until(lambda: pool._places.waiting)
    running += [asyncio.create_task(examine(f"later {number}", large)) for number in range(3)]
    await asyncio.gather(*running)
    assert order == ["first", "small", "later 0", "later 1", "later 2"]
    assert questions == [1] * 5


@pytest.mark.usefixtures("misbehaving")
async def test_a_reload_to_one_file_for_each_worker_holds_for_those_that_wait(questions, pool_of):
    pool = pool_of(**SETTINGS | {"files": 200})
    sleeping = asyncio.create_task(judged(pool, b"sleep"))
    await asyncio.sleep(0.05)
    waiting = asyncio.create_task(judged(pool, *[b"nothing"] * 3))
    await asyncio.sleep(0.05)
    pool_of.settings["files"] = 1
    sleeping.cancel()
    assert await waiting == [[]] * 3
    assert questions == [1] * 4


@pytest.mark.usefixtures("misbehaving")
async def test_where_all_have_left_nobody_is_asked_and_no_place_is_kept(pool_of, questions):
    pool = pool_of(**SETTINGS)
    sleeping = asyncio.create_task(judged(pool, b"sleep"))
    await asyncio.sleep(0.05)
    leaving = [asyncio.create_task(judged(pool, b"say a")) for _ in range(40)]
    await asyncio.sleep(0.05)
    for one in leaving:
        one.cancel()
    await asyncio.wait(leaving)
    await asyncio.sleep(0)
    assert (pool._places.waiting, pool._together._open) == (0, {})
    sleeping.cancel()
    await asyncio.wait({sleeping})
    assert await judged(pool, b"say a", b"say b") == [[("misbehaved", "a")], [("misbehaved", "b")]]
    assert questions == [1, 2]
    assert pool._places.taken == 0


@pytest.mark.usefixtures("misbehaving")
async def test_who_leaves_while_it_is_asked_about_alone_ends_the_worker_and_the_next_has_its_turn(pool_of):
    pool = pool_of(**SETTINGS)
    large = asyncio.create_task(judged(pool, b"nothing " + bytes(SMALL)))
    await asyncio.sleep(0)
    leaving = asyncio.create_task(judged(pool, b"sleep"))
    await large
    await asyncio.sleep(0.1)
    leaving.cancel()
    async with asyncio.timeout(10):
        assert await judged(pool, b"say a") == [[("misbehaved", "a")]]
    assert pool._places.taken == 0
