"""The command line: one file per command, listed here."""

import argparse
import errno
import gc
import importlib
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final

from sidecar import __version__
from sidecar.cli.exit_codes import ExitCode
from sidecar.cli.unreadable import UnreadableError
from sidecar.policy.loading.problem import ConfigError

_COMMANDS: Final = (
    "run", "check", "scan", "schema", "health", "quarantine", "snapshot", "compare", "replay", "suggest", "demo",
)  # fmt: skip
"""Each is a module with `add`; only the one that is asked for is imported, as health checks are many."""
_NO_ROOM: Final = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}
_DESCRIPTION: Final = """\
A reverse proxy that inspects file uploads before a legacy service sees them.
Everything else passes through untouched."""
_EPILOG: Final = """\
examples:
  upload-sidecar demo                           try it: an example service and the sidecar before it
  upload-sidecar check sidecar.yaml             is this configuration right? all errors at once
  upload-sidecar run --config sidecar.yaml      run it before a service
  upload-sidecar health --config sidecar.yaml   does the instance that runs with it answer?
  upload-sidecar snapshot --window 60s --output before.json
                                                the figures of a minute, and after a change
  upload-sidecar compare before.json after.json   what moved, and whether it was expected
  upload-sidecar scan --config sidecar.yaml --policy avatars photo.jpg
                                                would this file be let in, and if not, why?
  upload-sidecar suggest audit.jsonl            a policy made from what was really uploaded
  upload-sidecar replay --config new.yaml audit.jsonl
                                                which of those uploads would it treat otherwise?
  SIDECAR_MODE=off upload-sidecar run --config sidecar.yaml
                                                any setting from the environment, __ between levels

exit codes:
  0  clean
  1  scan: a file would be refused; health: no answer, or a bad one;
     compare: a bound is missed; snapshot: no figures; any command: an internal error
  2  the command line or the configuration is wrong, or something is missing
  3  run: stopped, but the drain had to cut requests
  130  ended by Ctrl-C (run: as by SIGTERM)
  141  nobody reads the output any more

`upload-sidecar COMMAND --help` tells more about each command."""


def parser(commands: Sequence[str] = _COMMANDS) -> argparse.ArgumentParser:
    """The parser of these commands."""
    top = argparse.ArgumentParser(
        prog="upload-sidecar",
        description=_DESCRIPTION,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"upload-sidecar {__version__}")
    top.set_defaults(prefix="")
    subparsers = top.add_subparsers(title="commands", metavar="COMMAND", required=True)
    for command in commands:
        _load(command).add(subparsers)
        subparsers.choices[command].set_defaults(parser=subparsers.choices[command])
    return top


def _load(command: str) -> ModuleType:
    """The module of a command; nothing of what is imported is garbage, so nobody looks for it meanwhile.

    That takes a tenth of the time in which `run` is imported (0.44 s instead of 0.50, measured).
    """
    gc.disable()
    try:
        return importlib.import_module(f"sidecar.cli.{command}")
    finally:
        gc.enable()


def main(argv: Sequence[str] | None = None) -> int:
    """Run one command; its exit code."""
    _have_outputs()
    try:
        code = _run(sys.argv[1:] if argv is None else argv)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader of our output has gone (`… | head`)
        _discard_output()
        return ExitCode.UNREAD
    except OSError as error:
        if error.filename is not None or error.errno not in _NO_ROOM:  # what is opened by a name has that in its error
            raise
        _discard_output()
        sys.stderr.write(f"upload-sidecar: the output cannot be written: {error.strerror}; expected room for it\n")
        return ExitCode.USAGE
    except KeyboardInterrupt:
        return ExitCode.INTERRUPTED
    return code


def _run(given: Sequence[str]) -> int:
    try:
        top = parser([name for name in _COMMANDS if name in given[:1]] or _COMMANDS)
        arguments, unknown = top.parse_known_args(given)
        if unknown:  # told with the usage of the command: argparse would show that of all of them
            arguments.parser.error(f"unrecognized arguments: {' '.join(unknown)}")
        arguments.given = tuple(given)  # `snapshot` and `compare` write down how they were called
        return _command(arguments)
    except SystemExit as error:  # argparse: 0 after --help, 2 after a usage error
        return int(error.code or 0)


def _command(arguments: argparse.Namespace) -> int:
    """Run it; what is wrong with the files that it was told is said here for all commands."""
    try:
        return int(arguments.run(arguments))
    except ConfigError as error:
        source = getattr(arguments, "config", None) or getattr(arguments, "file", None) or ""
        sys.stderr.writelines(f"{problem.text(str(source))}\n" for problem in error.problems)
    except UnreadableError as error:
        sys.stderr.write(f"{arguments.prefix}{error}\n")
    return ExitCode.USAGE


def _have_outputs() -> None:
    """Some daemons start what they start with these closed; the next file to be opened would take their place."""
    sys.stdout = sys.stdout or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - until the process ends
    sys.stderr = sys.stderr or open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115


def _discard_output() -> None:
    """What is still buffered must not fail again at exit."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
