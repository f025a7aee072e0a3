"""The process that workers are forked from: it has loaded what they need, and never sees a file."""

import importlib
import json
import os
import selectors
import signal
import socket
import sys
from typing import Any, Final

# Codecs are modules too: what is not loaded here cannot be loaded in a worker, which opens no files.
_CODECS: Final = (
    "ascii", "utf_8", "utf_8_sig", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be", "utf_7",
    "latin_1", "cp437", "cp850", "cp1250", "cp1251", "cp1252", "cp1254", "cp932", "gbk", "euc_kr", "koi8_r",
    "mac_roman", "unicode_escape", "raw_unicode_escape", "punycode", "hex_codec", "base64_codec", "quopri_codec",
)  # fmt: skip
_MESSAGE: Final = 4096
_STOP: Final = -1


class Template:
    """Forks a worker, ends one, tells when one has ended: as it is asked through its socket, until that is closed."""

    def __init__(self, control: socket.socket) -> None:
        from sidecar.inspection.catalogue import all_checks  # noqa: PLC0415 - why it fails is told
        from sidecar.inspection.types.libmagic import Identifier  # noqa: PLC0415
        from sidecar.isolation import limits, worker  # noqa: PLC0415

        self._limits, self._worker = limits, worker
        all_checks()
        self._control = control
        self._identify = Identifier()
        self._identify(b"warm")
        self._pids: dict[int, int] = {}
        self._woken, self._wake = os.pipe()
        os.set_blocking(self._woken, False)
        os.set_blocking(self._wake, False)
        limits.die_first()
        worker.prepare()

    def run(self) -> None:
        """Serve until nobody asks any more."""
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake, warn_on_full_buffer=False)
        self._tell(ready=True, filter=self._try_filter())
        with selectors.DefaultSelector() as selector:
            selector.register(self._control, selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while True:
                ready = {key.fileobj for key, _ in selector.select()}
                if self._woken in ready:
                    os.read(self._woken, _MESSAGE)
                    self._reap()
                if self._control in ready and not self._hear():
                    self._end_workers()
                    return

    def _try_filter(self) -> str:
        """Why workers cannot be filtered, found out by one; empty where they can."""
        pid = os.fork()
        if pid == 0:
            os._exit(bool(self._limits.confine(self._limits.Limits(1 << 30, 1), os.getppid())))
        return "the kernel refuses the filter" if os.waitpid(pid, 0)[1] else ""

    def _hear(self) -> bool:
        message, descriptors, _, _ = socket.recv_fds(self._control, _MESSAGE, 1)
        if not message:
            return False
        asked = json.loads(message)
        if "fork" in asked:
            self._fork(asked, descriptors[0])
            os.close(descriptors[0])
        elif asked["kill"] in self._pids:
            os.kill(self._pids[asked["kill"]], signal.SIGKILL)
        return True

    def _fork(self, asked: dict[str, Any], channel: int) -> None:
        template = os.getpid()
        try:
            pid = os.fork()
        except OSError:
            self._tell(ended=asked["fork"], status=_STOP)
            return
        if pid == 0:
            self._become_worker(asked, channel, template)
        self._pids[asked["fork"]] = pid

    def _become_worker(self, asked: dict[str, Any], channel: int, template: int) -> None:
        try:
            signal.set_wakeup_fd(-1)
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            own = 3
            os.dup2(channel, own)
            os.closerange(own + 1, 256)
            limits = self._limits.Limits(asked["memory"], asked["cpu"])
            self._worker.serve(socket.socket(fileno=own), limits, template, self._identify)
        finally:
            os._exit(1)

    def _reap(self) -> None:
        for number, pid in list(self._pids.items()):
            done, status = os.waitpid(pid, os.WNOHANG)
            if done:
                del self._pids[number]
                self._tell(ended=number, status=status)

    def _end_workers(self) -> None:
        """End and reap all of them: who has no parent any more is left to process 1, which may be the sidecar."""
        for pid in self._pids.values():
            os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)

    def _tell(self, **said: Any) -> None:  # noqa: ANN401 - whatever JSON can say
        self._control.send(json.dumps(said).encode("ascii"))


def main() -> None:
    """The process's life; its socket is the first argument."""
    control = socket.socket(fileno=int(sys.argv[1]))
    try:
        for codec in _CODECS:
            importlib.import_module(f"encodings.{codec}")
        Template(control).run()
    except (BrokenPipeError, ConnectionResetError):
        return
    except Exception as error:
        control.send(json.dumps({"failed": f"{type(error).__name__}: {error}"[: _MESSAGE // 2]}).encode("ascii"))
        raise
