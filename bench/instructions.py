"""Counts the Python instructions that the sidecar executes for one request: a figure that no busy machine changes.

Seconds tell nothing on a shared machine; instructions are the same on every run, so a hot path that got dearer shows
up whoever runs this. What C code does is not seen here: `bench.compare` measures that.
"""

import argparse
import asyncio
import json
import socket
import sys
import tempfile
import threading
import time
from collections import Counter as Tally
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import CodeType, FrameType
from typing import Any

import uvloop

from bench.scenarios import KB, Scenario
from sidecar.cli.serving.instance import Instance

RECORD = Path(__file__).with_name("instructions.json")
TraceFunction = Callable[[FrameType, str, Any], Any]

VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"
WARM_UP, COUNTED = 10, 10
_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok"

CASES = {
    "GET": Scenario("GET", 1, "", fields=0),
    "10 KB": Scenario("10 KB", 1, "", file=10 * KB),
    "100 fields": Scenario("100 fields", 1, "", fields=100),
}


GUARDED = (
    "off, GET", "off, 10 KB", "monitor, 10 KB", "hold, GET", "hold, 10 KB", "hold, 100 fields", "stream, 10 KB",
    "stream, 100 fields",
)  # fmt: skip
"""Those that execute the same in every run: a body that is passed on while it arrives depends on who is quicker."""


class Counter:
    """Counts the instructions of the threads that it is set in, by function."""

    def __init__(self) -> None:
        self.by_code: Tally[CodeType] = Tally()

    def trace(self, frame: FrameType, event: str, _: object) -> TraceFunction:
        """Python's trace function."""
        if event == "opcode":
            self.by_code[frame.f_code] += 1
        else:
            frame.f_trace_opcodes, frame.f_trace_lines = True, False
        return self.trace


async def count(mode: str, name: str) -> dict[CodeType, int]:
    """Instructions for one request, all others at rest, by function."""
    counter = Counter()
    with tempfile.TemporaryDirectory() as folder_name, _service() as port:
        folder = Path(folder_name)
        request = CASES[name].write(folder).read_bytes()
        threading.settrace(counter.trace)  # for the threads that look at files
        instance = Instance(_settings(folder, port, mode), {}, {})
        await instance.start()
        sys.settrace(counter.trace)
        try:
            return await asyncio.to_thread(_per_request, instance, request, counter)
        finally:
            sys.settrace(None)
            threading.settrace(None)
            await instance.stop(accept_for=0)


def _settings(folder: Path, port: int, mode: str) -> Path:
    path = folder / "sidecar.yaml"
    settings = {
        "mode": mode if mode in {"off", "monitor"} else "enforce",
        "listen": "127.0.0.1:0",
        "admin": {"listen": "127.0.0.1:0"},
        "upstream": {"url": f"http://127.0.0.1:{port}"},
        "spool": {"directory": str(folder)},
        "routes": [{"path": "/upload", "delivery": "stream" if mode == "stream" else "hold"}],
        "log": {"level": "warning"},
    }
    path.write_text(json.dumps(settings))
    return path


def _per_request(instance: Instance, request: bytes, counter: Counter) -> dict[CodeType, int]:
    sys.settrace(None)
    host, _, port = instance.address.rpartition(":")
    counts = []
    with socket.create_connection((host, int(port))) as client:
        for _ in range(WARM_UP + COUNTED):
            counter.by_code.clear()
            client.sendall(request)
            _expect_good(client)
            _wait_for_the_end(instance)
            counts.append(dict(counter.by_code))
    # The cheapest: a busy machine cuts a request into more packets, and each wakes the loop once more.
    return min(counts[WARM_UP:], key=lambda count: sum(count.values()))


def _wait_for_the_end(instance: Instance) -> None:
    """Until nothing is served: monitor inspects behind the answer."""
    connections = instance._server._connections  # noqa: SLF001 - what is under way, to the last instruction
    while connections is None or any(each.task is not None for each in list(connections.open)):
        time.sleep(0.001)


def _expect_good(client: socket.socket) -> None:
    answer = b""
    while not answer.endswith(b"\r\n\r\nok"):
        answer += (received := client.recv(65536))
        if not received or b"HTTP/1.1 200" not in answer[:12]:
            raise RuntimeError(f"the sidecar refused what it should forward: {answer!r}")


@contextmanager
def _service() -> Iterator[int]:
    """A service that answers everything, on threads that are not counted."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=_accept, args=(listener,), daemon=True).start()
        yield listener.getsockname()[1]
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket) -> None:
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        threading.Thread(target=_serve, args=(connection,), daemon=True).start()


def _serve(connection: socket.socket) -> None:
    """Read whole requests, answer each; the sidecar ends the connection when it stops, as hard as it likes."""
    sys.settrace(None)
    with connection, suppress(ConnectionError):
        received = b""
        while data := connection.recv(1 << 20):
            received += data
            head, end, body = received.partition(b"\r\n\r\n")
            if end and _is_whole(head.lower(), body):
                connection.sendall(_ANSWER)
                received = b""


def _is_whole(head: bytes, body: bytes) -> bool:
    if b"transfer-encoding: chunked" in head:
        return body.endswith(b"\r\n0\r\n\r\n")
    length = next((line[15:] for line in head.split(b"\r\n") if line[:15] == b"content-length:"), b"0")
    return len(body) >= int(length)


def measured(cases: Iterable[str] = GUARDED) -> dict[str, int]:
    """Instructions by mode and case."""
    return {case: sum(uvloop.run(count(*case.split(", "))).values()) for case in cases}


def recorded() -> dict[str, int] | None:
    """What was measured when it was last written down; None for a Python that nobody has measured."""
    found: dict[str, dict[str, int]] = json.loads(RECORD.read_text()) if RECORD.exists() else {}
    return found.get(VERSION)


def show_where(mode: str, case: str) -> int:
    """Print the functions that execute most for one request, and the sums of their packages."""
    found = uvloop.run(count(mode, case))
    total, packages = sum(found.values()), Tally[str]()
    print(f"{mode}, {case}: {total:.0f} instructions for one request")
    for code, number in found.items():
        packages[_package(code)] += round(number)
    for package, number in packages.most_common(12):
        print(f"  {number:>7}{number / total:>7.1%}  {package}")
    print()
    for code, number in sorted(found.items(), key=lambda pair: -pair[1])[:60]:
        print(
            f"  {number:>7.0f}{number / total:>7.1%}  {_package(code)} {Path(code.co_filename).stem}.{code.co_qualname}"
        )
    return 0


def _package(code: CodeType) -> str:
    parts = Path(code.co_filename).parts
    if "sidecar" in parts:
        return "/".join(parts[parts.index("sidecar") : -1])
    return parts[parts.index("site-packages") + 1] if "site-packages" in parts else "Python"


def main() -> int:
    """Print the counts beside those on record; `--record` writes them down."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--record", action="store_true", help="these are the counts to compare with from now on")
    parser.add_argument("--where", metavar="CASE", help="where they are executed, such as `hold, 10 KB`")
    options = parser.parse_args()
    if options.where:
        return show_where(*options.where.split(", "))
    before, now = recorded() or {}, measured()
    print(f"Python {VERSION}: instructions for one request")
    for name, number in now.items():
        old = before.get(name)
        print(f"  {name:<20}{number:>8}" + (f"{number / old - 1:>+8.1%} against {old}" if old else ""))
    if options.record:
        every = json.loads(RECORD.read_text()) if RECORD.exists() else {}
        RECORD.write_text(json.dumps(every | {VERSION: now}, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
