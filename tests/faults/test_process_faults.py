"""A sidecar of its own, and what hits a process: signals, new configurations, a service that is killed."""

import asyncio
import json
import re
import resource
import signal
import sys
import urllib.request
from pathlib import Path

import pytest

from tests.descriptors import open_descriptors
from tests.e2e.process import SidecarProcess
from tests.faults.ways import ROUTES, request
from tests.wire import PNG, Wire, form, post

GOOD = request("hold", 2048)
BAD = post(form(("f", "shell.php", "image/png", PNG)))
SERVICE = """
import asyncio, sys
async def serve(reader, writer):
    await reader.readuntil(b"\\r\\n\\r\\n")
    await asyncio.sleep(60)
async def main():
    server = await asyncio.start_server(serve, "127.0.0.1", int(sys.argv[1]))
    print("ready", flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


@pytest.fixture
def config(tmp_path, service):
    """Writes a configuration file for a sidecar in front of the service."""

    def write(**settings):
        path = tmp_path / "sidecar.yaml"
        own = {"mode": "enforce", "routes": ROUTES, "drain": {"accept_for": "0s", "timeout": "20s"}}
        listening = {"listen": "127.0.0.1:0", "admin": {"listen": "127.0.0.1:0"}, "upstream": {"url": service.url}}
        written = {**listening, **own, "spool": {"directory": str(tmp_path)}, **settings}
        beside = path.with_suffix(".new")
        beside.write_text(json.dumps(written))
        beside.rename(path)
        return path

    return write


@pytest.fixture
async def run():
    """Starts sidecars as processes."""
    running = []

    async def start(config):
        sidecar = await SidecarProcess.start(config)
        running.append(sidecar)
        return sidecar

    yield start
    for sidecar in running:
        await sidecar.kill()


async def metric(sidecar, series: str) -> float:
    def fetch() -> str:
        with urllib.request.urlopen(f"http://127.0.0.1:{sidecar.admin_port}/metrics", timeout=10) as answer:
            return answer.read().decode()

    found = re.search(rf"^upload_sidecar_{re.escape(series)} (\S+)$", await asyncio.to_thread(fetch), re.MULTILINE)
    return float(found[1])


async def until(sidecar, series: str, value: float) -> None:
    async with asyncio.timeout(10):
        while await metric(sidecar, series) != value:
            await asyncio.sleep(0.02)


async def upload(port: int, body: bytes) -> int:
    wire = await Wire.open(port)
    answer = await wire.ask(body)
    await wire.close()
    return answer.status


async def test_a_hundred_uploads_under_way_at_sigterm_all_finish(run, config, service):
    sidecar = await run(config())
    wires = [await Wire.open(sidecar.port) for _ in range(100)]
    whole = [request(("hold", "stream", "monitor", "pass")[number % 4], 2048) for number in range(100)]
    for wire, sent in zip(wires, whole, strict=True):
        await wire.send(sent[:-50])
    await until(sidecar, "requests_in_flight", 100)
    sidecar.signal(signal.SIGTERM)
    await sidecar.logged("draining")
    answers = await asyncio.gather(*(wire.ask(sent[-50:]) for wire, sent in zip(wires, whole, strict=True)))
    assert [answer.status for answer in answers] == [200] * 100
    assert all(answer.values("connection") == [b"close"] for answer in answers)
    assert await sidecar.ended() == 0
    assert len(service.complete_requests) == 100


async def test_whoever_has_connected_before_the_listener_closes_is_served(run, config):
    sidecar = await run(config())
    sidecar.signal(signal.SIGSTOP)
    wires = [await Wire.open(sidecar.port) for _ in range(30)]
    for wire in wires:
        await wire.send(GOOD)
    sidecar.signal(signal.SIGTERM)
    sidecar.signal(signal.SIGCONT)
    answers = await asyncio.gather(*(wire.read() for wire in wires))
    assert [answer and answer.status for answer in answers] == [200] * 30
    assert await sidecar.ended() == 0


async def test_an_upload_keeps_the_configuration_that_it_began_with(run, config, service):
    sidecar = await run(config())
    begun = [await Wire.open(sidecar.port) for _ in range(2)]
    for wire, sent in zip(begun, (GOOD, BAD), strict=True):
        await wire.send(sent[:200])
    await until(sidecar, "requests_in_flight", 2)
    config(mode="off", upstream={"url": "http://127.0.0.1:9"})
    sidecar.signal(signal.SIGHUP)
    await until(sidecar, 'mode{mode="off"}', 1)
    assert await upload(sidecar.port, GOOD) == 502
    answers = [await wire.ask(sent[200:]) for wire, sent in zip(begun, (GOOD, BAD), strict=True)]
    assert [answer.status for answer in answers] == [200, 422]
    assert len(service.requests) == 1


async def test_broken_configurations_under_traffic_hurt_nobody(run, config):
    path = config()
    sidecar = await run(path)
    statuses = []
    done = asyncio.Event()

    async def traffic(body: bytes, expected: int) -> None:
        while not done.is_set():
            statuses.append(await upload(sidecar.port, body) == expected)

    flowing = [asyncio.ensure_future(traffic(GOOD, 200)), asyncio.ensure_future(traffic(BAD, 422))]
    for number, text in enumerate(["mode: of\n", "{", "\x00", "policies: [1]\n", "routes:\n- path: x\n"]):
        path.write_text(text)
        sidecar.signal(signal.SIGHUP)
        await until(sidecar, 'config_reloads_total{result="failure"}', number + 1)
    path.unlink()
    sidecar.signal(signal.SIGHUP)
    await until(sidecar, 'config_reloads_total{result="failure"}', 6)
    config()
    sidecar.signal(signal.SIGHUP)
    await until(sidecar, "config_last_reload_successful", 1)
    done.set()
    await asyncio.gather(*flowing)
    assert len(statuses) > 10
    assert all(statuses)


@pytest.mark.parametrize("way", ["hold", "stream", "monitor", "pass"])
async def test_a_service_killed_in_mid_upload_is_told_as_such_and_found_again(run, config, service, way):
    await service.stop()
    victim = await asyncio.create_subprocess_exec(
        sys.executable, "-c", SERVICE, str(service.port), stdout=asyncio.subprocess.PIPE
    )
    await victim.stdout.readline()
    sidecar = await run(config())
    before = open_descriptors(sidecar.pid)
    wire = await Wire.open(sidecar.port)
    sent = request(way, 8_000_000)
    wire.writer.write(sent if way == "hold" else sent[: len(sent) // 2])
    await until(sidecar, "requests_in_flight", 1)
    if way == "hold":
        await until_connected(victim.pid)
    victim.kill()
    await victim.communicate()
    answer = await wire.read()
    assert answer.status == 502
    await wire.close()
    await service.start()
    assert await upload(sidecar.port, request(way, 2048)) == 200
    await until(sidecar, "spool_used_bytes", 0)
    async with asyncio.timeout(10):
        while open_descriptors(sidecar.pid) > before + 3:  # the spool's directory, libmagic's and the pool's own
            await asyncio.sleep(0.02)


async def until_connected(pid: int) -> None:
    """Until the process has a connection beside the socket that it listens on and those of its event loop."""
    async with asyncio.timeout(10):
        while sockets(pid) < 4:
            await asyncio.sleep(0.01)


def sockets(pid: int) -> int:
    return sum("socket:" in str(link.readlink()) for link in Path(f"/proc/{pid}/fd").iterdir())


async def test_without_a_descriptor_for_the_spool_the_upload_is_refused_and_the_next_passes(run, config):
    sidecar = await run(config())
    wire = await Wire.open(sidecar.port)
    assert (await wire.ask(GOOD)).status == 200
    sent = request("hold", 3_000_000)
    await wire.send(sent[:500_000])
    await until(sidecar, "requests_in_flight", 1)
    full = open_descriptors(sidecar.pid)
    soft, hard = resource.prlimit(sidecar.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(sidecar.pid, resource.RLIMIT_NOFILE, (full - 2, hard))
    wire.writer.write(sent[500_000:])
    answer = await wire.read()
    assert answer.status == 503
    resource.prlimit(sidecar.pid, resource.RLIMIT_NOFILE, (soft, hard))
    assert await upload(sidecar.port, sent) == 200
