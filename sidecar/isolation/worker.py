"""One worker: examines files, one after the other, until nobody asks any more."""

import gc
import mmap
import os
import socket
import time
from array import array
from collections.abc import Callable, Sequence
from typing import Final

from sidecar.inspection.examination import Examination
from sidecar.inspection.examined import Examined
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.unexamined import CHECK_FAILED
from sidecar.isolation import answer, request
from sidecar.isolation.copy import MAPPED_FROM, Range
from sidecar.isolation.limits import OUT_OF_MEMORY, Limits, confine
from sidecar.isolation.request import Request
from sidecar.policy.settings.model import Policy

_DESCRIPTORS: Final = socket.CMSG_SPACE(2 * array("i").itemsize)


class _EndedError(Exception):
    """Nobody asks any more."""


def serve(channel: socket.socket, limits: Limits, parent: int, identify: Callable[[bytes], str]) -> None:
    """Answer requests; never returns."""
    code = 1
    try:
        confine(limits, parent)
        answerer = Answerer(channel, identify)
        while True:
            answerer.answer()
    except MemoryError:
        code = OUT_OF_MEMORY
    except (_EndedError, BrokenPipeError):
        code = 0
    finally:
        os._exit(code)


class Answerer:
    """Keeps nothing of one file for the next, but the policies that it was told."""

    def __init__(self, channel: socket.socket, identify: Callable[[bytes], str]) -> None:
        self._channel = channel
        self._identify = identify
        self._policies: dict[int, Policy] = {}
        self._packet = bytearray(request.MOST)
        self._tray = -1

    def answer(self) -> None:
        """Wait for a question, and answer it."""
        asked, descriptors = self._heard()
        try:
            told = [self._told(one, descriptors) for one in asked]
        finally:
            for descriptor in descriptors:
                if descriptor != self._tray:
                    os.close(descriptor)
        for packet in answer.packets(told):
            os.write(self._channel.fileno(), packet)

    def _heard(self) -> tuple[Sequence[Request], Sequence[int]]:
        size, ancillary, _, _ = self._channel.recvmsg_into([self._packet], _DESCRIPTORS)
        if not size:
            raise _EndedError
        descriptors = array("i")
        for _, _, data in ancillary:
            descriptors.frombytes(data)
        return request.read(memoryview(self._packet)[:size]), descriptors

    def _told(self, asked: Request, descriptors: Sequence[int]) -> bytes:
        try:
            examined = self._examined(asked, descriptors)
        except MemoryError:
            raise
        except Exception as error:  # noqa: BLE001 - a bug in the engine is told like one in a check
            told = printable(f"the engine: {type(error).__name__}: {error}", 400)
            examined = Examined((Finding(CHECK_FAILED, type(error).__name__),), (told,))
        return answer.written(examined, explain=asked.explain)

    def _examined(self, asked: Request, descriptors: Sequence[int]) -> Examined:
        if asked.policy not in self._policies:
            self._policies[asked.policy] = request.read_policy(descriptors[0])
        data = self._laid(asked, descriptors) if asked.data is None else asked.data
        examination = Examination(
            self._policies[asked.policy], self._identify, time.perf_counter, stop_at_first=asked.stop_at_first
        )
        return examination.examine(asked.file, data)

    def _laid(self, asked: Request, descriptors: Sequence[int]) -> bytes | mmap.mmap:
        if not asked.on_tray:
            return _mapped(Range(descriptors[-1], asked.start, asked.file.size))
        if self._tray < 0:
            self._tray = descriptors[-1]
        return os.pread(self._tray, asked.file.size, asked.start)


def _mapped(file: Range) -> bytes | mmap.mmap:
    if file.size < MAPPED_FROM:
        return os.pread(file.descriptor, file.size, file.start)
    # Private: a shared map of a sealed memfd is refused before Linux 6.7.
    return mmap.mmap(file.descriptor, file.size, mmap.MAP_PRIVATE, mmap.PROT_READ, offset=file.start)


def prepare() -> None:
    """Leave nothing to be collected: a collection would write to every page that workers share."""
    gc.collect()
    gc.freeze()
