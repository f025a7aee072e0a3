"""`scan`: the verdict on files, offline."""

import argparse
import asyncio
import os
import sys
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Final

from sidecar.cli.config_file import read_config
from sidecar.cli.exit_codes import ExitCode
from sidecar.cli.scanning.engines import ScanEngines
from sidecar.cli.scanning.report import Judged, as_json, as_text, undecided
from sidecar.cli.scanning.source import Source
from sidecar.cli.scanning.workers import ScanWorkers
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.offline import judge_file
from sidecar.inspection.reason import reason_of
from sidecar.inspection.types.libmagic import Identifier, LibmagicMissingError
from sidecar.inspection.verdict import Verdict
from sidecar.multipart.grammar import NAME_NOT_UTF8
from sidecar.policy.loading.problem import nearest, one_of
from sidecar.policy.settings.model import Config, Policy

_EPILOG: Final = """\
examples:
  upload-sidecar scan photo.jpg
  upload-sidecar scan --config sidecar.yaml --policy avatars --type image/jpeg photo.jpg
  upload-sidecar scan --json *.pdf | jq 'select(.accepted | not)'
  curl -s https://example.com/a.pdf | upload-sidecar scan --name a.pdf -

Pipes and devices are read little further than `max_file`, as what is longer is refused.

exit codes: 0 all would be let in; 1 at least one would be refused;
            2 a file or the configuration could not be read, or a scanner that the policy needs could not be asked."""
Judge = Callable[[bytes, bytes | None, Iterator[bytes]], Verdict]


class PolicyError(Exception):
    """There is no such policy; the message says which there are."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "scan",
        help="would these files be let in, and if not, why?",
        description="Judge files as mode `enforce` would judge a form that holds only the file. Nothing is sent but to "
        "the scanners that the policy uses.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="file to judge; - for standard input, read little further than max_file",
    )
    parser.add_argument("--config", type=Path, metavar="FILE", help="configuration; defaults if absent")
    parser.add_argument("--policy", default="default", metavar="NAME", help="policy of the configuration (default)")
    parser.add_argument(
        "--type", type=_not_empty("--type"), metavar="TYPE", help="content type that the client declares (image/png)"
    )
    parser.add_argument(
        "--name", type=_not_empty("--name"), metavar="NAME", help="file name that the client sends (the file's own)"
    )
    parser.add_argument(
        "--no-scanners", action="store_false", dest="scanners", help="leave out the scanners that the policy uses"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object per file and line")
    parser.set_defaults(run=run)


def _not_empty(flag: str) -> Callable[[str], str]:
    """An empty variable of a shell would be an empty file input, which no check looks at."""

    def taken(text: str) -> str:
        if not text:
            raise argparse.ArgumentTypeError(f"expected text that is not empty, or no {flag} at all")
        return text

    return taken


def run(arguments: argparse.Namespace) -> int:
    """Judge every file; the worst exit code."""
    config = read_config(arguments.config)
    try:
        policy = _policy(config, arguments.policy)
        identify = Identifier()
    except (PolicyError, LibmagicMissingError) as error:
        sys.stderr.write(f"{error}\n")
        return ExitCode.USAGE
    with (
        asyncio.Runner() as runner,
        ScanWorkers(config, policy, runner) as workers,
        ScanEngines(config, policy, runner, ask=arguments.scanners) as engines,
    ):
        sources = [Source(path, policy.max_file) for path in arguments.files]
        judge = partial(judge_file, policy=policy, identify=identify, examine=workers.examine, scan=engines.scan)
        return max(_scan(source, arguments, judge, workers, engines) for source in sources)


def _policy(config: Config, name: str) -> Policy:
    if name not in config.policies:
        meant = nearest(name, config.policies)
        question = f", did you mean {meant}?" if meant else ""
        known = one_of(sorted(config.policies))
        raise PolicyError(f"--policy: unknown policy{question}; expected {known}, got {printable(name)}")
    return config.policies[name]


def _scan(
    source: Source, arguments: argparse.Namespace, judge: Judge, workers: ScanWorkers, engines: ScanEngines
) -> ExitCode:
    """Judge one file and tell the verdict."""
    workers.tree = None
    engines.told.clear()
    sent = arguments.name if arguments.name is not None else source.own_name
    declared = None if arguments.type is None else os.fsencode(arguments.type)
    try:
        with source.open() as file:
            verdict = _judged(os.fsencode(sent), declared, source.chunks(file), judge)
    except OSError as error:
        why = error.strerror or type(error).__name__
        sys.stderr.write(f"{source.name}: cannot be read: {why}; expected a file\n")
        return ExitCode.USAGE
    judged = Judged(source.name, arguments.policy, verdict, workers.tree, tuple(engines.told), engines.unasked)
    sys.stdout.write(as_json(judged) if arguments.json else as_text(judged))
    if undecided(verdict):
        sys.stderr.write(f"{judged.source}: not decided: a scanner cannot be asked; --no-scanners leaves them out\n")
        return ExitCode.USAGE
    return ExitCode.CLEAN if verdict.accepted else ExitCode.REFUSED


def _judged(name: bytes, declared: bytes | None, chunks: Iterator[bytes], judge: Judge) -> Verdict:
    try:
        name.decode()
    except UnicodeDecodeError:  # the grammar would refuse the form before any check sees the name
        return Verdict(findings=(Finding(reason_of(NAME_NOT_UTF8), printable(name)),))
    return judge(name, declared, chunks)
