"""What the README says to try does what it says, typed as it stands."""

import asyncio
import re
import subprocess
from pathlib import Path

import pytest

from tests.e2e.example import ExampleService
from tests.e2e.process import SidecarProcess

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text()
(SCRIPT,) = re.findall(r"^```\n(echo .*?)^```", README, re.MULTILINE | re.DOTALL)


@pytest.fixture
async def sidecar(tmp_path):
    service = ExampleService(tmp_path / "uploads")
    path = tmp_path / "sidecar.yaml"
    port = await service.start()
    path.write_text(
        "mode: enforce\nlisten: 127.0.0.1:0\nadmin: {listen: 127.0.0.1:0}\nisolation: {spare: 0}\n"
        f"upstream: {{url: http://127.0.0.1:{port}}}\nspool: {{directory: {tmp_path}}}\n"
    )
    sidecar = await SidecarProcess.start(path)
    yield sidecar
    await sidecar.kill()
    await service.end()


def typed(script: str, directory: Path, sidecar: SidecarProcess) -> str:
    """What the lines write, with the status of each answer behind it."""
    here = script.replace(":8080", f":{sidecar.port}").replace(":9090", f":{sidecar.admin_port}")
    here = re.sub(r"^curl ", r"curl -sw '\\nstatus %{http_code}\\n' ", here, flags=re.MULTILINE)
    done = subprocess.run(["bash", "-ec", here], cwd=directory, capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


async def test_lines_to_try_give_what_their_comments_promise(sidecar, tmp_path):
    promised = re.findall(r"^curl .*# (\d{3}):", SCRIPT, re.MULTILINE)
    told = await asyncio.to_thread(typed, SCRIPT, tmp_path, sidecar)
    first, second, listing, metrics = re.split(r"^status \d+\n", told, flags=re.MULTILINE)
    assert re.findall(r"^status (\d+)$", told, re.MULTILINE) == [*promised, "200"] == ["200", "422", "200"]
    assert '"filename":"cat.png"' in first
    assert "suffix_forbidden" in second
    assert "cat.png" in listing
    assert "shell.php" not in listing
    assert re.search(r'verdict="bad"\} 1\.0$', metrics, re.MULTILINE)


async def test_refusal_that_is_shown_is_the_one_that_is_given(sidecar, tmp_path):
    shown = re.search(r"^HTTP/1\.1 422 .*?^}", README, re.MULTILINE | re.DOTALL)[0]
    script = SCRIPT.replace("curl -F file=@shell.php", "curl -i -F file=@shell.php")
    told = await asyncio.to_thread(typed, script, tmp_path, sidecar)
    for name in re.findall(r'^  "(\w+)":', shown, re.MULTILINE):
        assert f'"{name}":' in told
    for line in ("HTTP/1.1 422 ", "Content-Type: application/problem+json"):  # Python 3.13 has another phrase
        assert line in shown
        assert line in told
    for name in ("type", "status", "code", "failed", "expected", "part", "retry"):
        value = re.search(rf'"{name}": ("[^"]*"|\d+)', shown)[1]
        assert re.search(rf'"{name}": ?{re.escape(value)}', told), name
