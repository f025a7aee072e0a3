"""What somebody should look at first, as red cards at the top of the status page."""

from collections.abc import Iterator

from sidecar.admin.markup import Html, element, section
from sidecar.admin.state import Status


def troubles(status: Status, not_ready: list[str]) -> Iterator[Html]:
    """Nothing where all is well."""
    if not_ready:
        yield _card("Not ready", element("pre", "\n".join(not_ready)))
    if status.last_error:
        words_of_it = element("p", "The newest configuration was refused. The last good one stays in force.")
        yield _card("Configuration refused", words_of_it, element("pre", status.last_error[:4000]))
    if status.spool_trouble:
        where = f"{status.config.spool.directory}: {status.spool_trouble}"
        lost = "Uploads that needed it in the last ten minutes were answered 503, or in monitor not examined."
        yield _card("The disk takes no uploads", element("p", lost), element("pre", where))


def _card(title: str, *children: Html) -> Html:
    return section(title, *children, wide=True, kind="bad")
