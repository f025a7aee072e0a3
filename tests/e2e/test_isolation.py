"""The processes that examine files come and go with the sidecar, however it ends."""

import asyncio
import json
import signal
import zlib
from pathlib import Path

import pytest

from bench.processes import tree
from tests.e2e.process import SidecarProcess
from tests.waiting import until
from tests.wire import Service, Wire, form, png, post


def children(pid: int) -> list[int]:
    """All processes below one."""
    return tree(pid)[1:]


def alive(pid: int) -> bool:
    try:
        return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()
    except FileNotFoundError:
        return False


async def started(service: Service, folder: Path, **more: object) -> SidecarProcess:
    settings = {
        "mode": "enforce", "listen": "127.0.0.1:0", "admin": {"listen": "127.0.0.1:0"},
        "upstream": {"url": service.url}, "spool": {"directory": str(folder)}, "drain": {"accept_for": 0},
    }  # fmt: skip
    config = folder / "sidecar.yaml"
    config.write_text(json.dumps(settings | more))
    return await SidecarProcess.start(config)


@pytest.mark.parametrize(("number", "workers"), [(signal.SIGKILL, 1), (signal.SIGTERM, 1), (signal.SIGKILL, 2)])
async def test_nothing_is_left_behind(tmp_path, number, workers):
    service = await Service().start()
    sidecar = await started(service, tmp_path, isolation={"spare": 2}, workers=workers)
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


async def test_what_was_given_up_starts_again_while_a_file_arrives_but_not_for_fields(tmp_path):
    service = await Service().start()
    sidecar = await started(service, tmp_path, isolation={"idle": "100ms"})
    try:
        await until(lambda: not children(sidecar.pid))
        wire = await Wire.open(sidecar.port)
        assert (await wire.ask(post(form(("comment", None, None, b"no file"))))).status == 200
        assert children(sidecar.pid) == []
        image = post(form(("f", "a.png", "image/png", png(zlib.compress(bytes(5)) + bytes(9000)))))
        await wire.send(image[:-1000])
        await until(lambda: children(sidecar.pid))  # before the end of the file has arrived
        assert (await wire.ask(image[-1000:])) is not None
    finally:
        await sidecar.kill()
        await service.stop()
