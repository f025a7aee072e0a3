"""Figures of a running sidecar: two scrapes of its admin port, some time apart."""

import http.client
import json
import time
from dataclasses import dataclass
from typing import Any, Final

from sidecar.cli.admin_client import ask
from sidecar.cli.comparison.seen import Progress, Seen, SourceError, words
from sidecar.cli.comparison.series import RestartedError, Series, grown, read
from sidecar.policy.values.addresses import TcpAddress, UnixAddress

_LONGEST: Final = 64 * 1024 * 1024
"""Bytes of one answer."""
_STEP: Final = 1.0
"""Seconds between two words on the progress."""


@dataclass(frozen=True, slots=True)
class _Scrape:
    at: float
    series: Series
    told: dict[str, list[str]]
    config: dict[str, Any]


def over(address: TcpAddress | UnixAddress, name: str, window: float, timeout: float, progress: Progress) -> Seen:
    """What an instance did in the next `window` seconds.

    Raises:
        SourceError: it does not answer, or has restarted in between.
    """
    first = _scrape(address, name, timeout)
    while (left := first.at + window - time.monotonic()) > 0:
        progress(1 - left / window, f"{window - left:.0f} s of {window:g} s")
        time.sleep(min(left, _STEP))
    last = _scrape(address, name, timeout)
    progress(1.0, f"{last.at - first.at:.0f} s")
    try:
        series = grown(first.series, last.series)
    except RestartedError:
        raise SourceError(f"{name}: the sidecar restarted within the window; take the snapshot again") from None
    told = {key: list(dict.fromkeys((*first.told[key], *last.told[key]))) for key in last.told}
    return Seen(
        f"admin port {name}", last.at - first.at, series,
        versions=told["build_info"], configurations=told["config_info"], modes=told["mode"], config=last.config,
    )  # fmt: skip


def _scrape(address: TcpAddress | UnixAddress, name: str, timeout: float) -> _Scrape:
    text = _answer(address, name, "/metrics", timeout).decode("utf-8", "replace")
    at = time.monotonic()
    try:
        series, told = read(text)
        config = json.loads(_answer(address, name, "/config", timeout))["config"]
    except (ValueError, KeyError, TypeError, RecursionError):
        series, told, config = {}, {}, None
    if not series or not told.get("build_info") or not isinstance(config, dict):
        raise SourceError(f"{name}: this is not the admin port of a sidecar; expected /metrics and /config of one")
    return _Scrape(at, series, told, config)


def _answer(address: TcpAddress | UnixAddress, name: str, path: str, timeout: float) -> bytes:
    try:
        status, body = ask(address, path, timeout, _LONGEST + 1)
    except (OSError, http.client.HTTPException) as error:
        raise SourceError(
            f"{name}: no answer from the admin port: {words(error)}; is `run` under way there?"
        ) from error
    if status != http.HTTPStatus.OK or len(body) > _LONGEST:
        raise SourceError(f"{name}{path}: answered {status}, {len(body)} bytes; expected 200 and at most 64 MiB")
    return body
