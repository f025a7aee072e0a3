"""What a tree of processes costs: CPU seconds, peak memory, bytes written to disk."""

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
    peak: int
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
    """What the tree has cost since its start; the peak since `forget_peak`."""
    cpu = peak = written = 0
    for each in tree(pid):
        with contextlib.suppress(FileNotFoundError, ProcessLookupError):
            stat = Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
            cpu += sum(map(int, stat[11:15]))  # with what its children took that have ended, as workers do
            status = dict(line.split(":", 1) for line in Path(f"/proc/{each}/status").read_text().splitlines())
            peak += int(status.get("VmHWM", "0").split()[0]) * 1024  # a process that has just ended has none
            io = dict(line.split(": ") for line in Path(f"/proc/{each}/io").read_text().splitlines())
            written += int(io["write_bytes"])
    return Cost(cpu / _TICKS, peak, written)


def forget_peak(pid: int) -> None:
    """Begin a new peak (proc_pid_clear_refs(5))."""
    for each in tree(pid):
        with contextlib.suppress(OSError):
            Path(f"/proc/{each}/clear_refs").write_text("5")


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
