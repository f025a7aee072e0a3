"""What the admin port answers."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import web

from sidecar.admin.control import Control, mode_told
from sidecar.admin.origin import may_be_rebound
from sidecar.admin.page import STILL, Recent, page
from sidecar.admin.security import FIELDS, json_answer
from sidecar.admin.state import AdminState
from sidecar.telemetry.last_hour import LastHour, sums
from sidecar.telemetry.totals import Totals

_log: Final = logging.getLogger("sidecar.admin")
_METHODS: Final = ("GET", "HEAD")
_FOR_PEOPLE: Final = ("/", "/config")
"""What browsers are shown; probes and Prometheus ask for the rest, by whatever name a mesh or a proxy gives them."""
_NAMES: Final = ("localhost", "an address", "a name without a dot", "a name that ends in .svc, .local or .internal")
_MINUTE: Final = 60.0
_BEHIND: Final = 0.05
"""Seconds behind the beginning of a minute: two clocks never agree."""


class AdminApp:
    """One answer for each path; nothing here changes any state but what `control` does."""

    def __init__(self, state: AdminState, clock: Callable[[], float], control: Control | None = None) -> None:
        self._state = state
        self._control = control
        self._clock = clock
        self._hour = LastHour()
        self._answers: Final[Mapping[str, Callable[[], Awaitable[web.Response]]]] = {
            "/": self._status,
            "/config": self._config,
            "/healthz": self._alive,
            "/metrics": self._metrics,
            "/readyz": self._ready,
        }

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """The answer, or an error as JSON that says what would have been right, with nothing of the request in it."""
        if self._control is not None and request.path in self._control.paths:
            return await self._control.answer(request)
        answer = self._answers.get(request.path)
        if answer is None:
            return _error(404, "there is nothing at this path", {"paths": list(self._answers)})
        if request.method not in _METHODS:
            allowed = _error(405, "this method is not offered here", {"methods": list(_METHODS)})
            allowed.headers["Allow"] = ", ".join(_METHODS)
            return allowed
        if request.path in _FOR_PEOPLE and may_be_rebound(request):
            return _error(403, "this page is not shown under this name", {"hosts": list(_NAMES)})
        try:
            return await (self._status(still=True) if _held(request) else answer())
        except Exception:  # noqa: BLE001 - the border: whatever fails becomes an answer, and the log tells it
            _log.exception("the admin port failed")
            return _error(500, "the admin port failed; the log tells why", {})

    async def _alive(self) -> web.Response:
        """The process runs and its loop turns; nothing else is asked, so that nothing else restarts it."""
        return json_answer({"status": "alive"})

    async def _ready(self) -> web.Response:
        """Whether new traffic is welcome."""
        await self._state.refresh()
        ready, reasons = self._state.ready()
        return json_answer({"status": "ready" if ready else "not ready", "reasons": reasons}, 200 if ready else 503)

    async def _metrics(self) -> web.Response:
        """For Prometheus; made on a thread, as many routes make many series."""
        await self._state.refresh()
        body, content_type = await asyncio.to_thread(self._state.metrics.render)
        return web.Response(body=body, headers={**FIELDS, "Content-Type": content_type})

    async def _status(self, *, still: bool = False) -> web.Response:
        """For people."""
        totals = await self.note()
        now = self._clock()
        ready, reasons = self._state.ready()
        not_ready = [] if ready else reasons or ["no reason given"]
        recent = Recent(self._hour.minutes(now), self._state.refusals())
        text = page(self._state.status(), totals, not_ready, now, recent, still=still)
        return web.Response(text=text, content_type="text/html", charset="utf-8", headers=FIELDS)

    async def note(self) -> Totals:
        """Look at the sums, and remember what came on top since the last look."""
        await self._state.refresh()
        totals = await asyncio.to_thread(self._state.metrics.totals)
        self._hour.note(self._clock(), sums(totals))
        return totals

    async def watch(self) -> None:
        """Look at the beginning of every minute."""
        while True:
            try:
                await self.note()
            except Exception:  # noqa: BLE001 - a minute that is missing hurts nobody, and the log tells why
                _log.exception("the last hour could not be noted")
            await asyncio.sleep(_MINUTE - self._clock() % _MINUTE + _BEHIND)

    async def _config(self) -> web.Response:
        """What is in force, and the digest that tells whether two instances have the same."""
        status = self._state.status()
        told = {
            "sha256": status.sha256,
            "config": self._state.config_in_force(),
            "mode": mode_told(status.decision, status.mode_since),
        }
        return json_answer({**told, "sources": await asyncio.to_thread(self._state.sources_in_force)})


def _held(request: web.BaseRequest) -> bool:
    return request.path == "/" and request.query_string == STILL


def _error(status: int, text: str, expected: dict[str, Any]) -> web.Response:
    return json_answer({"status": status, "error": text, **expected}, status)
