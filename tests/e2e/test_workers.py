"""Several processes behave as one."""

import asyncio
import contextlib
import json
import os
import re
import resource
import signal
from pathlib import Path

import pytest

from tests.descriptors import open_descriptors
from tests.e2e.process import SidecarProcess
from tests.e2e.test_run import get, upload
from tests.wire import PNG, Wire, form, post

BODY = form(("a", "a.png", "image/png", PNG))
BAD = form(("a", "a.php", "image/png", PNG))
GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def lives(pid: int) -> bool:
    return Path(f"/proc/{pid}/exe").exists()


def workers_of(sidecar) -> list[int]:
    return [int(pid) for pid in Path(f"/proc/{sidecar.pid}/task/{sidecar.pid}/children").read_text().split()]


async def figure(sidecar, pattern: str) -> float:
    _, text = await get(sidecar.admin_port, "/metrics")
    return sum(float(value) for value in re.findall(f"^upload_sidecar_{pattern} (.*)$", text, re.MULTILINE))


async def until(condition):
    async with asyncio.timeout(15):
        while not await condition():
            await asyncio.sleep(0.05)


@pytest.fixture
async def several(run, config):
    async def start(**settings):
        return await run(config(workers=2, **settings))

    return start


async def test_metrics_are_those_of_all_workers_together(several, service):
    sidecar = await several()
    wires = [await Wire.open(sidecar.port) for _ in range(30)]
    for wire in wires:
        assert (await wire.ask(GET)).status == 200
    assert [await upload(sidecar.port, body) for body in (BODY, BAD)] == [200, 422]
    assert await figure(sidecar, r'requests_total\{code="200",method="GET",route="default"\}') == 30
    assert await figure(sidecar, r"uploads_total\{.*\}") == 2
    assert await figure(sidecar, r'request_duration_seconds_bucket\{le="\+Inf",route="default"\}') == 32
    assert await figure(sidecar, "spool_limit_bytes") == 2**30
    assert await figure(sidecar, "ready") == 1
    assert await figure(sidecar, r'mode\{mode="enforce"\}') == 1


async def test_a_worker_that_is_killed_is_replaced_and_counted_and_the_others_serve_on(several, service):
    sidecar = await several()
    assert await upload(sidecar.port, BODY) == 200
    assert await figure(sidecar, r"uploads_total\{.*\}") == 1
    victim, other = workers_of(sidecar)
    os.kill(victim, signal.SIGKILL)
    assert [await upload(sidecar.port, BODY) for _ in range(10)] == [200] * 10

    async def replaced():
        there = workers_of(sidecar)
        return victim not in there and len(there) == 2 and (await get(sidecar.admin_port, "/readyz"))[0] == 200

    await until(replaced)
    told = [(await sidecar.logged("message"))["message"] for _ in range(2)]
    assert "was killed by signal 9 (SIGKILL; out of memory?)" in told[0]
    assert "serves, in place of the one that ended" in told[1]
    assert other in workers_of(sidecar)
    assert await figure(sidecar, "worker_deaths_total") == 1
    assert await figure(sidecar, r"uploads_total\{.*\}") == 11
    sidecar.signal(signal.SIGTERM)
    assert await sidecar.ended() == 0


async def test_a_worker_that_cannot_be_started_is_tried_again_until_it_can(several):
    sidecar = await several()
    before = resource.prlimit(sidecar.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(sidecar.pid, resource.RLIMIT_NOFILE, (open_descriptors(sidecar.pid) - 4, before[1]))
    os.kill(workers_of(sidecar)[0], signal.SIGKILL)
    pauses = []
    while len(pauses) < 3:
        line = await sidecar.logged("message", logger="sidecar.workers")
        pauses += re.findall(
            r"could not be started: Too many open files; the next one starts in (\S+) s", line["message"]
        )
    assert pauses == ["0.4", "0.8", "1.6"]
    resource.prlimit(sidecar.pid, resource.RLIMIT_NOFILE, before)
    assert "serves, in place" in (await sidecar.logged("message", logger="sidecar.workers"))["message"]
    assert len(workers_of(sidecar)) == 2
    assert (await get(sidecar.admin_port, "/readyz"))[0] == 200
    assert await figure(sidecar, "worker_deaths_total") == 4


async def test_while_a_worker_is_missing_the_instance_is_not_ready(several):
    sidecar = await several()
    os.kill(workers_of(sidecar)[0], signal.SIGSTOP)
    status, text = await get(sidecar.admin_port, "/readyz")
    assert status == 503
    assert "does not answer" in json.loads(text)["reasons"][0]
    os.kill(workers_of(sidecar)[0], signal.SIGCONT)
    assert (await get(sidecar.admin_port, "/readyz"))[0] == 200


async def test_a_reload_reaches_all_and_a_broken_file_none(several, config, tmp_path):
    sidecar = await several()
    path = tmp_path / "sidecar.yaml"
    good = path.read_text()

    async def answers(wires):
        return {(await wire.ask(post(BAD))).status for wire in wires}

    wires = [await Wire.open(sidecar.port) for _ in range(20)]
    assert await answers(wires) == {422}
    path.write_text(good.replace('"enforce"', '"off"'))
    sidecar.signal(signal.SIGHUP)
    await until(lambda: _all(wires, 200))
    assert await figure(sidecar, r'mode\{mode="off"\}') == 1
    assert await figure(sidecar, r'config_reloads_total\{result="success"\}') == 1
    path.write_text("mode: nonsense")
    sidecar.signal(signal.SIGHUP)
    os.kill(workers_of(sidecar)[0], signal.SIGKILL)
    await sidecar.logged("message", logger="sidecar.workers")

    async def ready():
        return (await get(sidecar.admin_port, "/readyz"))[0] == 200 and len(workers_of(sidecar)) == 2

    await until(ready)
    assert {await upload(sidecar.port, BAD) for _ in range(10)} == {200}


async def _all(wires, status):
    return {(await wire.ask(post(BAD))).status for wire in wires} == {status}


async def test_a_worker_in_the_place_of_another_keeps_what_only_a_restart_changes(several, config):
    sidecar = await several()
    config(workers=2, mode="off", spool={"directory": "/nowhere"}, tls={"certificate": "/no.pem", "key": "/no.key"})
    sidecar.signal(signal.SIGHUP)
    assert "spool" in (await sidecar.logged("message", logger="sidecar.config"))["message"]
    os.kill(workers_of(sidecar)[0], signal.SIGKILL)
    lines = [await sidecar.logged("message", logger="sidecar.workers") for _ in range(2)]
    assert "serves, in place" in lines[1]["message"]
    assert {await upload(sidecar.port, BAD) for _ in range(20)} == {200}


async def test_what_keeps_a_worker_from_serving_is_told_in_one_line(config):
    path = config(workers=2, tls={"certificate": "/no.pem", "key": "/no.key"})
    with pytest.raises(AssertionError) as failed:
        await SidecarProcess.start(path)
    lines = str(failed.value).partition("stderr: ")[2].splitlines()
    assert len(lines) == 1
    assert lines[0].startswith("upload-sidecar: before it served, a worker ended with exit code 2: cannot speak TLS: ")
    assert "/no.pem" in lines[0]


async def test_a_drain_reaches_all_and_cuts_nothing(several, service):
    sidecar = await several(drain={"listen": "127.0.0.1:0", "accept_for": 0, "timeout": "10s"})
    wires = [await Wire.open(sidecar.port) for _ in range(20)]
    for wire in wires:
        await wire.send(post(BODY)[:-20])

    async def all_under_way():
        return await figure(sidecar, "requests_in_flight") == 20

    await until(all_under_way)
    asking = asyncio.ensure_future(get(sidecar.drain_port, "/drain"))

    async def not_ready():
        return (await get(sidecar.admin_port, "/readyz"))[0] == 503

    await until(not_ready)
    assert not asking.done()
    answers = await asyncio.gather(*(wire.ask(post(BODY)[-20:]) for wire in wires))
    assert {(answer.status, *answer.values("connection")) for answer in answers} == {(200, b"close")}
    assert json.loads((await asking)[1]) == {"status": "drained", "in_flight": 0}
    sidecar.signal(signal.SIGTERM)
    assert await sidecar.ended() == 0


async def test_while_it_ends_new_connections_are_refused_and_not_left_waiting(several, service):
    sidecar = await several(drain={"accept_for": 0, "timeout": "10s"})
    wire = await Wire.open(sidecar.port)
    await wire.send(post(BODY)[:-20])

    async def under_way():
        return await figure(sidecar, "requests_in_flight") == 1

    await until(under_way)
    sidecar.signal(signal.SIGTERM)

    async def refused():
        try:
            await (await Wire.open(sidecar.port)).close()
        except ConnectionRefusedError:
            return True
        return False

    await until(refused)
    assert (await wire.ask(post(BODY)[-20:])).status == 200
    assert await sidecar.ended() == 0


async def test_whoever_connects_while_it_ends_is_served_or_refused_but_not_cut(several, service):
    """The order of a pod's end: the workers have accepted long enough before SIGTERM, and close at once."""
    sidecar = await several(drain={"listen": "127.0.0.1:0", "accept_for": "1s", "timeout": "10s"})
    await get(sidecar.drain_port, "/drain")
    held = await Wire.open(sidecar.port)
    await held.send(post(BODY)[:-20])
    sidecar.signal(signal.SIGTERM)
    await sidecar.logged("draining")
    outcomes = []
    for _ in range(60):
        try:
            outcomes.append((await (await Wire.open(sidecar.port)).ask(GET)).status)
        except ConnectionRefusedError:
            outcomes.append("refused")
        await asyncio.sleep(0.02)
    assert set(outcomes) <= {200, "refused"}
    assert outcomes[-1] == "refused"
    assert (await held.ask(post(BODY)[-20:])).status == 200
    assert await sidecar.ended() == 0


async def test_what_a_worker_has_to_cut_shows_in_the_exit_code(several, service):
    async def never(reader, writer):
        await reader.read()

    service.script = never
    sidecar = await several(drain={"accept_for": 0, "timeout": "200ms"})
    await (await Wire.open(sidecar.port)).send(post(BODY))
    await service.connected.wait()
    sidecar.signal(signal.SIGTERM)
    assert await sidecar.ended() == 3
    assert sidecar.lines[-1]["event"] == "stopped"
    assert sidecar.lines[-1]["cut"] == 1


async def test_a_worker_that_hangs_is_waited_for_no_longer_than_the_drain_may_take(several):
    sidecar = await several(drain={"listen": "127.0.0.1:0", "accept_for": 0, "timeout": "200ms"})
    hangs = workers_of(sidecar)[0]
    os.kill(hangs, signal.SIGSTOP)
    try:
        async with asyncio.timeout(10):
            assert json.loads((await get(sidecar.drain_port, "/drain"))[1]) == {"status": "timeout", "in_flight": 1}
            sidecar.signal(signal.SIGTERM)
        async with asyncio.timeout(10):
            assert await sidecar.ended() == 3
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.kill(hangs, signal.SIGKILL)
    assert "has not ended in time, and is killed" in sidecar.lines[-2]["message"]
    assert (sidecar.lines[-1]["event"], sidecar.lines[-1]["cut"]) == ("stopped", 1)
    assert not lives(hangs)


async def test_without_its_supervisor_no_worker_stays(several):
    sidecar = await several()
    orphans = workers_of(sidecar)
    sidecar.signal(signal.SIGKILL)
    await sidecar.ended()

    async def gone():
        return not any(lives(pid) for pid in orphans)

    await until(gone)


async def test_ctrl_c_ends_all_in_order(several):
    sidecar = await several()
    for pid in (*workers_of(sidecar), sidecar.pid):
        os.kill(pid, signal.SIGINT)
    assert await sidecar.ended() == 0


async def test_one_process_starts_no_other(run, config):
    sidecar = await run(config(isolation={"spare": 0}))
    assert workers_of(sidecar) == []


async def test_the_page_shows_uploads_and_refusals_of_all_workers_and_of_those_that_died(several, service):
    sidecar = await several(log={"names": "plain"})
    assert await asyncio.gather(*(upload(sidecar.port, BAD) for _ in range(12))) == [422] * 12

    async def told():
        _, page = await get(sidecar.admin_port, "/")
        return len(re.findall("<b>12</b> refused", page)), page.count('<bdi class="name">a.php</bdi>')

    assert await told() == (2, 12)
    for pid in workers_of(sidecar):
        os.kill(pid, signal.SIGKILL)
        await sidecar.logged("message", level="error")
    assert await told() == (2, 12)


async def test_a_disk_that_fails_one_worker_is_told_on_the_page_of_all(several, tmp_path):
    gone = tmp_path / "spool"
    gone.mkdir()
    sidecar = await several(spool={"directory": str(gone)})
    gone.rmdir()
    assert await upload(sidecar.port, form(("a", "a.dat", None, bytes(3 * 1024**2)))) == 503
    assert f"{gone}: No such file or directory" in (await get(sidecar.admin_port, "/"))[1]
