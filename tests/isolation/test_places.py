"""Whoever takes long holds all places but one, and only while nobody else waits."""

import asyncio

import pytest

from sidecar.isolation import places as module
from sidecar.isolation.places import Kind, Places


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    """Long is not so long."""
    monkeypatch.setattr(module, "LONG", 0.05)
    monkeypatch.setattr(module, "_LOOK", 0.01)
    monkeypatch.setattr(module, "_QUIET", 0.1)


class Files:
    """Files that are examined in places, for some seconds each or until all may end."""

    def __init__(self, most: int) -> None:
        self.places = Places(lambda: most)
        self.told: list[str] = []
        self.most_long = 0
        self.may_end = asyncio.Event()
        self._long = 0

    async def examine(self, name: str, seconds: float | None, kind: Kind = Kind.NEW, patience: float = 10.0) -> None:
        place = await self.places.take(kind, patience)
        if place is None:
            self.told.append(f"{name} busy")
            return
        limit = asyncio.timeout(None)
        self._long += kind is Kind.LONG
        self.most_long = max(self.most_long, self._long)
        try:
            async with limit:
                place.limit = limit
                await (self.may_end.wait() if seconds is None else asyncio.sleep(seconds))
                self.told.append(name)
        except TimeoutError:
            self.told.append(f"{name} gave way")
        finally:
            self._long -= kind is Kind.LONG
            self.places.give(place)
        if limit.expired():
            await self.examine(name, seconds, Kind.LONG, patience)

    def begin(self, *asked, **more) -> asyncio.Task[None]:
        return asyncio.create_task(self.examine(*asked, **more))


async def test_thirty_two_share_two_places_in_order():
    files, most = Files(2), 0

    async def examine(number: int) -> None:
        nonlocal most
        place = await files.places.take(Kind.NEW, 5)
        most = max(most, files.places.taken)
        files.told.append(number)
        await asyncio.sleep(0)
        files.places.give(place)

    await asyncio.gather(*map(examine, range(32)))
    assert files.told == list(range(32))
    assert (most, files.places.taken, files.places.waiting) == (2, 0, 0)


async def test_where_nobody_waits_nobody_gives_way():
    files = Files(2)
    await asyncio.gather(files.begin("a", 0.3), files.begin("b", 0.3))
    assert files.told == ["a", "b"]


async def test_the_last_of_those_that_take_long_gives_way_and_begins_anew_where_it_may(monkeypatch):
    monkeypatch.setattr(module, "_QUIET", 60)
    files = Files(2)
    first, second = files.begin("first", None), files.begin("second", None)
    await asyncio.sleep(0.1)
    for number in range(5):
        await files.examine(f"short {number}", 0.01)
    assert files.told == ["second gave way", *[f"short {number}" for number in range(5)]]
    files.may_end.set()
    await asyncio.gather(first, second)
    assert files.told[-2:] == ["first", "second"]


async def test_those_that_gave_way_have_all_places_once_nobody_else_waits():
    files = Files(2)
    await asyncio.gather(*(files.begin(f"long {number}", 0.3) for number in range(8)))
    assert files.most_long == 2
    assert len([told for told in files.told if "gave way" not in told]) == 8


async def test_sixteen_that_take_long_keep_nobody_else_waiting_for_long():
    files = Files(2)
    long = [files.begin(f"long {number}", None, patience=0.5) for number in range(16)]
    await asyncio.sleep(0.02)
    for number in range(10):
        await files.examine(f"short {number}", 0.001, Kind.QUICK)
    assert [told for told in files.told if told.startswith("short")] == [f"short {number}" for number in range(10)]
    files.may_end.set()
    await asyncio.gather(*long)
    assert (files.places.taken, files.places.waiting) == (0, 0)


async def test_a_single_place_is_kept_until_its_file_is_done():
    files = Files(1)
    await asyncio.gather(files.begin("long", 0.2), files.begin("short", 0.001))
    assert files.told == ["long", "short"]


async def test_kinds_have_their_turns():
    files = Files(1)
    asked = [files.begin("first", 0.01)]
    asked += [files.begin(f"new {number}", 0.001) for number in range(4)]
    asked += [files.begin(f"quick {number}", 0.001, Kind.QUICK) for number in range(2)]
    await asyncio.gather(*asked)
    assert files.told == ["first", "quick 0", "new 0", "quick 1", "new 1", "new 2", "new 3"]


async def test_who_waits_too_long_is_sent_away_and_those_behind_keep_their_turn():
    files = Files(1)
    first = files.begin("first", None)
    await asyncio.sleep(0)
    patient = files.begin("patient", 0.001)
    await files.examine("impatient", 0.001, patience=0.01)
    assert files.places.waiting == 1
    files.may_end.set()
    await asyncio.gather(first, patient)
    assert files.told == ["impatient busy", "first", "patient"]


async def test_a_place_that_was_given_to_one_who_leaves_goes_to_the_next():
    places = Places(lambda: 1)
    place = await places.take(Kind.NEW, 5)
    leaves, stays = (asyncio.create_task(places.take(Kind.NEW, 5)) for _ in range(2))
    await asyncio.sleep(0)
    places.give(place)
    leaves.cancel()
    assert await stays is not None
    assert places.taken == 1
