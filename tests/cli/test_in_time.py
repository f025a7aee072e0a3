"""Commands end in the time that they were given, also where an answer comes byte by byte."""

import contextlib
import socket
import threading
import time

import pytest

from sidecar.cli.in_time import in_time


@pytest.fixture
def dripping():
    """A server whose answers never end."""

    def drip(client):
        with contextlib.suppress(OSError), client:
            client.recv(65536)
            client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n\r\n")
            while True:
                client.sendall(b"#")
                time.sleep(0.02)

    def serve():
        with contextlib.suppress(OSError):
            while True:
                threading.Thread(target=drip, args=(server.accept()[0],), daemon=True).start()

    with socket.create_server(("127.0.0.1", 0)) as server:
        threading.Thread(target=serve, daemon=True).start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)


COMMANDS = [
    ("health", "--admin-listen", "{}"),
    ("snapshot", "--admin-listen", "{}", "--window", "1s", "--output", "{tmp}/a.json"),
    ("snapshot", "--prometheus", "http://{}", "--window", "1s", "--output", "{tmp}/a.json"),
]


@pytest.mark.parametrize("command", COMMANDS)
def test_an_answer_that_drips_is_none(process, dripping, tmp_path, command):
    done = process(*(word.format(dripping, tmp=tmp_path) for word in command), "--timeout", "300ms")
    assert done.code == 1
    assert "timed out" in done.err


def test_what_the_work_gives_or_raises_is_given_or_raised():
    assert in_time(10, lambda: 7) == 7
    with pytest.raises(KeyError):
        in_time(10, lambda: {}["nothing"])


def test_late_is_late():
    with pytest.raises(TimeoutError, match="timed out"):
        in_time(0.01, threading.Event().wait)
