import asyncio
import json
import signal
import socket
import subprocess
import sys

import pytest

from tests.cli.conftest import ENVIRON, ROOT
from tests.e2e.process import SidecarProcess


@pytest.fixture
async def running(tmp_path):
    """An instance as a process, with its configuration's path."""
    path = tmp_path / "sidecar.yaml"
    settings = {"listen": "127.0.0.1:0", "admin": {"listen": "127.0.0.1:0"}, "drain": {"accept_for": "30s"}}
    path.write_text(json.dumps(settings))
    sidecar = await SidecarProcess.start(path)
    yield sidecar
    await sidecar.kill()


async def test_a_running_instance_is_alive_and_ready(running, process):
    address = f"127.0.0.1:{running.admin_port}"
    alive, ready = process("health", "--admin-listen", address), process("health", "--ready", "--admin-listen", address)
    assert (alive.code, alive.out, alive.err) == (0, "alive\n", "")
    assert (ready.code, ready.out, ready.err) == (0, "ready\n", "")


async def test_an_instance_that_shuts_down_is_alive_and_not_ready(running, process):
    running.signal(signal.SIGTERM)
    await running.logged("draining")
    address = f"127.0.0.1:{running.admin_port}"
    assert process("health", "--admin-listen", address).code == 0
    ready = process("health", "--ready", "--admin-listen", address)
    assert (ready.code, ready.out) == (1, "not ready: this instance is shutting down\n")


async def test_the_address_is_that_of_the_file_and_the_environment(running, cli, tmp_path):
    path = tmp_path / "everywhere.yaml"
    path.write_text(f"admin: {{listen: '0.0.0.0:{running.admin_port}'}}\n")
    assert cli("health", "--config", path).code == 0
    assert cli("health", environ={"SIDECAR_ADMIN__LISTEN": f"127.0.0.1:{running.admin_port}"}).code == 0


def test_nobody_there_is_1_and_says_so(cli):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        done = cli("health", "--admin-listen", f"127.0.0.1:{taken.getsockname()[1]}")
    assert done.code == 1
    assert "no answer from the admin port" in done.err


def test_one_that_never_answers_is_1_in_time(cli):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        done = cli("health", "--timeout", "50ms", "--admin-listen", f"127.0.0.1:{silent.getsockname()[1]}")
    assert (done.code, "timed out" in done.err) == (1, True)


async def test_a_socket_in_the_file_system_is_asked_too(cli, start, service, tmp_path):
    address = f"unix://{tmp_path}/a.sock"
    await start(service, admin={"listen": address})
    done = await asyncio.to_thread(cli, "health", "--admin-listen", address)
    assert (done.code, done.out) == (0, "alive\n")


@pytest.mark.parametrize("arguments", [("--admin-listen", "nowhere"), ("--config", "missing.yaml"), ("--timeout", "x")])
def test_a_wrong_command_line_is_2(cli, arguments):
    assert cli("health", *arguments).code == 2


def test_a_wrong_configuration_is_2_with_its_place(cli, tmp_path):
    (tmp_path / "wrong.yaml").write_text("mode: of\n")
    done = cli("health", "--config", "wrong.yaml")
    assert done.code == 2
    assert "wrong.yaml:1" in done.err


def test_a_check_loads_neither_server_nor_libmagic():
    code = (
        "import sys; from sidecar.cli.main import main; main(['health', '--admin-listen', '127.0.0.1:1']); "
        "print(*sorted({'aiohttp', 'uvloop', 'magic', 'prometheus_client'} & set(sys.modules)))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=ENVIRON, capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == "\n"
