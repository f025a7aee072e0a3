"""Work that ends within a time, whatever the other side does: timeouts of sockets begin anew with every byte."""

from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from typing import TypeVar

T = TypeVar("T")


def in_time(seconds: float, work: Callable[[], T]) -> T:
    """What the work gives. It goes on where it is late, on a thread for which nobody waits, not even at the end.

    Raises:
        TimeoutError: it is not done by then.
    """
    done: Future[T] = Future()
    Thread(target=_do, args=(work, done), name="in time", daemon=True).start()
    try:
        return done.result(seconds)
    except TimeoutError:
        raise TimeoutError("timed out") from None


def _do(work: Callable[[], T], done: "Future[T]") -> None:
    try:
        done.set_result(work())
    except BaseException as error:  # noqa: BLE001 - raised where somebody waits for it
        done.set_exception(error)
