import json
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from sidecar.cli import demo
from sidecar.cli.children import free_port, missing_packages, port_in_use
from sidecar.cli.main import main
from tests.cli.conftest import ENVIRON, ROOT
from tests.wire import form

LAST_LINE = "Ctrl-C ends both"


@pytest.fixture
def running():
    """The demo on free ports, ready; ended after the test if it still runs."""
    command = [sys.executable, "-m", "sidecar", "demo", "--port", "0", "--admin-port", "0"]
    process = subprocess.Popen(
        command, cwd=ROOT, env=ENVIRON, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    )
    told = []
    for line in process.stdout:
        told.append(line)
        if line.startswith(LAST_LINE):
            break
    process.told = "".join(told)
    yield process
    if process.poll() is None:
        process.terminate()
    process.communicate(timeout=30)


def upload(url, path):
    body = form(("file", path.name, "application/octet-stream", path.read_bytes()))
    request = urllib.request.Request(url, body, {"Content-Type": "multipart/form-data; boundary=XBOUNDARYX"})  # noqa: S310 - our own
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - our own
            return answer.status, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, json.load(refused)


def test_what_the_demo_says_to_try_does_what_it_says_and_ctrl_c_ends_all(running):
    (url,) = set(re.findall(r"http://127\.0\.0\.1:\d+/upload", running.told))
    (metrics,) = set(re.findall(r"http://127\.0\.0\.1:\d+/metrics", running.told))
    good, bad = (Path(path) for path in re.findall(r"file=@(\S+)", running.told))
    status, stored = upload(url, good)
    assert (status, stored["files"][0]["filename"]) == (200, "good.png")
    status, problem = upload(url, bad)
    assert (status, problem["code"]) == (422, "suffix_forbidden")
    with urllib.request.urlopen(metrics, timeout=20) as answer:  # noqa: S310 - our own
        counted = answer.read().decode()
    assert 'upload_sidecar_uploads_total{action="forwarded",route="default",verdict="clean"} 1.0' in counted
    assert 'upload_sidecar_uploads_total{action="rejected",route="default",verdict="bad"} 1.0' in counted

    os.kill(running.pid, signal.SIGINT)
    assert running.wait(timeout=30) == 0
    assert not good.parent.exists()
    assert all(not port_in_use(int(port)) for port in re.findall(r"127\.0\.0\.1:(\d+)", running.told))


def test_sigterm_ends_it_as_cleanly(running):
    os.kill(running.pid, signal.SIGTERM)
    assert running.wait(timeout=30) == 0


def test_a_child_that_ends_by_itself_ends_the_demo_with_a_word(running):
    children = Path(f"/proc/{running.pid}/task/{running.pid}/children").read_text().split()
    os.kill(int(children[0]), signal.SIGKILL)
    told, _ = running.communicate(timeout=30)
    assert running.returncode == 1
    assert "was killed by signal 9" in told


def test_a_port_in_use_is_told_before_anything_starts(cli):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        for flag in ("--port", "--admin-port"):
            other = "--admin-port" if flag == "--port" else "--port"
            done = cli("demo", flag, port, other, 0)
            assert (done.code, done.out) == (2, "")
            assert f"port {port} is in use" in done.err
            assert f"{flag} N" in done.err


def test_one_port_for_both_is_refused(capsys):
    port = str(free_port())
    assert main(["demo", "--port", port, "--admin-port", port]) == 2
    assert "expected two ports" in capsys.readouterr().err


def test_without_a_checkout_it_says_where_the_example_service_is(monkeypatch, capsys, tmp_path):
    monkeypatch.setattr(demo, "_SERVICE", tmp_path / "service.py")
    assert main(["demo"]) == 2
    assert "`make run`" in capsys.readouterr().err


def test_without_the_extra_it_says_how_to_install_it(monkeypatch, capsys):
    monkeypatch.setattr(demo, "_PACKAGES", ("json", "no_such_package", "nor_this_one"))
    assert main(["demo"]) == 2
    assert "needs no_such_package and nor_this_one" in (told := capsys.readouterr().err)
    assert "pip install '.[demo]' in the checkout" in told
    assert missing_packages(("json", "no_such_package")) == ["no_such_package"]
