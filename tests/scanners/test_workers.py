"""Several processes ask an engine as one would: within its bound, told in one picture, ready when all of them are."""

import asyncio

import pytest

from tests.e2e.conftest import config, run  # noqa: F401 - fixtures
from tests.e2e.test_run import get, upload
from tests.e2e.test_workers import figure, until
from tests.scanners.broken import Broken, clamd
from tests.wire import form

BODY = form(("file", "notes.txt", "text/plain", b"an ordinary text\n"))


@pytest.fixture
def settings():
    """Settings of two workers and one clamd on a port."""

    def of(port, **scanner):
        return {
            "workers": 2,
            "scanners": {"av": {"url": f"clamd://127.0.0.1:{port}", "max_file": "64KiB", "pause": "100ms", **scanner}},
            "policies": {"default": {"scanners": {"use": ["av"]}, "checks": "off"}},
        }

    return of


async def test_workers_share_max_scans_and_are_told_of_as_one(run, config, settings):  # noqa: F811 - fixtures
    going = most = 0
    failing = False

    async def script(reader, writer):
        nonlocal going, most
        if failing:
            raise ConnectionError
        going += 1
        most = max(most, going)
        await asyncio.sleep(0.02)
        going -= 1
        writer.write(b"stream: OK\0")

    async with Broken(clamd(script)) as daemon:
        sidecar = await run(config(**settings(daemon.port, max_scans=4, failures=1)))

        async def ready():
            return (await get(sidecar.admin_port, "/readyz"))[0] == 200

        await until(ready)
        assert await asyncio.gather(*(upload(sidecar.port, BODY) for _ in range(40))) == [200] * 40
        assert 1 < most <= 4
        assert await figure(sidecar, r'scans_total\{engine="av",result="clean"\}') == 40
        assert await figure(sidecar, "scan_slots") == 4
        assert await figure(sidecar, r'scanner_up\{engine="av"\}') == 1
        assert await figure(sidecar, r'scanner_last_reload_successful\{engine="av"\}') == 1
        failing = True
        daemon.script = script

        async def all_down():
            await asyncio.gather(*(upload(sidecar.port, BODY) for _ in range(4)))
            return await figure(sidecar, r'scans_total\{engine="av",result="down"\}') > 4

        await until(all_down)
        assert await figure(sidecar, r'scanner_breaker_open\{engine="av"\}') == 1
        assert await figure(sidecar, r'scanner_up\{engine="av"\}') == 0
        status, text = await get(sidecar.admin_port, "/readyz")
        assert (status, "scanner av is down" in text) == (503, True)
        failing = False
        daemon.script = clamd(script)
        await until(ready)
