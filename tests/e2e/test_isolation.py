"""The processes that examine files come and go with the sidecar, however it ends."""

import asyncio
import json
import signal
from pathlib import Path

import pytest

from tests.e2e.process import SidecarProcess
from tests.wire import Service, Wire, form, post


def children(pid: int) -> list[int]:
    """All processes below one."""
    lists = [(task / "children").read_text() for task in Path(f"/proc/{pid}/task").iterdir()]
    below = [int(child) for each in lists for child in each.split()]
    return below + [each for child in below for each in children(child)]


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


@pytest.mark.parametrize(("number", "workers"), [(signal.SIGKILL, 1), (signal.SIGTERM, 1), (signal.SIGKILL, 2)])
async def test_nothing_is_left_behind(tmp_path, number, workers):
    service = await Service().start()
    settings = {
        "mode": "enforce", "listen": "127.0.0.1:0", "admin": {"listen": "127.0.0.1:0"},
        "upstream": {"url": service.url}, "spool": {"directory": str(tmp_path)},
        "isolation": {"spare": 2}, "workers": workers, "drain": {"accept_for": 0},
    }  # fmt: skip
    config = tmp_path / "sidecar.yaml"
    config.write_text(json.dumps(settings))
    sidecar = await SidecarProcess.start(config)
    try:
        wire = await Wire.open(sidecar.port)
        assert (await wire.ask(post(form(("f", "a.txt", "text/plain", b"hello"))))).status == 200
        async with asyncio.timeout(10):
            while len(found := children(sidecar.pid)) < 3 * workers:
                await asyncio.sleep(0.05)
        sidecar.signal(number)
        await sidecar.ended()
        async with asyncio.timeout(10):
            while any(map(alive, found)):
                await asyncio.sleep(0.02)
    finally:
        await sidecar.kill()
        await service.stop()
