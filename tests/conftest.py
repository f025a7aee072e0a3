"""A sidecar and a service behind it, both real, both on free ports of loopback."""

import inspect
import json
import subprocess

import hypothesis
import pytest

from tests.lent_template import LentTemplate
from tests.wire import Service, Wire

# A shared machine may be slow at any moment; time is measured in bench/.
hypothesis.settings.register_profile("unhurried", deadline=None)
hypothesis.settings.load_profile("unhurried")


@pytest.fixture
async def service():
    """A service whose answers the test chooses."""
    service = await Service().start()
    yield service
    await service.stop()


@pytest.fixture(autouse=True)
def _closed_wires(request):
    """A loop is made for those tests only that may have opened one."""
    if inspect.iscoroutinefunction(request.function):
        request.getfixturevalue("_closed_wires_of_a_loop")


@pytest.fixture
async def _closed_wires_of_a_loop():
    yield
    await _close_wires()


async def _close_wires():
    while Wire.opened:
        await Wire.opened.pop().close()


@pytest.fixture(scope="session", autouse=True)
def _ended_template():
    yield
    LentTemplate.end()


@pytest.fixture
def small_disk(tmp_path):
    """A directory with room for 4 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], check=False, capture_output=True)
    if mounted.returncode:
        pytest.skip("mounting a small tmpfs is not allowed here")
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)  # a test that fails has files open there


@pytest.fixture
async def start(tmp_path, monkeypatch):
    """Starts instances from settings, given as the file has them; ends them after the test."""
    monkeypatch.setattr("sidecar.isolation.workers.TemplateProcess", LentTemplate.take)
    from sidecar.cli.serving.instance import Instance  # noqa: PLC0415

    instances = []

    async def start(service: Service, **settings):
        upstream = {"url": service.url, **settings.pop("upstream", {})}
        settings = {"mode": "enforce", "listen": "127.0.0.1:0", "admin": {"listen": "127.0.0.1:0"}, **settings}
        settings.setdefault("drain", {"timeout": "2s"})
        settings.setdefault("isolation", {"spare": 0})  # no process that a test does not need
        settings.setdefault("spool", {})["directory"] = settings.get("spool", {}).get("directory", str(tmp_path))
        path = tmp_path / f"sidecar-{len(instances)}.yaml"
        path.write_text(json.dumps({**settings, "upstream": upstream}))  # JSON is YAML
        instance = Instance(path, {}, {})
        instances.append(instance)
        await instance.start()
        return instance

    yield start
    await _close_wires()  # what lingers would be waited for
    for instance in instances:
        instance.live.current.service.close()
        await instance.stop(accept_for=0)


@pytest.fixture
def sidecar(start):
    """Starts an instance in front of a service; gives the port for clients."""

    async def port_of(service: Service, **settings) -> int:
        instance = await start(service, **settings)
        return int(instance.address.rpartition(":")[2])

    return port_of
