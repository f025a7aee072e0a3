"""What changes something on the admin port: the switch and the reload, for whoever is on this machine."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Final

from aiohttp import web

from sidecar.admin.origin import from_here, names_here
from sidecar.admin.security import json_answer
from sidecar.policy.routing.ladder import Decision
from sidecar.policy.settings.base import Mode
from sidecar.policy.values.units import parse_seconds
from sidecar.proxy.control.live import Live
from sidecar.proxy.control.switches import LONGEST_WORD

MARK: Final = "Sidecar-Control"
"""A field that no form of a browser can send, and no script of another site without leave, which is never given."""
_FOREIGN: Final = ("Origin", "Referer", "Forwarded", "X-Forwarded-For", "Via")
"""Fields of browsers and of proxies: then it is not somebody on this machine who asks."""
_LONGEST: Final = 64
_PATIENCE: Final = 5.0
_SHORTEST_WORD: Final = 1.0
"""Seconds between two looks at what has ended: a word that is over by then would be answered and never hold."""
_WORDS: Final = {**{mode.value: mode for mode in Mode}, "clear": None}
_BODY: Final = "off, monitor, enforce or clear, and perhaps for how long, with its unit, 1s to 366d: `off 2h`"


class RefusedControlError(Exception):
    """Not an order that may be taken: status, and what would have been right."""

    def __init__(self, status: int, expected: str) -> None:
        super().__init__(expected)
        self.status = status


class Control:
    """Takes orders; `applied` waits until all processes have them."""

    def __init__(self, live: Live, applied: Callable[[], Awaitable[None]]) -> None:
        self._live = live
        self._applied = applied
        self._orders: Final[Mapping[str, Callable[[web.BaseRequest], Awaitable[web.Response]]]] = {
            "/-/mode": self._mode,
            "/-/reload": self._reload,
        }

    @property
    def paths(self) -> tuple[str, ...]:
        """Where orders are taken."""
        return tuple(self._orders)

    async def answer(self, request: web.BaseRequest) -> web.Response:
        """Take an order, or say what would have been right; nothing of the request is in the answer."""
        try:
            _judge(request)
            return await self._orders[request.path](request)
        except RefusedControlError as error:
            fields = {"Allow": "POST"} if error.status == web.HTTPMethodNotAllowed.status_code else {}
            return json_answer({"status": error.status, "error": f"expected {error}"}, error.status, fields)

    async def _mode(self, request: web.BaseRequest) -> web.Response:
        mode, seconds = _said(await _body(request))
        self._live.switches.say(mode, seconds)
        self._live.decide()
        await self._applied()
        return json_answer(mode_told(self._live.current.decision, self._live.current.mode_since))

    async def _reload(self, request: web.BaseRequest) -> web.Response:
        await _body(request)
        reload = self._live.reload()
        await self._applied()
        current = self._live.current
        told = {
            "result": reload.result,
            "changed": reload.changed,
            "needs_restart": reload.needs_restart,
            "problems": [
                {"path": each.path, "line": each.line, "message": each.message, "expected": each.expected,
                 "actual": each.actual}
                for each in reload.problems
            ],
            "sha256": current.sha256,
            "mode": current.mode.value,
        }  # fmt: skip
        return json_answer(told, 422 if reload.result == "refused" else 200)


def mode_told(decision: Decision, since: float) -> dict[str, Any]:
    """The mode in force, who decided it, and what every place says."""
    rungs = [
        {"source": rung.source, "where": rung.where, "says": rung.mode.value if rung.mode else None, "note": rung.note}
        for rung in decision.rungs
    ]
    by = decision.by
    return {
        "mode": decision.mode.value,
        "source": by.source,
        "where": by.where,
        "since": since,
        "lowered": decision.lowered,
        "rungs": rungs,
    }


def _judge(request: web.BaseRequest) -> None:
    """Only from this machine, only on purpose."""
    if request.method != "POST":
        raise RefusedControlError(405, "POST")
    if not from_here(request):
        raise RefusedControlError(403, "a connection from loopback")
    if MARK not in request.headers:
        raise RefusedControlError(403, f"the header field {MARK}: 1")
    if any(name in request.headers for name in _FOREIGN) or request.headers.get("Sec-Fetch-Site", "none") != "none":
        raise RefusedControlError(403, "a request of a command line, not of a browser or a proxy")
    if not names_here(request):
        raise RefusedControlError(403, "Host: 127.0.0.1, localhost or [::1]")  # a name that was rebound leads here too


async def _body(request: web.BaseRequest) -> str:
    try:
        async with asyncio.timeout(_PATIENCE):
            raw = await request.content.read(_LONGEST + 1)
            rest = b"" if len(raw) > _LONGEST else await request.content.read(1)
    except TimeoutError:
        raise RefusedControlError(408, "a body that arrives within some seconds") from None
    if len(raw) > _LONGEST or rest:
        raise RefusedControlError(413, _BODY)
    return raw.decode("latin-1")


def _said(text: str) -> tuple[Mode | None, float | None]:
    word, _, time = text.strip().lower().partition(" ")
    try:
        mode, seconds = _WORDS[word], _seconds(time) if time.strip() else None
    except (KeyError, ValueError):
        raise RefusedControlError(400, _BODY) from None
    if seconds is not None and not _SHORTEST_WORD <= seconds <= LONGEST_WORD:
        raise RefusedControlError(400, _BODY)
    return mode, seconds


def _seconds(time: str) -> float:
    """A time as settings have it, but with its unit: whoever says `off 30` at night means half an hour."""
    if not time.rstrip()[-1].isalpha():
        raise ValueError(time)
    return parse_seconds(time)
