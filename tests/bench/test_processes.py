"""The cost of a tree can be told whoever runs the bench, isolated workers included."""

import subprocess
import sys
from pathlib import Path

CLOSED = """
import ctypes, os, random
from bench.memory import PeakMemory
from bench.processes import cost
if os.geteuid() == 0:
    os.setuid(65534)
ctypes.CDLL(None).prctl(4, 0, 0, 0, 0)  # PR_SET_DUMPABLE: its /proc is root's
with PeakMemory(os.getpid()) as peak:
    random.Random(1).randbytes(100_000_000)
assert cost(os.getpid()).cpu > 0
assert peak.bytes > 0
"""


def test_a_process_that_may_not_be_looked_into_still_has_a_cost():
    root = Path(__file__).parents[2]
    subprocess.run((sys.executable, "-c", CLOSED), cwd=root, check=True, timeout=60)
