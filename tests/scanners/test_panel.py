"""Scanners live as long as some upload may ask them, and no longer."""

import asyncio
import json
import time

import pytest

from sidecar.cli.config_file import build_config
from sidecar.policy.settings.model import Mode
from sidecar.scanners import panel as panels
from sidecar.scanners.panel import Panel
from sidecar.scanners.result import EngineError, Trouble


class Engine:
    """Knows nothing but whether it was let go of."""

    unpacks = wants_files_alone = False
    refused = ""

    def __init__(self, _settings):
        self.closed = asyncio.Event()

    async def identify(self):
        raise EngineError(Trouble.DOWN, "not there")

    async def close(self):
        self.closed.set()


def configured(**settings):
    scanners = {"av": {"url": "clamd://127.0.0.1:1", **settings}}
    policies = {"default": {"scanners": {"use": ["av"]}}}
    return build_config(json.dumps({"scanners": scanners, "policies": policies}).encode(), {}, {})


@pytest.fixture
async def panel(monkeypatch):
    monkeypatch.setattr(panels, "make_engine", Engine)
    monkeypatch.setattr(panels, "_LOOK_EVERY", 0.01)
    panel = Panel(None, time.monotonic)
    panel.apply(configured())
    panel.start()
    yield panel
    await panel.close()


async def test_a_scanner_that_was_replaced_lives_until_the_last_upload_that_began_with_it_is_done(panel):
    policy = configured().policies["default"]
    first, second = panel.bench(policy), panel.bench(policy)
    closed = first.scanners[0]._engine.closed
    panel.apply(configured(max_scans=3))
    third = panel.bench(policy)
    assert third.scanners != first.scanners
    del first
    await asyncio.sleep(0.1)
    assert not closed.is_set()
    del second
    async with asyncio.timeout(10):
        await closed.wait()
    assert not third.scanners[0]._engine.closed.is_set()


async def test_a_scanner_that_nobody_asks_any_more_ends_at_once(panel):
    closed = panel.scanners["av"]._engine.closed
    panel.apply(configured(max_scans=3))
    async with asyncio.timeout(10):
        await closed.wait()


async def test_the_end_of_all_waits_for_no_upload(panel):
    bench = panel.bench(configured().policies["default"])
    panel.apply(configured(max_scans=3))
    async with asyncio.timeout(10):
        await panel.close()
    assert bench.scanners[0]._engine.closed.is_set()


async def test_a_scanner_that_is_down_is_told_with_where_it_was_looked_for(panel, caplog):
    panel.apply(configured(max_scans=3))
    async with asyncio.timeout(10):
        await panel.scanners["av"].health.known()
    told = "scanner av is down: not there (clamd://127.0.0.1:1)"
    assert panel.not_ready(configured(), Mode.ENFORCE) == [told]
    assert told in [record.getMessage() for record in caplog.records]
