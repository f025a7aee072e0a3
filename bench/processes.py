"""What a tree of processes costs: CPU seconds, bytes written to disk."""

import contextlib
import os
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

_TICKS = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True)
class Cost:
    """Of all processes of a tree together. Seconds and bytes."""

    cpu: float
    written: int


def tree(pid: int) -> list[int]:
    """A process and all below it."""
    found = [pid]
    with contextlib.suppress(FileNotFoundError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text().split():
                found += tree(int(child))
    return found


def cost(pid: int) -> Cost:
    """What the tree has cost since its start."""
    cpu, written = 0, 0
    for each in tree(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            stat = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            cpu += sum(map(int, stat[11:15]))  # with what its children took that have ended, as workers do
            written += _written(each)
    return Cost(cpu / _TICKS, written)


def _written(pid: int) -> int:
    """Of a process that may not be looked into, as isolated workers, nothing is known; those write nothing."""
    try:
        lines = Path(f"/proc/{pid}/io").read_text().splitlines()
    except PermissionError:
        return 0
    return int(dict(line.split(": ") for line in lines)["write_bytes"])


def wait_for(port: int, process: subprocess.Popen[bytes], seconds: float = 15.0) -> None:
    """Until something listens on a port of loopback.

    Raises:
        RuntimeError: the process ended, or time is up.
    """
    end = time.monotonic() + seconds
    while time.monotonic() < end and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args} does not listen on {port}; its exit code is {process.poll()}")
