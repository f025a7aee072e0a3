"""A check that does what its file says: the worst that code in a worker could do."""

import ctypes
import fcntl
import mmap
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding
from sidecar.inspection.reason import Reason
from sidecar.inspection.whole import Whole

MISBEHAVED: Final = Reason("misbehaved", "It went through", 422, "nothing", "nothing", "Nothing.")
CHANNEL: Final = 3


def crash() -> None:
    os.abort() if "--abort" in sys.argv else ctypes.string_at(0)


def memory() -> None:
    kept = []
    while True:
        kept.append(bytes(range(256)) * 4096)


def spin() -> None:
    while True:
        pass


def sleep() -> None:
    while True:
        time.sleep(1)


def doze() -> None:
    time.sleep(0.3)


def fork() -> None:
    os.fork()


def thread() -> None:
    import threading  # noqa: PLC0415

    threading.Thread(target=spin).start()


def connect() -> None:
    socket.socket(socket.AF_INET, socket.SOCK_STREAM)


def read() -> None:
    Path("/etc/passwd").read_bytes()


def write() -> None:
    Path("/tmp/written-by-a-worker").write_bytes(b"x")  # noqa: S108


def execute() -> None:
    os.execv("/bin/true", ["true"])  # noqa: S606


def kill() -> None:
    os.kill(os.getppid(), signal.SIGKILL)


def aim_signals() -> None:
    fcntl.fcntl(CHANNEL, fcntl.F_SETOWN, os.getppid())


def send_signals() -> None:
    fcntl.fcntl(CHANNEL, fcntl.F_SETFL, os.O_ASYNC)


def unlimit() -> None:
    import resource  # noqa: PLC0415

    resource.setrlimit(resource.RLIMIT_CPU, (1, 1))


def executable_memory() -> None:
    _map(mmap.MAP_PRIVATE, mmap.PROT_READ | mmap.PROT_WRITE | mmap.PROT_EXEC)


def shared_memory() -> None:
    _map(mmap.MAP_SHARED)


def shared_and_checked_memory() -> None:
    map_shared_validate = 3
    _map(map_shared_validate)


def growing_memory() -> None:
    map_growsdown = 0x100
    _map(mmap.MAP_PRIVATE | map_growsdown)


def private_memory() -> None:
    _map(mmap.MAP_PRIVATE)


def _map(flags: int, protection: int = mmap.PROT_READ | mmap.PROT_WRITE) -> None:
    mmap.mmap(-1, 4096, flags=flags | mmap.MAP_ANONYMOUS, prot=protection)


def spawn() -> None:
    subprocess.run(["/bin/true"], check=False)


def environment() -> None:
    if set(os.environ) - {"LC_CTYPE"}:  # which Python itself sets
        raise RuntimeError("there is an environment")
    raise PermissionError


def descriptors() -> None:
    open_ones = [number for number in range(64) if _is_open(number)]
    if open_ones != [0, 1, 2, CHANNEL, CHANNEL + 1]:
        raise RuntimeError(str(open_ones))
    raise PermissionError


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def leave() -> None:
    os._exit(0)


def outstay() -> None:
    os._exit = lambda _: sleep()


def babble() -> None:
    _say(b'[{"findings": 7}]')


def invent() -> None:
    _say(b'[{"findings": [["no_such_reason", "", "", null]], "failures": [], "tree": null}]')


def flood() -> None:
    os.write(CHANNEL, (1 << 30).to_bytes(4, "little") + b"x" * 100_000)
    os._exit(0)


def inject() -> None:
    _say(b'[{"findings": [["misbehaved", "<script>\\r\\n\\u202e", "", "a"]], "failures": [], "tree": null}]')


def miscount() -> None:
    _say(b"[{},{},{},{},{},{},{},{},{}]")


def _say(answer: bytes) -> None:
    os.write(CHANNEL, len(answer).to_bytes(4, "little") + answer)
    os._exit(0)


DEEDS: Final[dict[bytes, Callable[[], None]]] = {
    deed.__name__.encode(): deed
    for deed in (
        crash, memory, spin, sleep, doze, fork, thread, connect, read, write, execute, kill, unlimit, executable_memory,
        shared_memory, shared_and_checked_memory, growing_memory, private_memory, spawn, environment, descriptors,
        aim_signals, send_signals, leave, outstay, babble, invent, flood, inject, miscount,
    )
}  # fmt: skip


class Misbehaving(Check):
    """Refused deeds raise, and are found as `check_failed`; those that go through are found as `misbehaved`.

    `say TEXT` is found with its text, `nothing` is not found at all.
    """

    name = "misbehaving"
    reasons: ClassVar = (MISBEHAVED,)
    quick = True

    def wants(self, file: File) -> bool:
        return (file.part.filename or b"").startswith(b"deed")

    def examine(self, _file: File, whole: Whole) -> Findings:
        deed, _, text = bytes(whole.data[:]).strip().partition(b" ")
        if deed == b"nothing":
            return ()
        if deed != b"say":
            DEEDS[deed]()
        return (Finding(MISBEHAVED, text.decode()),)
