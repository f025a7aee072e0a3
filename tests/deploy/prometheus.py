"""A real Prometheus on a free port, and questions to it."""

import asyncio
import json
import shutil
import socket
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest
import yaml

PATIENCE = 15.0
POLL = 0.1


class Prometheus:
    """Scrapes one sidecar once a second, as the operator would label it."""

    def __init__(self, process: asyncio.subprocess.Process, port: int) -> None:
        self._process = process
        self._port = port

    @classmethod
    async def start(cls, directory: Path, target: str, rules: Path) -> "Prometheus":
        labels = {"namespace": "shop", "pod": "shop-0"}
        config = {
            "global": {"scrape_interval": "500ms", "scrape_timeout": "500ms", "evaluation_interval": "500ms"},
            "rule_files": [str(_quick(rules, directory))],
            "scrape_configs": [
                {"job_name": "shop/upload-sidecar", "static_configs": [{"targets": [target], "labels": labels}]}
            ],
        }
        return await cls.with_config(directory, yaml.safe_dump(config))

    @classmethod
    async def with_config(cls, directory: Path, config: str) -> "Prometheus":
        """One with a configuration as it stands in a file."""
        program = shutil.which("prometheus")
        if program is None:
            pytest.skip("prometheus is missing: Debian has it in the package prometheus")
        path = directory / "prometheus.yaml"
        path.write_text(config)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        process = await asyncio.create_subprocess_exec(
            program, f"--config.file={path}", f"--storage.tsdb.path={directory / 'data'}", "--log.level=error",
            f"--web.listen-address=127.0.0.1:{port}", stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        return cls(process, port)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    async def stop(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self._process.wait()

    async def until(self, expr: str) -> None:
        """Wait until an expression has a result."""
        async with asyncio.timeout(PATIENCE):
            while not await self._ready() or not await self.ask(expr):
                assert self._process.returncode is None, "prometheus has ended"
                await asyncio.sleep(POLL)

    async def ask(self, expr: str) -> list[dict[str, Any]]:
        """The result of an expression now; fails with Prometheus's own words where it cannot be computed."""
        answer = await asyncio.to_thread(self._get, "/api/v1/query", query=expr)
        assert answer["status"] == "success", f"{expr}: {answer.get('error')}"
        return answer["data"]["result"]

    async def rules(self) -> list[dict[str, Any]]:
        """All rules and how their last evaluation went."""
        answer = await asyncio.to_thread(self._get, "/api/v1/rules")
        return [rule for group in answer["data"]["groups"] for rule in group["rules"]]

    async def _ready(self) -> bool:
        try:
            await asyncio.to_thread(self._get, "/-/ready")
        except json.JSONDecodeError:  # it says so in words
            return True
        except OSError:
            return False
        return False

    def _get(self, path: str, **query: str) -> dict[str, Any]:
        url = f"http://127.0.0.1:{self._port}{path}?{urllib.parse.urlencode(query)}"
        try:
            with urllib.request.urlopen(url, timeout=PATIENCE) as answer:
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                if path.startswith("/-/"):
                    raise
                return json.load(error)


def _quick(rules: Path, directory: Path) -> Path:
    """The rules, computed every half second instead of every minute; nothing else is changed."""
    path = directory / "rules.yaml"
    path.write_text(rules.read_text().replace("interval: 1m\n", "interval: 500ms\n"))
    return path
