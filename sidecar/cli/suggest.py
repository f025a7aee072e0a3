"""`suggest`: a policy made from what was really uploaded."""

import argparse
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from sidecar.cli.audit_files import AuditFiles, Progress
from sidecar.cli.config_file import settings_of_checks
from sidecar.cli.exit_codes import ExitCode
from sidecar.cli.labels import finding_reasons
from sidecar.cli.replaying.compare import Comparer, Comparison, Fate
from sidecar.cli.replaying.report import unread
from sidecar.cli.suggesting.as_yaml import Suggestion
from sidecar.cli.suggesting.facts import Learned
from sidecar.inspection.finding import printable
from sidecar.policy.loading.load import load
from sidecar.policy.settings.model import Config, Mode

_EPILOG: Final = """\
examples:
  upload-sidecar suggest /var/log/sidecar/audit.jsonl* > suggested.yaml
  upload-sidecar check suggested.yaml
  upload-sidecar replay --config suggested.yaml /var/log/sidecar/audit.jsonl*

Only uploads in which nothing was found that refuses are learned from. Read it before you use it: what was not sent in
these days is not in it, and whoever could upload then had a say in it.

exit codes: 0 written; 2 a file could not be read, or held no upload to learn from."""


def _headroom(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 1 <= value <= 100:  # noqa: PLR2004 - as the message says
        raise argparse.ArgumentTypeError("expected a number from 1 to 100, such as 1.5")
    return value


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "suggest",
        help="write a policy from what was really uploaded",
        description="Write a configuration from an audit log, with the figures behind each line as comments.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files", nargs="+", type=Path, metavar="FILE", help="audit log, rotated files too; in any order"
    )
    parser.add_argument(
        "--headroom", type=_headroom, default=1.5, metavar="N", help="limits are this times what was seen (1.5)"
    )
    parser.set_defaults(run=run)


def run(arguments: argparse.Namespace) -> int:
    """Write the configuration."""
    files = AuditFiles(arguments.files, finding_reasons(), Progress("suggest"))
    learned = Learned()
    for line in files.lines():
        learned.take(line)
    left_out = list(unread(files.unread))
    if not learned.uploads:
        sys.stderr.writelines(f"{line}\n" for line in (*left_out, *_left_out(learned)))
        sys.stderr.write("there is no upload to learn from; expected an audit log with clean ones\n")
        return ExitCode.USAGE
    learned.settle()
    suggestion = Suggestion(learned, arguments.headroom)
    proof = _replayed(files, suggestion.text(iter(())))
    sys.stdout.write(suggestion.text(_heading(files, learned, left_out, proof)))
    return ExitCode.CLEAN


def _replayed(files: AuditFiles, text: str) -> Comparison:
    """What the suggestion would do, if it were enforced, to the uploads that it was made from."""
    config: Config = load(text, {}, settings_of_checks()).replaced(mode=Mode.ENFORCE)
    comparer = Comparer(config, (reason.code for reason in finding_reasons()))
    for line in files.lines():
        comparer.take(line)
    return comparer.comparison


def _heading(files: AuditFiles, learned: Learned, left_out: list[str], proof: Comparison) -> Iterator[str]:
    yield "Suggested by `upload-sidecar suggest` from what was uploaded. Read it before you use it."
    yield "Addresses and everything else are the defaults: take policies and routes over into your configuration."
    yield ""
    yield f"{learned.uploads:,} uploads, {printable(learned.first, 30)} to {printable(learned.last, 30)}, from:"
    yield from (f"  {os.path.basename(name)}" for name in files.names)  # noqa: PTH119 - a name that was made printable
    yield from left_out
    yield from _left_out(learned)
    refused = {change: count for change, count in proof.changes.items() if _is_loss(change.then, change.now)}
    yield ""
    yield f"Replayed, as if it were enforced: {sum(refused.values()):,} of the {learned.uploads:,} would be refused."
    for change, count in sorted(refused.items(), key=lambda pair: -pair[1]):
        yield f"  {count:,} on {printable(change.route, 100)}: {change.reason}"


def _is_loss(then: Fate, now: Fate) -> bool:
    return then is Fate.LET_IN and now is Fate.REFUSED


def _left_out(learned: Learned) -> Iterator[str]:
    if learned.left_out:
        yield f"Not learned from: {learned.left_out.total():,} uploads, by the first reason why:"
    for why, count in learned.left_out.most_common():
        yield f"  {count:,} {why}"
