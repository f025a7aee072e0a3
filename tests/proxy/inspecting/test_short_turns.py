"""The event loop gets the interpreter back soon, as long as it serves."""

import sys

from sidecar.proxy.inspecting.short_turns import short_turns


def test_threads_take_short_turns_and_those_of_before_behind_the_end():
    before = sys.getswitchinterval()
    with short_turns():
        assert sys.getswitchinterval() < 0.001
    assert sys.getswitchinterval() == before
