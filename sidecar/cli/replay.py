"""`replay`: which recorded uploads would a new policy treat otherwise?"""

import argparse
import sys
from pathlib import Path
from typing import Final

from sidecar.cli.audit_files import AuditFiles, Progress
from sidecar.cli.config_file import read_config
from sidecar.cli.exit_codes import ExitCode
from sidecar.cli.labels import finding_reasons
from sidecar.cli.replaying.compare import Comparer
from sidecar.cli.replaying.report import as_json, as_text, unread

_EPILOG: Final = """\
examples:
  upload-sidecar replay --config new.yaml /var/log/sidecar/audit.jsonl*
  upload-sidecar replay --config new.yaml --json audit.jsonl | jq '.changes[]'

What needs the bytes of the files cannot be judged from these lines: it is named, and never guessed. A share of clients
(`enforce_percent`) is not drawn: the figures are those of 100 %.

exit codes: 0 told, be it that an empty log has no upload; 2 a file or the configuration could not be read, or there are
            lines and none of them is one of an audit log."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "replay",
        help="which recorded uploads would a new policy treat otherwise?",
        description="Judge the uploads of an audit log by another configuration, with the rules that `run` uses, and "
        "tell by route and reason what would change. Nothing is sent.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="audit log, rotated files too; in any order"
    )
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="the new configuration")
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Tell what would change."""
    config = read_config(arguments.config)
    reasons = finding_reasons()
    files = AuditFiles(arguments.files, reasons, Progress("replay"))
    comparer = Comparer(config, (reason.code for reason in reasons))
    for line in files.lines():
        comparer.take(line)
    if not comparer.comparison.uploads and (what := list(unread(files.unread))):
        sys.stderr.writelines(f"{line}\n" for line in what)
        sys.stderr.write("there is no upload that can be read; expected an audit log of this version\n")
        return ExitCode.USAGE
    told = as_json if arguments.json else as_text
    sys.stdout.write(told(files, comparer.comparison, comparer.judges()))
    return ExitCode.CLEAN
