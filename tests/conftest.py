"""A sidecar and a service behind it, both real, both on free ports of loopback."""

import json

import hypothesis
import pytest

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
async def _closed_wires():
    yield
    while Wire.opened:
        await Wire.opened.pop().close()


@pytest.fixture
async def start(tmp_path):
    """Starts instances from settings, given as the file has them; ends them after the test."""
    from sidecar.cli.instance import Instance  # noqa: PLC0415

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
