"""`snapshot`: the figures of a window of time, kept in a file for a comparison later."""

import argparse
import hashlib
import shlex
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Final

from sidecar import __version__
from sidecar.cli.comparison import prometheus, running
from sidecar.cli.comparison.baseline import Baseline, BaselineError, figures_of, rows_of, try_output, write
from sidecar.cli.comparison.progress import Terminal
from sidecar.cli.comparison.seen import Seen, SourceError
from sidecar.cli.comparison.told import summary
from sidecar.cli.config_file import read_config
from sidecar.cli.exit_codes import ExitCode
from sidecar.cli.unreadable import UnreadableError
from sidecar.policy.settings.base import as_json
from sidecar.policy.values.addresses import parse_listen
from sidecar.policy.values.units import parse_seconds, seconds_text

_EPILOG: Final = """\
examples:
  upload-sidecar snapshot --window 60s --output before.json
  upload-sidecar snapshot --config sidecar.yaml --window 10m --output after.json
  upload-sidecar snapshot --prometheus http://prometheus:9090 --select 'namespace="shop"' --window 1h \\
      --config sidecar.yaml --output before.json

exit codes: 0 the file is written; 1 there are no figures to be had; 2 usage or configuration."""


def add(subparsers: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Describe the command."""
    parser = subparsers.add_parser(
        "snapshot",
        help="save the figures of a window of time, to compare with later",
        description="Save response times, errors, overhead, refusals, what the cache and the database say, and the "
        "configuration with its change note: of a running sidecar, between two looks at its metrics, or of all that a "
        "Prometheus knows.",
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--output", type=Path, required=True, metavar="FILE", help="the file to write (JSON)")
    parser.add_argument("--window", type=_seconds, default=60.0, metavar="TIME", help="how long to look (60s)")
    parser.add_argument("--config", type=Path, metavar="FILE", help="the configuration that the instance runs with")
    parser.add_argument("--admin-listen", metavar="ADDRESS", help="its admin port: host:port or unix:///path")
    parser.add_argument("--prometheus", type=_url, metavar="URL", help="ask this server, not the admin port")
    parser.add_argument("--select", default="", metavar="MATCHERS", help='only series with these labels: job="shop"')
    parser.add_argument("--ago", type=_seconds, default=0.0, metavar="TIME", help="the window ended so long ago (0s)")
    parser.add_argument("--token-file", type=Path, metavar="FILE", help="bearer token for Prometheus")
    parser.add_argument(
        "--timeout", type=_seconds, default=30.0, metavar="TIME", help="longest wait for an answer (30s)"
    )
    parser.set_defaults(run=run, prefix="upload-sidecar snapshot: ")


def _seconds(text: str) -> float:
    try:
        return parse_seconds(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _url(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise argparse.ArgumentTypeError("expected http://host:port or https://host:port")
    return text


def run(arguments: argparse.Namespace) -> int:
    """Look, and write what was seen."""
    if usage := _misuse(arguments):
        sys.stderr.write(f"{arguments.prefix}{usage}\n")
        return ExitCode.USAGE
    try:
        try_output(arguments.output)
        baseline = _baseline(arguments, _seen(arguments))
        write(baseline, arguments.output)
    except (BaselineError, ValueError, OSError) as error:
        sys.stderr.write(f"{arguments.prefix}{error}\n")
        return ExitCode.USAGE
    except SourceError as error:
        sys.stderr.write(f"{arguments.prefix}{error}\n")
        return ExitCode.REFUSED
    sys.stdout.writelines(f"{line}\n" for line in summary(baseline, str(arguments.output)))
    return ExitCode.CLEAN


def _misuse(arguments: argparse.Namespace) -> str:
    """Flags that do not go together; a look back is what only Prometheus can do."""
    if arguments.window <= 0:
        return "--window: expected a time above 0"
    if arguments.prometheus is None and (arguments.ago or arguments.select or arguments.token_file):
        return "--ago, --select and --token-file go with --prometheus"
    if arguments.prometheus is not None and arguments.admin_listen:
        return "expected --prometheus or --admin-listen, got both"
    return ""


def _seen(arguments: argparse.Namespace) -> Seen:
    window = arguments.window
    if arguments.prometheus is not None:
        token = _token(arguments.token_file) if arguments.token_file else ""
        server = prometheus.Prometheus(arguments.prometheus, arguments.select, token, arguments.timeout)
        with Terminal(f"asking Prometheus for {seconds_text(window)}") as progress:
            return server.over(window, arguments.ago, progress)
    name = arguments.admin_listen or read_config(arguments.config).admin.listen
    with Terminal(f"looking for {seconds_text(window)} at {name}") as progress:
        return running.over(parse_listen(name), name, window, arguments.timeout, progress)


def _token(path: Path) -> str:
    expected = "expected a file with a bearer token, as text on one line"
    try:
        token = path.read_text(encoding="ascii").strip()
    except OSError as error:
        raise UnreadableError(f"--token-file {path}: cannot be read: {error.strerror}; {expected}") from error
    except UnicodeDecodeError as error:
        raise UnreadableError(f"--token-file {path}: is not ASCII; {expected}") from error
    if not token.isprintable():
        raise UnreadableError(f"--token-file {path}: has several lines, or control characters; {expected}")
    return token


def _baseline(arguments: argparse.Namespace, seen: Seen) -> Baseline:
    config, configurations = _config(arguments, seen)
    ended = datetime.now(UTC) - timedelta(seconds=arguments.ago)
    return Baseline(
        made=ended.strftime("%Y-%m-%dT%H:%M:%SZ"),
        made_by=__version__,
        command=shlex.join(("upload-sidecar", *arguments.given)),
        source=seen.source,
        seconds=seen.seconds,
        versions=seen.versions,
        configurations=configurations,
        modes=seen.modes,
        change=None if config is None else config.get("change"),
        config=config,
        figures=figures_of(seen.series, seen.seconds),
        series=rows_of(seen.series),
    )


def _config(arguments: argparse.Namespace, seen: Seen) -> tuple[dict[str, Any] | None, list[str]]:
    """The configuration that goes with the figures: what the instance tells, or the file that was named.

    Raises:
        SourceError: the file is not what the sidecars had in force.
    """
    if seen.config is not None or arguments.config is None:
        return seen.config, seen.configurations
    config = read_config(arguments.config)
    digest = hashlib.sha256(arguments.config.read_bytes()).hexdigest()
    if seen.configurations and digest not in seen.configurations:
        raise SourceError(
            f"{arguments.config}: its SHA-256 begins with {digest[:16]}, and none of the sidecars had it in force, but "
            f"{', '.join(one[:16] for one in seen.configurations[:5])}; name the file that was in force"
        )
    return as_json(config), seen.configurations
