import os
import select
import subprocess
import sys
import threading

import pytest

from sidecar.telemetry.line_writer import LineWriter
from tests.telemetry.conftest import Dropped


@pytest.fixture
def pipe():
    reader, writer = os.pipe()
    with os.fdopen(reader, "rb") as stream:
        yield stream, writer


def test_lines_arrive_whole_and_in_order(pipe):
    stream, descriptor = pipe
    writer = LineWriter(descriptor, Dropped())
    for number in range(100):
        writer.write(b"%d\n" % number)
    writer.close(10)
    assert stream.read() == b"".join(b"%d\n" % number for number in range(100))


def test_nothing_is_written_while_another_process_holds_the_lock(pipe):
    stream, descriptor = pipe
    lock = os.memfd_create("lock")
    holding, release = os.pipe(), os.pipe()
    code = (
        f"import fcntl, os; fcntl.lockf({lock}, fcntl.LOCK_EX); os.write({holding[1]}, b'x'); os.read({release[0]}, 1)"
    )
    holder = os.posix_spawn(
        sys.executable,
        [sys.executable, "-c", code],
        os.environ,
        file_actions=[(os.POSIX_SPAWN_DUP2, fd, fd) for fd in (lock, holding[1], release[0])],
    )  # fmt: skip
    os.read(holding[0], 1)
    writer = LineWriter(descriptor, Dropped(), lock=lock)
    writer.write(b"one\n")
    assert select.select([stream], [], [], 0.2)[0] == []
    os.write(release[1], b"x")
    assert stream.readline() == b"one\n"
    writer.close(10)
    os.waitpid(holder, 0)
    for fd in (lock, *holding, *release):
        os.close(fd)


def test_line_arrives_without_waiting_for_the_next(pipe):
    stream, descriptor = pipe
    writer = LineWriter(descriptor, Dropped())
    writer.write(b"one\n")
    assert stream.readline() == b"one\n"
    writer.close(10)


def test_reader_who_went_away_costs_lines_and_nothing_else(pipe):
    stream, descriptor = pipe
    dropped = Dropped()
    writer = LineWriter(descriptor, dropped)
    stream.close()
    writer.write(b"nobody reads this\n")
    assert dropped.some.wait(10)
    writer.write(b"nor this\n")
    writer.close(10)
    assert dropped.lines == 2
    assert not writer._thread.is_alive()


_FULL_FOR_A_WHILE = """
import resource, sys, threading
from sidecar.telemetry.line_writer import LineWriter
from tests.telemetry.conftest import Dropped

def room(size):
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

lost = []
told = threading.Event()
room(int(sys.argv[2]))
file = open(sys.argv[1], "wb", buffering=0)
writer = LineWriter(file.fileno(), lambda count: (lost.append(count), told.set()))
writer.write(b"first\\nsecond\\nthird\\n")
assert told.wait(10)
told.clear()
writer.write(b"nothing of this\\n")
assert told.wait(10)
room(resource.RLIM_INFINITY)
writer.write(b"fourth\\n")
writer.close(10)
print(sum(lost))
"""


@pytest.mark.parametrize(
    ("room", "kept", "lost"),
    [
        (6, b"first\nfourth\n", 3),
        (9, b"first\nsec\nfourth\n", 3),
        (0, b"fourth\n", 4),
        (12, b"first\nsecond\nfourth\n", 3),
    ],
)
def test_a_line_that_a_full_disk_cut_off_does_not_spoil_the_next(tmp_path, room, kept, lost):
    command = [sys.executable, "-c", _FULL_FOR_A_WHILE, str(tmp_path / "log"), str(room)]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert (tmp_path / "log").read_bytes() == kept
    assert int(done.stdout) == lost


def test_reader_who_stalls_never_blocks_the_writer_nor_grows_it(pipe):
    _stream, descriptor = pipe
    dropped = Dropped()
    writer = LineWriter(descriptor, dropped, capacity=10)
    for _ in range(1000):
        writer.write(b"x" * 70_000 + b"\n")  # more than a pipe holds
    assert dropped.lines >= 1000 - 2 * 10
    assert len(writer._lines) <= 10


def test_reader_who_comes_back_gets_what_was_kept(pipe):
    stream, descriptor = pipe
    writer = LineWriter(descriptor, Dropped(), capacity=10)
    for _ in range(5):
        writer.write(b"x" * 70_000 + b"\n")
    threading.Thread(target=writer.close, args=(10,)).start()
    assert stream.read() == (b"x" * 70_000 + b"\n") * 5


def test_descriptor_that_others_made_non_blocking_loses_nothing(pipe):
    stream, descriptor = pipe
    os.set_blocking(descriptor, False)
    writer = LineWriter(descriptor, Dropped())
    for _ in range(5):
        writer.write(b"x" * 70_000 + b"\n")
    threading.Thread(target=writer.close, args=(10,)).start()
    assert stream.read() == (b"x" * 70_000 + b"\n") * 5
