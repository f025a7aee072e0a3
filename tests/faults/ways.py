"""The ways in which a request can go through the sidecar, each with its route and an honest request."""

from tests.wire import form, post

ROUTES = [{"path": "/stream", "delivery": "stream"}, {"path": "/monitor", "mode": "monitor"}]
UPLOADS = ("hold", "stream", "monitor")
WITH_BODY = (*UPLOADS, "pass")
AS_IT_ARRIVES = ("stream", "monitor", "pass")
"""Ways in which the service has the beginning while the client still sends."""
ALL = (*WITH_BODY, "get")

_NOISE = bytes(range(255, -1, -1))
"""No check wants such a file whole; 0 to 255 in order would be an image, if libmagic were right."""


def request(way: str, size: int) -> bytes:
    """An honest request; `size` is that of its file."""
    if way == "get":
        return b"GET /get HTTP/1.1\r\nHost: service.test\r\n\r\n"
    data = _NOISE * (size // len(_NOISE))
    if way == "pass":
        head = b"POST /pass HTTP/1.1\r\nHost: service.test\r\nContent-Type: application/octet-stream\r\n"
        return head + b"Content-Length: %d\r\n\r\n" % len(data) + data
    return post(form(("title", None, None, b"x"), ("f", "a.dat", None, data)), target=f"/{way}")


def refused(way: str, size: int) -> bytes:
    """An upload whose second file is refused."""
    data = _NOISE * (size // len(_NOISE))
    return post(form(("f", "a.dat", None, data), ("g", "shell.php", None, b"x" * 100_000)), target=f"/{way}")
