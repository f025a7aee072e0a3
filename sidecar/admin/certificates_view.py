"""When certificates expire, on the status page."""

from collections.abc import Iterator, Mapping

from sidecar.admin import words
from sidecar.admin.markup import Html, element
from sidecar.admin.troubles_view import card
from sidecar.proxy.sockets.certificates import EXPECTED, doubt


def until(end: float, now: float) -> str:
    """How long one is good for."""
    moment = words.moment(end)
    return f"expires {moment} ({words.period(end - now)})" if end > now else f"expired {moment}"


def ending(certificates: Mapping[str, float], now: float) -> Iterator[Html]:
    """A red card where one must be renewed; nothing where all are good for long."""
    told = [f"{setting} {why}" for setting, end in certificates.items() if (why := doubt(end, now))]
    if told:
        yield card("Certificates", element("p", f"Expected: {EXPECTED}."), element("pre", "\n".join(told)))
