"""The endpoints of the admin port."""

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiohttp import web

from sidecar.admin.page import page
from sidecar.admin.security import protect
from sidecar.admin.state import AdminState

_log: Final = logging.getLogger("sidecar.admin")
_Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class Endpoints:
    """One method for each path; nothing here changes any state."""

    def __init__(self, state: AdminState, clock: Callable[[], float]) -> None:
        self._state = state
        self._clock = clock

    async def alive(self, _request: web.Request) -> web.Response:
        """The process runs and its loop turns; nothing else is asked, so that nothing else restarts it."""
        return web.json_response({"status": "alive"})

    async def ready(self, _request: web.Request) -> web.Response:
        """Whether new traffic is welcome."""
        ready, reasons = self._state.ready()
        body = {"status": "ready" if ready else "not ready", "reasons": reasons}
        return web.json_response(body, status=200 if ready else 503)

    async def metrics(self, _request: web.Request) -> web.Response:
        """For Prometheus; made on a thread, as many routes make many series."""
        body, content_type = await asyncio.to_thread(self._state.metrics.render)
        return web.Response(body=body, headers={"Content-Type": content_type})

    async def status(self, _request: web.Request) -> web.Response:
        """For people."""
        ready, reasons = self._state.ready()
        not_ready = [] if ready else reasons or ["no reason given"]
        text = page(self._state.status(), self._state.metrics.totals(), not_ready, self._clock())
        return web.Response(text=text, content_type="text/html", charset="utf-8")

    async def config(self, _request: web.Request) -> web.Response:
        """What is in force, and the digest that tells whether two instances have the same."""
        return web.json_response({"sha256": self._state.status().sha256, "config": self._state.config_in_force()})


def build(state: AdminState, clock: Callable[[], float] = time.time) -> web.Application:
    """The application; `clock` gives Unix time."""
    app = web.Application(middlewares=[_explain], client_max_size=1024)
    endpoints = Endpoints(state, clock)
    app.router.add_get("/", endpoints.status)
    app.router.add_get("/healthz", endpoints.alive)
    app.router.add_get("/readyz", endpoints.ready)
    app.router.add_get("/metrics", endpoints.metrics)
    app.router.add_get("/config", endpoints.config)
    app.on_response_prepare.append(protect)
    return app


@web.middleware
async def _explain(request: web.Request, handler: _Handler) -> web.StreamResponse:
    """Every error as JSON that says what would have been right, with nothing of the request in it."""
    try:
        return await handler(request)
    except web.HTTPNotFound:
        paths = sorted({resource.canonical for resource in request.app.router.resources()})
        return _error(404, "there is nothing at this path", {"paths": paths})
    except web.HTTPMethodNotAllowed as error:
        allowed = sorted(error.allowed_methods)
        return _error(405, "this method is not offered here", {"methods": allowed}, {"Allow": ", ".join(allowed)})
    except Exception:  # noqa: BLE001 - the border: whatever fails becomes an answer, and the log tells it
        _log.exception("the admin port failed")
        return _error(500, "the admin port failed; the log tells why", {})


def _error(status: int, text: str, expected: dict[str, Any], fields: dict[str, str] | None = None) -> web.Response:
    """One error."""
    return web.json_response({"status": status, "error": text, **expected}, status=status, headers=fields)
