"""The end of a process in words that an operator can act on."""

import pytest

from sidecar.cli.endings import ended_how


@pytest.mark.parametrize(
    ("code", "words"),
    [
        (0, "ended with exit code 0"),
        (2, "ended with exit code 2"),
        (-9, "was killed by signal 9 (SIGKILL; out of memory?)"),
        (-11, "was killed by signal 11 (SIGSEGV)"),
        (-40, "was killed by signal 40"),
    ],
)
def test_a_signal_has_its_name_and_an_exit_code_its_number(code, words):
    assert ended_how(code) == words
