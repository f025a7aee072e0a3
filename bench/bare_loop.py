"""Exchanges as generators, each of which gives the descriptor that it waits for; epoll runs them on."""

import contextlib
import select
import socket
from collections.abc import Generator

Waits = Generator[int, None, None]
"""Gives the descriptors that it waits for."""
Reads = Generator[int, None, int]
"""The same, and in the end how many bytes it has read."""


def receive(peer: socket.socket, into: memoryview) -> Reads:
    """Some bytes, as soon as there are any.

    Raises:
        ConnectionError: there will be none.
    """
    while True:
        try:
            if got := peer.recv_into(into):
                return got
        except BlockingIOError:
            yield peer.fileno()
        else:
            raise ConnectionError


def send(peer: socket.socket, data: memoryview) -> Waits:
    """All of it."""
    while data:
        try:
            data = data[peer.send(data) :]
        except BlockingIOError:
            yield peer.fileno()


class Loop:
    """Runs each exchange on when something has happened to the descriptor that it waits for."""

    def __init__(self) -> None:
        self._epoll = select.epoll()
        self._waiting: dict[int, Waits] = {}
        self._missed: set[int] = set()

    def watch(self, peer: socket.socket) -> socket.socket:
        """From now on its events are seen, each once."""
        peer.settimeout(0)
        peer.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._epoll.register(peer, select.EPOLLIN | select.EPOLLOUT | select.EPOLLET)
        return peer

    def run_on(self, exchange: Waits) -> None:
        """Up to where it has to wait."""
        with contextlib.suppress(OSError, StopIteration):
            while (descriptor := next(exchange)) in self._missed:
                self._missed.discard(descriptor)
            self._waiting[descriptor] = exchange

    def run(self) -> None:
        """For ever."""
        while True:
            for descriptor, _ in self._epoll.poll():
                exchange = self._waiting.pop(descriptor, None)
                if exchange is None:
                    self._missed.add(descriptor)
                else:
                    self.run_on(exchange)
