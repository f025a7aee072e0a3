"""A change is found within the time that is promised, told in seconds slept: a busy machine adds its own."""

import asyncio

import pytest

from sidecar.policy.settings.model import Mode
from tests.proxy.control.conftest import live_of


@pytest.fixture
def slept(monkeypatch):
    """The seconds of every sleep, which takes none."""
    slept, sleep = [], asyncio.sleep

    async def at_once(seconds):
        slept.append(seconds)
        await sleep(0)

    monkeypatch.setattr(asyncio, "sleep", at_once)
    return slept


@pytest.mark.parametrize(("watched", "seconds"), [("mode", 0.5), ("sidecar.yaml", 1.5)])
async def test_a_change_is_in_force_in_under_so_many_seconds_whenever_it_comes(tmp_path, slept, watched, seconds):
    config, path = tmp_path / "sidecar.yaml", tmp_path / watched
    settings = f"mode_file: {path}\n" if watched == "mode" else ""
    form = "{}" if watched == "mode" else "mode: {}"
    config.write_text(settings)
    path.write_text(form.format("enforce"))
    live = live_of(config)
    watch = asyncio.create_task(live.watch())
    for turns in range(1, 30):
        for _ in range(turns):
            await asyncio.sleep(0)
        wanted, before = (Mode.OFF, Mode.MONITOR)[turns % 2], sum(slept)
        path.write_text(form.format(wanted.value))
        while live.current.mode is not wanted and sum(slept) - before < seconds:
            await asyncio.sleep(0)
        assert sum(slept) - before < seconds
    watch.cancel()
