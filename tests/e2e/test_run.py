"""`run` as an operator meets it: start, switch, fail, end."""

import asyncio
import json
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request

import pytest

from tests.wire import PNG, Wire, form, post

GOOD = form(("avatar", "a.png", "image/png", PNG))
BAD = form(("avatar", "shell.php", "image/png", PNG))


async def get(port: int, path: str) -> tuple[int, str]:
    def fetch():
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()

    return await asyncio.to_thread(fetch)


async def upload(port: int, body: bytes) -> int:
    wire = await Wire.open(port)
    answer = await wire.ask(post(body))
    await wire.close()
    return answer.status


async def test_a_good_file_arrives_a_bad_one_is_refused_and_both_are_counted(run, config, service):
    sidecar = await run(config())
    assert await upload(sidecar.port, GOOD) == 200
    assert await upload(sidecar.port, BAD) == 422
    assert len(service.requests) == 1
    _, metrics = await get(sidecar.admin_port, "/metrics")
    counted = dict(re.findall(r"^upload_sidecar_uploads_total(\{.*\}) ([1-9].*)$", metrics, re.MULTILINE))
    assert counted == {
        '{action="forwarded",route="default",verdict="clean"}': "1.0",
        '{action="rejected",route="default",verdict="bad"}': "1.0",
    }


async def test_one_line_of_log_for_each_upload_with_the_id_of_the_answer(run, config, service):
    sidecar = await run(config())
    wire = await Wire.open(sidecar.port)
    answer = await wire.ask(post(GOOD))
    line = await sidecar.logged("upload")
    assert [line["request_id"].encode()] == answer.values("x-request-id") == service.requests[0].values("x-request-id")
    assert line["files"][0]["sha256"]


async def test_a_request_id_of_the_client_is_kept(run, config, service):
    sidecar = await run(config())
    wire = await Wire.open(sidecar.port)
    answer = await wire.ask(post(BAD, fields=b"X-Request-ID: trace-1234\r\n"))
    assert answer.values("x-request-id") == [b"trace-1234"]
    assert json.loads(answer.body)["request_id"] == "trace-1234"


async def test_the_admin_port_answers(run, config):
    sidecar = await run(config())
    assert (await get(sidecar.admin_port, "/healthz"))[0] == 200
    assert (await get(sidecar.admin_port, "/readyz"))[0] == 200
    assert json.loads((await get(sidecar.admin_port, "/config"))[1])["config"]["mode"] == "enforce"
    assert "enforce" in (await get(sidecar.admin_port, "/"))[1]


async def test_a_changed_file_switches_the_mode_while_traffic_flows(run, config):
    path = config()
    sidecar = await run(path)
    assert await upload(sidecar.port, BAD) == 422
    config(mode="off")
    async with asyncio.timeout(10):
        while (status := await upload(sidecar.port, BAD)) == 422:
            await asyncio.sleep(0.02)
    assert status == 200


async def test_a_broken_file_changes_nothing_and_is_told(run, config):
    path = config()
    sidecar = await run(path)
    path.write_text("mode: of\n")
    sidecar.signal(signal.SIGHUP)
    line = await sidecar.logged("message", level="error")
    assert f"{path}:1" in line["message"]
    assert await upload(sidecar.port, BAD) == 422
    _, metrics = await get(sidecar.admin_port, "/metrics")
    assert "upload_sidecar_config_last_reload_successful 0.0" in metrics
    assert 'upload_sidecar_config_reloads_total{result="failure"} 1.0' in metrics


async def test_every_sighup_is_answered_by_a_line(run, config):
    sidecar = await run(config())
    for _ in range(2):
        sidecar.signal(signal.SIGHUP)
        line = await sidecar.logged("message", logger="sidecar.config")
        assert line["message"] == "configuration read again, it is the one in force"


async def test_the_environment_wins_over_the_file_and_flags_over_both(run, config):
    by_environment = await run(config(), SIDECAR_MODE="off")
    assert await upload(by_environment.port, BAD) == 200
    by_flag = await run(config(), "--mode", "enforce", SIDECAR_MODE="monitor")
    assert await upload(by_flag.port, BAD) == 422


async def test_an_upload_under_way_at_sigterm_is_finished(run, config, service):
    sidecar = await run(config())
    wire = await Wire.open(sidecar.port)
    request = post(GOOD)
    await wire.send(request[:-20])
    await wait_until_in_flight(sidecar)
    sidecar.signal(signal.SIGTERM)
    await sidecar.logged("draining")
    await wire.send(request[-20:])
    answer = await wire.read()
    assert answer.status == 200
    assert answer.values("connection") == [b"close"]
    assert await sidecar.ended() == 0
    assert len(service.complete_requests) == 1


async def wait_until_in_flight(sidecar):
    async with asyncio.timeout(10):
        while "upload_sidecar_requests_in_flight 1.0" not in (await get(sidecar.admin_port, "/metrics"))[1]:
            await asyncio.sleep(0.02)


async def test_what_cannot_finish_is_cut_and_the_exit_code_tells(run, config):
    sidecar = await run(config(drain={"accept_for": "0s", "timeout": "200ms"}))
    wire = await Wire.open(sidecar.port)
    await wire.send(post(GOOD)[:-20])
    await wait_until_in_flight(sidecar)
    sidecar.signal(signal.SIGTERM)
    assert await sidecar.ended() == 3


async def test_readiness_fails_first_and_new_connections_are_still_taken(run, config):
    sidecar = await run(config(drain={"accept_for": "2s"}))
    sidecar.signal(signal.SIGTERM)
    await sidecar.logged("draining")
    status, body = await get(sidecar.admin_port, "/readyz")
    assert status == 503
    assert "shutting down" in body
    assert await upload(sidecar.port, GOOD) == 200
    assert await sidecar.ended() == 0


async def test_an_idle_sidecar_ends_at_once_on_ctrl_c(run, config):
    sidecar = await run(config(drain={"accept_for": "30s"}))
    idle = await Wire.open(sidecar.port)
    assert (await idle.ask(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")).status == 200
    sidecar.signal(signal.SIGINT)
    assert await sidecar.ended() == 0


async def test_a_service_that_is_down_gives_502_and_says_that_a_retry_is_safe(run, config, service):
    await service.stop()
    sidecar = await run(config())
    wire = await Wire.open(sidecar.port)
    answer = await wire.ask(post(GOOD))
    problem = json.loads(answer.body)
    assert (answer.status, problem["code"], problem["retry"]) == (502, "upstream_unreachable", "safe")


def failing(*arguments: str) -> str:
    run = subprocess.run(
        [sys.executable, "-m", "sidecar", "run", *arguments], capture_output=True, text=True, check=False, timeout=30
    )
    assert run.returncode == 2, run.stderr
    assert "Traceback" not in run.stderr
    return run.stderr


def test_a_broken_configuration_names_every_error(tmp_path):
    path = tmp_path / "sidecar.yaml"
    path.write_text("mode: of\npolicies:\n  default:\n    max_files: many\n")
    said = failing("--config", str(path))
    assert f"{path}:1" in said
    assert f"{path}:4" in said


def test_a_missing_file_is_named():
    assert "/nowhere.yaml" in failing("--config", "/nowhere.yaml")


@pytest.mark.parametrize("flag", ["--mode", "--listen", "--admin-listen", "--upstream"])
def test_a_wrong_flag_is_called_as_it_was_typed(flag):
    assert f"{flag}: is not valid; expected " in failing(flag, "foo")


def test_a_port_in_use_is_named():
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        said = failing("--listen", f"127.0.0.1:{port}", "--admin-listen", "127.0.0.1:0")
    assert f"127.0.0.1:{port}" in said
    assert "in use" in said


def test_a_spool_directory_that_cannot_be_written_is_named(tmp_path):
    path = tmp_path / "sidecar.yaml"
    path.write_text(f"spool:\n  directory: {tmp_path}/missing\n")
    said = failing("--config", str(path))
    assert "spool.directory" in said
    assert "missing" in said


@pytest.mark.parametrize("size", [100_000_000])
async def test_eight_large_uploads_at_once_stay_small_in_memory(run, config, service, size):
    async def swallow(reader, writer):
        head = await reader.readuntil(b"\r\n\r\n")
        left = int(re.search(rb"(?i)content-length: (\d+)", head)[1])
        while left and (chunk := await reader.read(1 << 20)):
            left -= len(chunk)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok" if not left else b"")
        writer.close()

    service.script = swallow
    sidecar = await run(config(policies={"default": {"max_body": "1GiB", "max_file": "1GiB"}}))
    assert await upload(sidecar.port, GOOD) == 200
    before, _ = sidecar.resident()
    opening, closing = form(("f", "big.dat", None, b"|")).split(b"|")
    block = bytes(range(255, -1, -1)) * 4096

    async def send() -> int:
        wire = await Wire.open(sidecar.port)
        blocks = size // len(block)
        head = post(b"").replace(
            b"Content-Length: 0", b"Content-Length: %d" % (len(opening + closing) + blocks * len(block))
        )
        await wire.send(head + opening)
        for _ in range(blocks):
            await wire.send(block)
        return (await wire.ask(closing)).status

    assert await asyncio.gather(*(send() for _ in range(8))) == [200] * 8
    assert sidecar.resident()[1] - before < 64 * 1024 * 1024
