"""The rungs of the switch, pulled on a running sidecar while traffic flows."""

import asyncio
import contextlib
import json
import re
import signal
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from tests.e2e.test_run import BAD, GOOD, get, upload
from tests.wire import Wire, post

KEY = "upload-sidecar/mode"


async def order(port: int, path: str, body: str) -> tuple[int, dict]:
    def send():
        url = f"http://127.0.0.1:{port}{path}"
        request = urllib.request.Request(url, data=body.encode(), headers={"Sidecar-Control": "1"}, method="POST")
        try:
            with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - our own
                return answer.status, json.load(answer)
        except urllib.error.HTTPError as error:
            return error.code, json.load(error)

    return await asyncio.to_thread(send)


class Traffic:
    """Good uploads, one after the other, on several connections; everyone must arrive."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.statuses: list[int] = []

    async def __aenter__(self):
        self._tasks = [asyncio.create_task(self._flow()) for _ in range(4)]
        return self

    async def _flow(self):
        wire = await Wire.open(self.port)
        while True:
            answer = await wire.ask(post(GOOD))
            self.statuses.append(answer.status if answer else 0)
            await asyncio.sleep(0.005)

    async def __aexit__(self, *_):
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with contextlib.suppress(asyncio.CancelledError):
                await task


async def until_all(port: int, status: int, number: int = 1) -> None:
    """Wait until so many bad uploads in a row are answered so."""
    async with asyncio.timeout(10):
        while {await upload(port, BAD) for _ in range(number)} != {status}:
            await asyncio.sleep(0.01)


@pytest.mark.parametrize("workers", [1, 2])
async def test_mode_file_is_in_force_soon_and_no_request_fails(run, config, tmp_path, workers):
    path = tmp_path / "annotations"
    path.write_text(f'a="b"\n{KEY}="enforce"\n')
    sidecar = await run(config(mode_file=str(path), workers=workers))
    async with Traffic(sidecar.port) as traffic:
        assert await upload(sidecar.port, BAD) == 422
        for mode, status in (("off", 200), ("enforce", 422), ("monitor", 200)):
            swap = tmp_path / "swap"
            swap.write_text(f'a="b"\n{KEY}="{mode}"\n')
            swap.replace(path)
            await until_all(sidecar.port, status)
        await until_all(sidecar.port, 200, 20)  # the last of the workers has it, too
    assert set(traffic.statuses) == {200}
    assert len(traffic.statuses) > 20


async def test_configuration_is_in_force_soon_and_no_request_fails(run, config):
    sidecar = await run(config())
    async with Traffic(sidecar.port) as traffic:
        assert await upload(sidecar.port, BAD) == 422
        for mode, status in (("off", 200), ("enforce", 422)):
            config(mode=mode)
            await until_all(sidecar.port, status)
    assert set(traffic.statuses) == {200}
    assert len(traffic.statuses) > 20


@pytest.mark.parametrize("workers", [1, 2])
async def test_a_word_on_loopback_is_in_force_in_all_workers_once_it_is_answered(run, config, workers):
    sidecar = await run(config(workers=workers))
    assert await upload(sidecar.port, BAD) == 422
    status, told = await order(sidecar.admin_port, "/-/mode", "off")
    assert (status, told["mode"]) == (200, "off")
    assert [await upload(sidecar.port, BAD) for _ in range(12)] == [200] * 12
    await order(sidecar.admin_port, "/-/mode", "clear")
    assert [await upload(sidecar.port, BAD) for _ in range(12)] == [422] * 12


@pytest.mark.parametrize("workers", [1, 2])
async def test_who_decided_the_mode_is_told_everywhere(run, config, workers):
    sidecar = await run(config(workers=workers, enforce_percent=40))
    await order(sidecar.admin_port, "/-/mode", "monitor")
    line = await sidecar.logged("mode")
    assert (line["level"], line["before"], line["mode"]) == ("warning", "enforce", "monitor")
    assert line["by"] == "POST /-/mode"
    told = json.loads((await get(sidecar.admin_port, "/config"))[1])
    assert (told["mode"]["mode"], told["mode"]["source"], told["mode"]["lowered"]) == ("monitor", "control", True)
    assert told["sources"]["enforce_percent"] == "line 1"
    assert "POST /-/mode" in (await get(sidecar.admin_port, "/"))[1]
    figures = await metrics(sidecar)
    assert figures['mode{mode="monitor"}'] == figures['mode_source{source="control"}'] == figures["mode_lowered"] == 1
    assert figures['mode_source{source="file"}'] == figures['enforced_ratio{route="default"}'] == 0
    assert abs(time.time() - figures["mode_since_timestamp_seconds"]) < 30
    await order(sidecar.admin_port, "/-/mode", "clear")
    assert (await metrics(sidecar))['enforced_ratio{route="default"}'] == 0.4


async def metrics(sidecar) -> dict[str, float]:
    _, text = await get(sidecar.admin_port, "/metrics")
    return {name: float(value) for name, value in re.findall(r"^upload_sidecar_(\S+) (\S+)$", text, re.MULTILINE)}


async def test_a_mode_file_that_is_missing_or_nonsense_is_told_and_traffic_goes_on(run, config, tmp_path):
    path = tmp_path / "mode"
    sidecar = await run(config(mode_file=str(path)))
    assert any("is missing" in line.get("message", "") for line in sidecar.lines)
    assert (await metrics(sidecar))["mode_file_valid"] == 0
    assert await upload(sidecar.port, BAD) == 422
    path.write_text("off")
    await until_all(sidecar.port, 200)
    assert (await metrics(sidecar))["mode_file_valid"] == 1
    path.write_text("of")
    line = await sidecar.logged("message", level="error")
    assert "expected off, monitor or enforce" in line["message"]
    assert await upload(sidecar.port, BAD) == 200
    assert (await metrics(sidecar))["mode_file_valid"] == 0


async def test_off_in_the_file_wins_over_the_variable_and_the_flag(run, config):
    sidecar = await run(config(mode="off"), "--mode", "enforce", SIDECAR_MODE="enforce")
    assert await upload(sidecar.port, BAD) == 200
    told = json.loads((await get(sidecar.admin_port, "/config"))[1])["mode"]
    assert (told["source"], told["where"].endswith("sidecar.yaml")) == ("file", True)


async def test_a_reload_reaches_all_workers_and_is_logged_with_its_change_note(run, config):
    sidecar = await run(config(workers=2))
    note = {"owner": "ops@example.com", "reason": "a bad day", "expected": "fewer refusals", "rollback": "git revert"}
    config(workers=2, mode="monitor", change=note)
    status, told = await order(sidecar.admin_port, "/-/reload", "")
    assert (status, told["result"]) == (200, "reloaded")
    assert "mode: enforce -> monitor" in told["changed"]
    assert [await upload(sidecar.port, BAD) for _ in range(12)] == [200] * 12
    line = await sidecar.logged("reloaded", sha256=told["sha256"])
    assert note.items() <= line.items()
    assert "mode: enforce -> monitor" in line["changed"]


async def test_a_change_is_logged_once_however_many_workers_take_it(run, config):
    sidecar = await run(config(workers=2))
    for mode in ("monitor", "clear"):
        await order(sidecar.admin_port, "/-/mode", mode)
    config(workers=2, mode="off")
    await order(sidecar.admin_port, "/-/reload", "")
    sidecar.signal(signal.SIGTERM)
    assert await sidecar.ended() == 0
    told = [line["event"] for line in sidecar.lines if line["event"] in {"mode", "reloaded"}]
    assert told == ["mode", "mode", "reloaded"]


def held(sidecar, what: str) -> int:
    """Descriptors or threads."""
    return len(list(Path(f"/proc/{sidecar.pid}/{what}").iterdir()))


async def test_a_thousand_reloads_leak_nothing(run, config):
    quiet = {"spare": 0}  # a worker that waits comes when it will
    sidecar = await run(config(isolation=quiet))
    assert await upload(sidecar.port, GOOD) == 200  # from here on there is a worker

    async def reloads(times):
        for number in range(times):
            routes = [{"path": f"/{number % 7}", "mode": "monitor"}]
            config(mode=("enforce", "monitor")[number % 2], routes=routes, isolation=quiet)
            status, _ = await order(sidecar.admin_port, "/-/reload", "")
            assert status == 200
        return held(sidecar, "fd"), await upload(sidecar.port, GOOD)

    first, _ = await reloads(200)
    settled, _ = sidecar.resident()
    threads = held(sidecar, "task")
    _, answered = await reloads(800)
    assert answered == 200
    async with asyncio.timeout(10):  # connections that were closed a moment ago go first
        while held(sidecar, "fd") > first:
            await asyncio.sleep(0.05)
    assert sidecar.resident()[0] - settled < 6 * 1024 * 1024
    assert held(sidecar, "task") <= threads
    assert (await metrics(sidecar))['config_reloads_total{result="success"}'] == 1000
