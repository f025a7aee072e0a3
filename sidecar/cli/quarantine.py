"""`quarantine`: what refused uploads have left, and the way back for what was refused wrongly."""

import argparse
import json
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sidecar.cli.config_file import read_config
from sidecar.cli.exit_codes import ExitCode
from sidecar.inspection.finding import printable
from sidecar.policy.values.units import size_text
from sidecar.scanners.quarantine import QuarantineError, Store

_EPILOG = """\
examples:
  upload-sidecar quarantine list --config sidecar.yaml
  upload-sidecar quarantine show ID --config sidecar.yaml
  upload-sidecar quarantine release ID --to /tmp/report.pdf --config sidecar.yaml

What is released is copied; the file stays until quarantine.max_age is over. It may well be what it was refused for."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "quarantine",
        help="list, show or release files of refused uploads",
        description="Files of refused uploads, where quarantine.directory is set.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", required=True)
    for name, text, run_verb in (
        ("list", "one line for each file", _list),
        ("show", "all that is known of one", _show),
    ):
        _common(verbs.add_parser(name, help=text), run_verb, with_id=name != "list")
    release = verbs.add_parser("release", help="copy one out")
    release.add_argument("--to", type=Path, required=True, metavar="FILE", help="where nothing is yet")
    _common(release, _release, with_id=True)


def _common(parser: argparse.ArgumentParser, run_verb: Any, *, with_id: bool) -> None:  # noqa: ANN401 - a verb below
    if with_id:
        parser.add_argument("id", metavar="ID", help="as `list` shows it")
    parser.add_argument(
        "--config", type=Path, required=True, metavar="FILE", help="configuration that names the directory"
    )
    parser.set_defaults(run=lambda arguments: _run(arguments, run_verb))


def _run(arguments: argparse.Namespace, run_verb: Any) -> int:  # noqa: ANN401 - a verb below
    try:
        run_verb(_store(arguments.config), arguments)
    except QuarantineError as error:
        _complain(str(error))
    except OSError as error:
        _complain(f"{printable(str(error.filename), 200)}: {error.strerror}")
    else:
        return ExitCode.CLEAN
    return ExitCode.USAGE


def _store(config: Path) -> Store:
    settings = read_config(config).quarantine
    if not settings.directory:
        raise QuarantineError("quarantine.directory is empty; expected the directory in which files are kept")
    return Store(
        Path(settings.directory),
        max_bytes=settings.max_bytes, max_age=settings.max_age, max_files=settings.max_files,
    )  # fmt: skip


def _complain(text: str) -> None:
    sys.stderr.write(f"{text}\n")


def _list(store: Store, _arguments: argparse.Namespace) -> None:
    for entry in store.entries():
        sys.stdout.write("  ".join(_columns(entry)) + "\n")


def _columns(entry: dict[str, Any]) -> Sequence[str]:
    when = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(entry["time"]))
    codes = ",".join(dict.fromkeys(str(finding.get("code")) for finding in entry.get("findings", ())))
    return entry["id"], when, size_text(entry["size"]), printable(codes), printable(str(entry.get("name", "")))


def _show(store: Store, arguments: argparse.Namespace) -> None:
    sys.stdout.write(json.dumps(store.show(arguments.id), indent=2) + "\n")


def _release(store: Store, arguments: argparse.Namespace) -> None:
    size = store.release(arguments.id, arguments.to)
    sys.stdout.write(f"{size} bytes written to {printable(str(arguments.to), 200)}\n")
