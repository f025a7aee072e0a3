"""Exit codes, the same for all commands."""

from enum import IntEnum


class ExitCode(IntEnum):
    """How a command ended."""

    CLEAN = 0
    """Done, and nothing was refused."""
    REFUSED = 1
    """`scan` would refuse an upload, or an internal error."""
    USAGE = 2
    """The command line, the configuration or the machine is not as it must be."""
    CUT = 3
    """`run` was told to stop and could not finish all that was under way."""
    INTERRUPTED = 130
    """Ctrl-C ended it: 128 and the signal's number, as shells count."""
    UNREAD = 141
    """Whoever read the output has gone (`… | head`): 128 and the number of SIGPIPE."""
