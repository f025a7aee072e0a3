"""What somebody should look at first, as red cards at the top of the status page."""

from collections.abc import Iterator, Sequence
from typing import Final

from sidecar.admin import words
from sidecar.admin.hour_view import Minutes
from sidecar.admin.markup import Html, element, section
from sidecar.admin.state import Status
from sidecar.telemetry.last_hour import Sums

_TEN: Final = 10
"""Minutes in which the service is looked at."""
_FEWEST: Final = 5
_SHARE: Final = 0.05


def troubles(status: Status, not_ready: list[str], minutes: Minutes) -> Iterator[Html]:
    """Nothing where all is well."""
    if not_ready:
        yield card("Not ready", element("pre", "\n".join(not_ready)))
    if status.last_error:
        words_of_it = element("p", "The newest configuration was refused. The last good one stays in force.")
        yield card("Configuration refused", words_of_it, element("pre", status.last_error[:4000]))
    if status.spool_trouble:
        where = f"{status.config.spool.directory}: {status.spool_trouble}"
        lost = "Uploads that needed it in the last ten minutes were answered 503, or in monitor not examined."
        yield card("The disk takes no uploads", element("p", lost), element("pre", where))
    yield from _of_the_service([sums for _, sums in minutes[-_TEN:]])
    yield from _of_the_last_hour(minutes)


def _of_the_service(minutes: Sequence[Sums]) -> Iterator[Html]:
    """Where the alert `UploadSidecarServiceFails` would speak; the card of what runs tells the reasons."""
    failed, requests = sum(sums.service_failed for sums in minutes), sum(sums.requests for sums in minutes)
    if failed >= _FEWEST and failed > _SHARE * requests:
        told = f"{words.count(failed)} of {words.count(requests)} requests of the last ten minutes failed because of it"
        yield card("The service fails", element("p", told))


def _of_the_last_hour(minutes: Minutes) -> Iterator[Html]:
    """The card of what runs tells the reasons, since the start."""
    if turned := sum(sums.turned_away for _, sums in minutes):
        told = f"Connections and uploads in the last hour, for want of room: {words.count(turned)}"
        yield card("Turned away", element("p", told))
    if lost := sum(sums.lost for _, sums in minutes):
        yield card("Lines lost", element("p", f"Of log and audit log in the last hour: {words.count(lost)}"))


def card(title: str, *children: Html) -> Html:
    """One of them."""
    return section(title, *children, wide=True, kind="bad")
