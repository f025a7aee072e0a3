"""`snapshot` of a real sidecar under traffic, and of a real Prometheus that scrapes it."""

import asyncio
import json
import os
import pty
import socket
import sys
import time

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from sidecar.cli.comparison.baseline import read
from sidecar.cli.labels import labels
from sidecar.telemetry.metrics import Metrics
from sidecar.telemetry.outcome import Outcome
from tests.cli.conftest import ENVIRON, ROOT
from tests.deploy.prometheus import Prometheus
from tests.e2e.process import SidecarProcess
from tests.wire import PNG, Wire, form, post

GET = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
GOOD = post(form(("a", "a.png", "image/png", PNG)))
BAD = post(form(("a", "a.php", "image/png", PNG)))
ANSWER = b"HTTP/1.1 200 OK\r\nX-Cache: HIT\r\nX-DB-Calls: 4\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture
def settings(tmp_path, service):
    path = tmp_path / "sidecar.yaml"
    path.write_text(
        json.dumps(
            {
                "change": {"owner": "me", "reason": "a reason", "bounds": ["refused_ratio < 1%"]},
                "mode": "enforce", "listen": "127.0.0.1:0", "admin": {"listen": "127.0.0.1:0"},
                "upstream": {"url": service.url, "db_calls": "X-DB-Calls"}, "drain": {"accept_for": "0s"},
                "isolation": {"spare": 0}, "spool": {"directory": str(tmp_path)},
            }
        )
    )  # fmt: skip
    return path


@pytest.fixture
async def running(settings, service):
    service.answer = ANSWER
    sidecar = await SidecarProcess.start(settings)
    yield sidecar
    await sidecar.kill()


async def snapshot(directory, *flags, stderr=asyncio.subprocess.PIPE):
    command = (sys.executable, "-m", "sidecar", "snapshot", *map(str, flags))
    return await asyncio.create_subprocess_exec(
        *command, cwd=directory, env={**ENVIRON, "PYTHONPATH": str(ROOT)}, stdout=asyncio.subprocess.PIPE, stderr=stderr
    )


async def traffic_until(port, done):
    """Good and bad requests, one after the other, until something is done."""
    while not done.done():
        for data, status in ((GET, 200), (GOOD, 200), (BAD, 422)):
            wire = await Wire.open(port)
            assert (await wire.ask(data)).status == status
            await wire.close()
        await asyncio.sleep(0.01)


async def test_figures_of_a_running_sidecar_are_kept_with_what_explains_them(running, tmp_path):
    address = f"127.0.0.1:{running.admin_port}"
    began = time.monotonic()
    process = await snapshot(tmp_path, "--admin-listen", address, "--window", "1s", "--output", "before.json")
    ended = asyncio.ensure_future(process.communicate())
    await traffic_until(running.port, ended)
    out, err = await ended
    passed = time.monotonic() - began
    assert (process.returncode, err) == (0, f"looking for 1s at {address}\n".encode())
    found = read(tmp_path / "before.json")
    figures = found.window().figures()
    assert found.command == f"upload-sidecar snapshot --admin-listen {address} --window 1s --output before.json"
    assert (found.modes, found.versions, len(found.configurations)) == (["enforce"], [found.made_by], 1)
    assert (found.change["reason"], found.config["upstream"]["db_calls"]) == ("a reason", "X-DB-Calls")
    assert 1 <= found.seconds <= passed
    assert 0.3 < figures["refused_ratio", ""].value < 0.7
    assert figures["cache_hit_ratio", ""].value == 1
    assert figures["db_calls", ""].value == 4
    assert 0 < figures["p50", "default"].value <= figures["p99", "default"].value
    assert figures["overhead_p50", ""].cases > 3
    assert found.window().reasons()["suffix_forbidden", "rejected"] > 0
    assert b"Uploads refused" in out


async def test_a_terminal_sees_how_far_it_is(running, tmp_path):
    ours, theirs = pty.openpty()
    flags = ("--admin-listen", f"127.0.0.1:{running.admin_port}", "--window", "2s", "--output", "a.json")
    process = await snapshot(tmp_path, *flags, stderr=theirs)
    os.close(theirs)
    out, _ = await process.communicate()
    told = os.read(ours, 10_000)
    os.close(ours)
    assert process.returncode == 0
    assert b"0 s of 2 s" in told
    assert b"#" * 24 in told
    assert b"No requests were seen: this is no baseline." in out


async def test_prometheus_is_asked_for_the_same(running, settings, tmp_path):
    rules = tmp_path / "none.yaml"
    rules.write_text("groups: []\n")
    server = await Prometheus.start(tmp_path, f"127.0.0.1:{running.admin_port}", rules)
    try:
        told = asyncio.ensure_future(server.until('increase(upload_sidecar_uploads_total{action="rejected"}[1m]) > 1'))
        await traffic_until(running.port, told)
        flags = ("--prometheus", server.url, "--select", 'namespace="shop"', "--window", "1m", "--output", "p.json")
        process = await snapshot(tmp_path, *flags, "--config", settings)
        _, err = await process.communicate()
        assert (process.returncode, err) == (0, b"asking Prometheus for 1m\n")
        found = read(tmp_path / "p.json")
        figures = found.window().figures()
        assert (found.modes, found.change["owner"], len(found.configurations)) == (["enforce"], "me", 1)
        assert 0.2 < figures["refused_ratio", ""].value < 0.8
        assert figures["db_calls", ""].value == pytest.approx(4)
        assert figures["p50", "default"].value > 0
        another = tmp_path / "another.yaml"  # not the one that runs, which is read again when it changes
        another.write_text(settings.read_text() + "\n# another text")
        other = await snapshot(tmp_path, *flags, "--config", another)
        assert b"none of the sidecars had it in force" in (await other.communicate())[1]
        nobody = await snapshot(tmp_path, *flags[:2], "--select", 'namespace="none"', "--output", "n.json")
        assert b"has no figures of a sidecar in that window" in (await nobody.communicate())[1]
        wrong = await snapshot(tmp_path, *flags[:2], "--select", "namespace=", "--output", "n.json")
        assert b"refused the query (400): invalid parameter" in (await wrong.communicate())[1]
        assert [process.returncode for process in (other, nobody, wrong)] == [1, 1, 1]
    finally:
        await server.stop()


@pytest.mark.parametrize(
    ("flags", "hint"),
    [
        ((), "--output"),
        (("--output", "a", "--window", "0"), "--window: expected a time above 0"),
        (("--output", "a", "--window", "soon"), "expected a time such as"),
        (("--output", "a", "--ago", "1h"), "go with --prometheus"),
        (("--output", "a", "--prometheus", "file:///etc/passwd"), "expected http://host:port"),
        (("--output", "a", "--prometheus", "http://a", "--admin-listen", "a:1"), "got both"),
        (("--output", "a", "--config", "none.yaml"), "cannot be read"),
        (("--output", "a", "--admin-listen", "nonsense"), "expected host:port"),
    ],
)
def test_wrong_usage_is_2_and_explained(cli, flags, hint):
    done = cli("snapshot", *flags)
    assert (done.code, hint in done.err) == (2, True)


@pytest.mark.parametrize(
    ("output", "why"), [("/nonexistent/x.json", "No such file or directory"), (".", "Is a directory")]
)
def test_a_file_that_cannot_be_written_is_told_before_anybody_is_asked(cli, output, why):
    done = cli("snapshot", "--window", "10m", "--output", output, "--admin-listen", "127.0.0.1:1")
    expected = "expected a file in a directory that this user can write to"
    assert (done.code, done.err) == (2, f"upload-sidecar snapshot: {output}: cannot be written: {why}; {expected}\n")


def test_nothing_is_left_of_the_attempt_to_write(cli, tmp_path):
    assert cli("snapshot", "--output", "a.json", "--admin-listen", "127.0.0.1:1").code == 1
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("content", "told"),
    [(None, "cannot be read: No such file or directory"), (b"\xff", "is not ASCII"), (b"a\nb", "has several lines")],
)
def test_a_token_that_cannot_be_had_is_2_and_its_file_is_named(cli, tmp_path, content, told):
    if content is not None:
        (tmp_path / "token").write_bytes(content)
    done = cli("snapshot", "--output", "a", "--prometheus", "http://127.0.0.1:1", "--token-file", "token")
    assert done.code == 2
    assert done.err.startswith(f"upload-sidecar snapshot: --token-file token: {told}")


def test_nobody_there_is_1_and_says_so(cli):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port = taken.getsockname()[1]
        one = cli("snapshot", "--output", "a", "--admin-listen", f"127.0.0.1:{port}")
        two = cli("snapshot", "--output", "a", "--prometheus", f"http://127.0.0.1:{port}")
    assert (one.code, "no answer from the admin port: Connection refused; is `run`" in one.err) == (1, True)
    assert (two.code, "no answer of a Prometheus: Connection refused; is one listening there" in two.err) == (1, True)


def test_an_address_that_is_none_is_told_without_a_traceback(cli):
    done = cli("snapshot", "--output", "a", "--prometheus", "http://a:b")
    assert (done.code, "no answer of a Prometheus: nonnumeric port: 'b'" in done.err) == (1, True)


async def test_another_server_is_no_sidecar(service, cli):
    done = await asyncio.to_thread(cli, "snapshot", "--output", "a", "--admin-listen", service.url[7:])
    assert (done.code, "this is not the admin port of a sidecar" in done.err) == (1, True)
    done = await asyncio.to_thread(cli, "snapshot", "--output", "a", "--prometheus", service.url)
    assert (done.code, "this is not the answer of a Prometheus; expected JSON" in done.err) == (1, True)


async def test_a_sidecar_that_restarted_within_the_window_is_told_of(cli):
    """An admin port whose counters begin anew between two looks."""
    lives = [Metrics(labels()), Metrics(labels())]
    lives[0].observe(Outcome("r", "default", "GET", "enforce", status=200))
    for metrics in lives:
        metrics.state.started("ab" * 32, 1.0)

    async def answer(request):
        if request.path == "/config":
            return web.json_response({"config": {}})
        return web.Response(body=lives.pop(0).render()[0])

    server = TestServer(web.Application())
    server.app.router.add_get("/{path}", answer)
    await server.start_server()
    flags = ("--window", "10ms", "--output", "a", "--admin-listen", f"127.0.0.1:{server.port}")
    done = await asyncio.to_thread(cli, "snapshot", *flags)
    await server.close()
    assert (done.code, "restarted within the window; take the snapshot again" in done.err) == (1, True)
