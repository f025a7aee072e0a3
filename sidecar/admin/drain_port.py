"""The port on which somebody asks for a drain: one path, which answers when nothing is under way.

The kubelet calls it for the preStop hook of the service's container, with GET and from the node: so it has a port of
its own, offers nothing else, and undoes itself (`drain.lease`).
"""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import web

from sidecar.admin.port import Port
from sidecar.admin.security import json_answer

PATH: Final = "/drain"
_METHODS: Final = ("GET", "POST")


def drain_port(drain: Callable[[], Awaitable[int]]) -> Port:
    """The port.

    Args:
        drain: drains, and gives how many exchanges were still under way when time was up.
    """

    async def answer(request: web.BaseRequest) -> web.Response:
        if request.path != PATH:
            return json_answer({"status": 404, "error": "there is nothing at this path", "paths": [PATH]}, 404)
        if request.method not in _METHODS:
            told = {"status": 405, "error": "this method is not offered here", "methods": _METHODS}
            return json_answer(told, 405, {"Allow": ", ".join(_METHODS)})
        left = await drain()
        return json_answer({"status": "timeout" if left else "drained", "in_flight": left})

    return Port(answer, keep_alive=5.0)
