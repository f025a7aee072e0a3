"""How a process ended, in words."""

import signal
from typing import Final

_HINTS: Final = {signal.SIGKILL: "; out of memory?"}
"""The kernel ends what has no memory left without a word of its own."""


def ended_how(code: int) -> str:
    """`ended with exit code 1`, or which signal ended it.

    Args:
        code: its exit code, negative for a signal, as `subprocess` has it.
    """
    if code >= 0:
        return f"ended with exit code {code}"
    number = -code
    if number not in {*signal.Signals}:  # most of the real-time ones have no name
        return f"was killed by signal {number}"
    return f"was killed by signal {number} ({signal.Signals(number).name}{_HINTS.get(signal.Signals(number), '')})"
