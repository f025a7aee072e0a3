"""The parts of docker-compose.yaml, started by hand with the very configurations that they have there."""

import asyncio
import contextlib
import json
import sys

import pytest

from deploy.dashboard.rows import ROWS
from tests.deploy.prometheus import Prometheus
from tests.deploy.test_compose import ROOT, mounts
from tests.deploy.test_prometheus import VALUES, filled
from tests.e2e.example import ExampleService
from tests.e2e.process import SidecarProcess
from tests.scanners import daemons
from tests.wire import PNG, Wire, form, post

LAPTOP = {**VALUES, "namespace": "laptop", "__rate_interval": "20s", "__range": "20s"}


@pytest.fixture(scope="module")
def clamd(tmp_path_factory):
    clamd = daemons.start_clamd(tmp_path_factory.mktemp("clamd"))
    yield clamd
    daemons.end(clamd.process)


@pytest.fixture
async def laptop(clamd, tmp_path):
    """Sidecar and Prometheus, before a service and a clamd; only addresses differ from those in the containers."""
    async with contextlib.AsyncExitStack() as stack:
        service = ExampleService(tmp_path / "uploads")
        stack.push_async_callback(service.end)
        sidecar = await SidecarProcess.start(
            mounts("sidecar")["/etc/upload-sidecar"] / "sidecar.yaml",
            SIDECAR_LISTEN="127.0.0.1:0",
            SIDECAR_ADMIN__LISTEN="127.0.0.1:0",
            SIDECAR_UPSTREAM__URL=f"http://127.0.0.1:{await service.start()}",
            SIDECAR_SCANNERS__CLAMD__URL=clamd.tcp_url,
            SIDECAR_SPOOL__DIRECTORY=str(tmp_path),
        )
        stack.push_async_callback(sidecar.kill)
        text = mounts("prometheus")["/etc/prometheus/prometheus.yml"].read_text()
        for theirs, here in (
            ("sidecar:9090", f"127.0.0.1:{sidecar.admin_port}"),
            ("/etc/prometheus/rules.yaml", str(mounts("prometheus")["/etc/prometheus/rules.yaml"])),
            ("scrape_interval: 5s", "scrape_interval: 500ms"),
        ):
            assert theirs in text
            text = text.replace(theirs, here)
        prometheus = await Prometheus.with_config(tmp_path, text)
        stack.push_async_callback(prometheus.stop)
        yield sidecar, prometheus


async def asked(port: int, name: str, kind: str, data: bytes) -> tuple[int, str]:
    """What an upload of one file is answered: the name that it is stored under, or the code of the refusal."""
    wire = await Wire.open(port)
    answer = await wire.ask(post(form(("file", name, kind, data))))
    told = json.loads(answer.body)
    return answer.status, told["files"][0]["filename"] if answer.status == 200 else told["code"]


async def test_laptop_stores_good_files_refuses_bad_ones_and_shows_both(laptop, tmp_path):
    sidecar, prometheus = laptop
    await prometheus.until('upload_sidecar_scanner_up{engine="clamd"} == 1')
    assert await asked(sidecar.port, "cat.png", "image/png", PNG) == (200, "cat.png")
    assert await asked(sidecar.port, "shell.php", "text/plain", b"<?php ?>") == (422, "suffix_forbidden")
    await prometheus.until('upload_sidecar_scans_total{engine="clamd",result="clean"} > 0')
    await prometheus.until('upload_sidecar_uploads_total{namespace="laptop",pod="sidecar",verdict="bad"} > 0')
    modes = await prometheus.ask(filled(ROWS[0].panels[0].queries[0].expr, LAPTOP))
    assert [found["metric"] for found in modes] == [{"mode": "enforce"}]

    picture = tmp_path / "dashboard.svg"
    command = (sys.executable, "-m", "deploy.dashboard.picture", prometheus.url, str(picture), "--seconds", "20")
    drawing = await asyncio.create_subprocess_exec(*command, cwd=ROOT)
    assert await drawing.wait() == 0
    assert "Mode" in picture.read_text()
