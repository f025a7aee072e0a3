"""A real Prometheus scrapes a real sidecar under real traffic, and is asked everything that dashboard and rules ask."""

import asyncio
import contextlib
import json
import math
import re
from xml.etree import ElementTree as ET

import pytest

from deploy.dashboard.build import CHANGES, dashboard
from deploy.dashboard.picture import drawn
from deploy.dashboard.rows import ROWS
from deploy.monitoring.build import RULES
from tests.deploy.prometheus import Prometheus
from tests.deploy.test_rules import ALERTS, RECORDS
from tests.e2e.process import SidecarProcess
from tests.wire import PNG, Service, Wire, form, post

GOOD = form(("avatar", "a.png", "image/png", PNG))
BAD = form(("avatar", "shell.php", "image/png", PNG))
ANSWER = b"HTTP/1.1 200 OK\r\nX-Cache: HIT\r\nX-DB-Calls: 3\r\nContent-Length: 2\r\n\r\nok"
VALUES = {"namespace": "shop", "pod": ".*", "route": ".*", "__rate_interval": "1m", "__range": "1m"}
RULE = 'rule eicar { strings: $a = "EICAR-STANDARD-ANTIVIRUS-TEST-FILE" condition: $a }'


def filled(expr: str, values: dict[str, str] = VALUES) -> str:
    """A query with its variables, as Grafana would ask it."""
    return re.sub(r"\$(\w+)", lambda found: values[found[1]], expr)


def queries() -> list[tuple[str, str]]:
    """Every query of the dashboard, with the panel that asks it."""
    return [(panel.title, filled(query.expr)) for row in ROWS for panel in row.panels for query in panel.queries]


def settings(service: Service, directory) -> dict:
    """A route that watches, one that refuses, one with two scanners of which one is down, and a check on trial."""
    return {
        "mode": "enforce",
        "listen": "127.0.0.1:0",
        "admin": {"listen": "127.0.0.1:0"},
        "upstream": {"url": service.url, "db_calls": "X-DB-Calls"},
        "spool": {"directory": str(directory)},
        "drain": {"accept_for": "0s"},
        "scanners": {
            "down": {"url": f"clamd://{directory}/no-such-socket", "failures": 1, "pause": "60s"},
            "yara": {"url": f"yara://{directory}/yara"},
        },
        "policies": {
            "default": {},
            "trial": {
                "checks": {"forbidden_suffixes": {"mode": "monitor"}, "type_agreement": "off", "file_names": "off"}
            },
            "scanned": {"scanners": {"use": ["down", "yara"], "on_down": "forward"}},
        },
        "routes": [
            {"path": "/watched", "name": "watched", "mode": "monitor"},
            {"path": "/trial", "name": "trial", "policy": "trial"},
            {"path": "/scanned", "name": "scanned", "policy": "scanned"},
        ],
    }


async def ask(port: int, data: bytes) -> int:
    wire = await Wire.open(port)
    answer = await wire.ask(data)
    await wire.close()
    return answer.status


async def traffic(port: int) -> None:
    """A second's worth of what happens in a day."""
    assert await ask(port, b"GET / HTTP/1.1\r\nHost: a.test\r\n\r\n") == 200
    assert await ask(port, post(GOOD)) == 200
    assert await ask(port, post(BAD)) == 422
    assert await ask(port, post(BAD, target="/watched")) == 200
    assert await ask(port, post(BAD, target="/trial")) == 200
    assert await ask(port, post(GOOD, target="/scanned")) == 200


@pytest.fixture
async def watched(tmp_path):
    """A Prometheus that has seen a sidecar under traffic, and then with its service down."""
    async with contextlib.AsyncExitStack() as stack:
        service = await Service(answer=ANSWER).start()
        stack.push_async_callback(service.stop)
        (tmp_path / "yara").mkdir()
        (tmp_path / "yara" / "eicar.yar").write_text(RULE)
        config = tmp_path / "sidecar.yaml"
        config.write_text(json.dumps(settings(service, tmp_path)))
        sidecar = await SidecarProcess.start(config)
        stack.push_async_callback(sidecar.kill)
        prometheus = await Prometheus.start(tmp_path, f"127.0.0.1:{sidecar.admin_port}", RULES)
        stack.push_async_callback(prometheus.stop)
        await prometheus.until("up == 1")
        await traffic(sidecar.port)
        await prometheus.until('upload_sidecar_uploads_total{route="scanned",verdict!="clean"} > 0')
        await traffic(sidecar.port)
        await service.stop()
        assert await ask(sidecar.port, post(GOOD)) == 502
        await prometheus.until("upload_sidecar_upstream_errors_total > 0")
        await prometheus.until('ALERTS{alertname="UploadSidecarScannerDown"}')
        yield prometheus


async def test_every_query_can_be_asked_and_every_panel_has_data(watched):
    numbers: dict[str, list[float]] = {}
    for title, expr in queries():
        found = [float(line["value"][1]) for line in await watched.ask(expr)]
        numbers.setdefault(title, []).extend(value for value in found if not math.isnan(value))
    assert {title for title, found in numbers.items() if not found} == set()
    for title in (
        "What monitor would have refused", "Refused, by reason", "Found by checks on trial", "Requests by status",
        "Share of uploads refused", "Not examined", "Errors of the service", "Overhead", "Scans", "Share of errors",
        "Left alone after failures", "Cache before the service",
    ):  # fmt: skip
        assert max(numbers[title]) > 0, title
    assert sorted(numbers["Scanner works"]) == [0, 1]

    rules = await watched.rules()
    assert {rule["name"] for rule in rules} == set(ALERTS) | RECORDS
    assert [(rule["name"], rule.get("lastError")) for rule in rules if rule["health"] != "ok"] == []
    for record in RECORDS:
        assert await watched.ask(record), record
    pending = {line["metric"]["alertname"] for line in await watched.ask("ALERTS")}
    assert pending == {"UploadSidecarScannerDown"} | ({"UploadSidecarErrorBudgetBurnFast"} & pending)

    picture = ET.fromstring(await asyncio.to_thread(drawn, watched.url, 10))  # noqa: S314 - our own
    told = [text.text for text in picture.iter("{http://www.w3.org/2000/svg}text")]
    assert {panel.title for row in ROWS for panel in row.panels} <= set(told)
    assert "suffix_forbidden" in " ".join(told)

    for _, expr, _, _ in CHANGES:
        await watched.ask(filled(expr))
    assert await watched.ask(filled(CHANGES[0][1]))
    for variable in dashboard()["templating"]["list"][1:]:
        metric, label = re.fullmatch(r"label_values\((.+), (\w+)\)", variable["query"]["query"]).groups()
        values = {line["metric"].get(label) for line in await watched.ask(filled(metric))}
        assert values, variable["name"]
        assert None not in values
