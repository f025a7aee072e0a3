"""`compare`: what a change did to the figures, and whether that was expected."""

import argparse
import shlex
import sys
from pathlib import Path
from typing import Final

from sidecar.cli.comparison.baseline import Baseline, BaselineError, read
from sidecar.cli.comparison.judgement import judge, passed
from sidecar.cli.comparison.note import Comparison, note
from sidecar.cli.exit_codes import ExitCode
from sidecar.policy.settings.bounds import FIGURES, parse_bound

_LISTED: Final = "".join(("\n    " if index % 5 == 0 else " ") + name for index, name in enumerate(FIGURES))
_EPILOG: Final = f"""\
bounds: a figure, perhaps with a route in brackets, an operator and a limit
  refused_ratio < 0.5%     the figure after the change
  p99 < +50ms              what may come on top of the figure before
  db_calls[avatars] < x1.2 by what the figure before may be multiplied
  figures:{_LISTED}

example: upload-sidecar compare before.json after.json --bound 'p99 < +50ms' > note.md

exit codes: 0 every bound is met, or none is stated; 1 one is missed, or nobody can tell;
            2 usage, or a file is no snapshot."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "compare",
        help="what did a change do to the figures? a change note in Markdown",
        description="Compare two files of `snapshot` and write a change note: who changed what and why, "
        "which figures moved and which only seem to, and the way back. The bounds that the "
        "configuration states (change.bounds of the second file) and those of --bound are judged.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("before", type=Path, metavar="BEFORE", help="file of `snapshot`")
    parser.add_argument("after", type=Path, metavar="AFTER", help="file of `snapshot`, taken after the change")
    parser.add_argument("--bound", action="append", default=[], type=_bound, metavar="BOUND", help="one more bound")
    parser.set_defaults(run=run)


def _bound(text: str) -> str:
    try:
        return parse_bound(text).text
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(arguments: argparse.Namespace) -> int:
    """Write the note; 1 where a bound is not met."""
    try:
        before, after = read(arguments.before), read(arguments.after)
        bounds = [*_stated(arguments.after, after), *arguments.bound]
    except BaselineError as error:
        sys.stderr.write(f"upload-sidecar compare: {error}\n")
        return ExitCode.USAGE
    judgements = judge(bounds, before.window().figures(), after.window().figures())
    command = shlex.join(("upload-sidecar", *arguments.given))
    sys.stdout.write(note(Comparison(before, after, judgements, command)))
    return ExitCode.CLEAN if passed(judgements) else ExitCode.REFUSED


def _stated(path: Path, baseline: Baseline) -> list[str]:
    """The bounds of the change note.

    Raises:
        BaselineError: one is none that this version understands.
    """
    bounds = (baseline.change or {}).get("bounds") or []
    try:
        return [parse_bound(str(text)).text for text in bounds]
    except (ValueError, TypeError) as error:
        raise BaselineError(f"{path}: change.bounds: {error}") from None
