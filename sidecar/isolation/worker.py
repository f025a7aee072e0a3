"""One worker: examines files, one after the other, until nobody asks any more."""

import contextlib
import gc
import mmap
import os
import socket
import time
from collections.abc import Callable
from typing import Final

from sidecar.inspection.examination import Examination
from sidecar.inspection.examined import Examined
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.unexamined import CHECK_FAILED
from sidecar.isolation import answer, request
from sidecar.isolation.limits import OUT_OF_MEMORY, Limits, confine

_HEADER: Final = request.HEADER
_MAPPED_FROM: Final = 64 * 1024


class _EndedError(Exception):
    """Nobody asks any more."""


def serve(channel: socket.socket, limits: Limits, parent: int, identify: Callable[[bytes], str]) -> None:
    """Answer requests; never returns."""
    code = 1
    try:
        confine(limits, parent)
        while True:
            _answer(channel, identify)
    except MemoryError:
        code = OUT_OF_MEMORY
    except _EndedError:
        code = 0
    finally:
        os._exit(code)


def _answer(channel: socket.socket, identify: Callable[[bytes], str]) -> None:
    header, descriptors, _, _ = socket.recv_fds(channel, _HEADER.size, 1)
    if len(header) < _HEADER.size or not descriptors:
        raise _EndedError
    descriptor = channel.fileno()
    policy_size, rest_size = _HEADER.unpack(header)
    message = _read(descriptor, policy_size), _read(descriptor, rest_size)
    try:
        examined = _examined(message, descriptors[0], identify)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - a bug in the engine is told like one in a check
        told = printable(f"the engine: {type(error).__name__}: {error}", 400)
        examined = Examined((Finding(CHECK_FAILED, type(error).__name__),), (told,))
    finally:
        os.close(descriptors[0])
    _write(descriptor, answer.written(examined))


def _examined(message: tuple[bytes, bytes], descriptor: int, identify: Callable[[bytes], str]) -> Examined:
    policy, asked = request.read(*message)
    examination = Examination(policy, identify, time.perf_counter, stop_at_first=asked.stop_at_first)
    return examination.examine(asked.file, _mapped(descriptor, asked.size))


def _mapped(descriptor: int, size: int) -> bytes | mmap.mmap:
    if size < _MAPPED_FROM:
        return os.pread(descriptor, size, 0)
    # Private: a shared map of a sealed memfd is refused before Linux 6.7.
    return mmap.mmap(descriptor, size, flags=mmap.MAP_PRIVATE, prot=mmap.PROT_READ)


def _read(descriptor: int, size: int) -> bytes:
    pieces = []
    while size:
        piece = os.read(descriptor, size)
        if not piece:
            raise _EndedError
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _write(descriptor: int, data: bytes) -> None:
    pending = memoryview(len(data).to_bytes(4, "little") + data)
    with contextlib.suppress(BrokenPipeError):
        while pending:
            pending = pending[os.write(descriptor, pending) :]


def prepare() -> None:
    """Leave nothing to be collected: a collection would write to every page that workers share."""
    gc.collect()
    gc.freeze()
