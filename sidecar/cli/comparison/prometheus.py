"""Figures of one or many sidecars as a Prometheus has them: what every series grew by over a window."""

import http.client
import json
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from sidecar.cli.comparison.seen import Progress, Seen, SourceError, words
from sidecar.cli.comparison.series import INFO, SAMPLES, Series
from sidecar.cli.in_time import in_time
from sidecar.inspection.finding import printable
from sidecar.telemetry.families import PREFIX

_LONGEST: Final = 64 * 1024 * 1024
"""Bytes of one answer."""


@dataclass(frozen=True, slots=True)
class Prometheus:
    """A server, and which series are asked for."""

    url: str
    select: str = ""
    """Matchers of labels, such as `namespace="shop"`."""
    token: str = ""
    timeout: float = 30.0

    def over(self, window: float, ago: float, progress: Progress) -> Seen:
        """What the sidecars did in a window that ended `ago` seconds before now.

        Raises:
            SourceError: the server does not answer, refuses the query, or knows no sidecar.
        """
        at = time.time() - ago
        series: Series = {}
        for number, (sample, labels) in enumerate(SAMPLES.items()):
            progress(number / (len(SAMPLES) + len(INFO)), f"query {number + 1} of {len(SAMPLES) + len(INFO)}")
            series |= self._growth(sample, labels, window, at)
        told = {name: list(self._told(name, label, window, at)) for name, label in INFO.items()}
        progress(1.0, f"{len(SAMPLES) + len(INFO)} queries")
        if not told["build_info"]:
            raise SourceError(
                f"{self.url}: has no figures of a sidecar in that window; is it scraped, is --select right?"
            )
        return Seen(
            f"Prometheus {self.url}" + (f" {{{self.select}}}" if self.select else ""), window, series,
            versions=told["build_info"], configurations=told["config_info"], modes=told["mode"],
        )  # fmt: skip

    def _growth(self, sample: str, labels: tuple[str, ...], window: float, at: float) -> Series:
        query = f"sum by ({', '.join(labels)}) (increase({self._series(sample)}[{_milliseconds(window)}]))"
        return {
            (sample, frozenset((label, str(one["metric"].get(label, ""))) for label in labels)): value
            for one in self._ask(query, at)
            if (value := _number(one)) is not None
        }

    def _told(self, name: str, label: str, window: float, at: float) -> Iterator[str]:
        query = f"count by ({label}) (max_over_time({self._series(name)}[{_milliseconds(window)}]) == 1)"
        yield from (str(one["metric"].get(label, "")) for one in self._ask(query, at))

    def _series(self, name: str) -> str:
        return f"{PREFIX}_{name}{{{self.select}}}"

    def _ask(self, query: str, at: float) -> list[dict[str, Any]]:
        """The answer to an instant query: a vector.

        https://prometheus.io/docs/prometheus/latest/querying/api/#instant-queries
        """
        body = urllib.parse.urlencode({"query": query, "time": f"{at:.3f}"}).encode()
        fields = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        request = urllib.request.Request(f"{self.url.rstrip('/')}/api/v1/query", body, fields)  # noqa: S310 - http and https alone, judged where it is given
        try:
            return _vector(in_time(self.timeout, lambda: self._answer(request)))
        except (OSError, http.client.HTTPException) as error:
            raise SourceError(
                f"{self.url}: no answer of a Prometheus: {words(error)}; is one listening there, is --prometheus right?"
            ) from error
        except (ValueError, KeyError, TypeError) as error:
            raise SourceError(
                f"{self.url}: this is not the answer of a Prometheus; expected JSON with a vector"
            ) from error

    def _answer(self, request: urllib.request.Request) -> bytes:
        try:
            with _OPENER.open(request, timeout=self.timeout) as response:
                return bytes(response.read(_LONGEST))
        except urllib.error.HTTPError as error:
            raise SourceError(f"{self.url}: refused the query ({error.code}): {_why(error.read(_LONGEST))}") from error


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    """A redirection would take the token elsewhere."""

    def redirect_request(self, *_: Any) -> None:  # noqa: ANN401 - as the class above has it
        return None


_OPENER: Final = urllib.request.build_opener(urllib.request.ProxyHandler({}), _NoRedirect())


def _vector(raw: bytes) -> list[dict[str, Any]]:
    data = json.loads(raw)["data"]
    if data["resultType"] != "vector":
        raise ValueError("expected a vector")
    return [one for one in data["result"] if isinstance(one["metric"], dict)]


def _number(one: dict[str, Any]) -> float | None:
    value = float(one["value"][1])
    return value if 0 <= value < float("inf") else None


def _why(raw: bytes) -> str:
    try:
        return printable(str(json.loads(raw)["error"]), 200)
    except (ValueError, KeyError, TypeError):
        return "it does not say why"


def _milliseconds(seconds: float) -> str:
    return f"{round(seconds * 1000)}ms"
