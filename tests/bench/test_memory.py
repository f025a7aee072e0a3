"""The peak that the bench tells is that of the whole tree, and no page of it counts twice."""

import contextlib
import os
import subprocess
import sys

from bench.memory import PeakMemory

MB = 1_000_000
HOLDS = 100 * MB
HOLDER = """
import os, sys
held, (until, alive) = b"x" * int(sys.argv[1]), os.pipe()
if os.fork():
    print("here", flush=True)
    sys.stdin.readline()
    del held
    print("gone", flush=True)
    sys.stdin.readline()
else:
    os.close(alive)
    os.read(until, 1)
"""


@contextlib.contextmanager
def holder():
    """A process that holds much, shares it with its child, and lets go of its own when it reads a line."""
    command = (sys.executable, "-c", HOLDER, str(HOLDS))
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout.readline() == "here\n"
        yield process
        process.stdin.close()


def test_pages_that_processes_share_count_once():
    with holder() as process, PeakMemory(process.pid) as peak:
        pass
    assert HOLDS < peak.bytes < 1.5 * HOLDS


def test_the_peak_stays_when_the_memory_is_given_back():
    with holder() as process, PeakMemory(process.pid) as peak:
        before = peak.bytes
        process.stdin.write("\n")
        process.stdin.flush()
        assert process.stdout.readline() == "gone\n"
        peak.look()
    assert peak.bytes >= before


def test_what_is_taken_within_the_block_is_seen():
    with PeakMemory(os.getpid()) as peak:
        before, taken = peak.bytes, b"x" * HOLDS
        peak.look()
    assert peak.bytes > before + 0.9 * len(taken)


def test_a_tree_that_has_ended_holds_nothing():
    with subprocess.Popen(("true",)) as process:
        process.wait()
    with PeakMemory(process.pid) as peak:
        pass
    assert peak.bytes == 0
