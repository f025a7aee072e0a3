"""The status page: what runs, what is in force and what it did, for somebody woken at night."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sidecar import __version__
from sidecar.admin import words
from sidecar.admin.certificates_view import ending, until
from sidecar.admin.decisions_view import reasons, uploads
from sidecar.admin.hour_view import Minutes, hour
from sidecar.admin.markup import Html, element, section
from sidecar.admin.mode_view import rungs
from sidecar.admin.plot import level
from sidecar.admin.refusals_view import refusals
from sidecar.admin.routes_view import badge, policies, routes
from sidecar.admin.scanners_view import scanners
from sidecar.admin.state import Status
from sidecar.admin.style import STYLE
from sidecar.admin.troubles_view import troubles
from sidecar.telemetry.refusals import Refusal
from sidecar.telemetry.totals import Totals

REFRESH: Final = 15
"""Seconds after which the page is asked for anew."""
STILL: Final = "still"
"""The query under which it is not."""
_SPOOL_FULL: Final = 0.8
_VIEWPORT: Final = '<meta name="viewport" content="width=device-width, initial-scale=1">'


@dataclass(frozen=True, slots=True)
class Recent:
    """What happened of late."""

    minutes: Minutes = ()
    refusals: Sequence[Refusal] = ()


def page(
    status: Status, totals: Totals, not_ready: list[str], now: float, recent: Recent = Recent(), *, still: bool = False
) -> str:
    """The whole document; `now` in Unix time, `still` where it shall not ask for itself anew."""
    refresh = "" if still else f'<meta http-equiv="refresh" content="{REFRESH}">'
    head = Html(f'<meta charset="utf-8">{_VIEWPORT}{refresh}<style>{STYLE}</style>')
    sections = [
        *troubles(status, not_ready, recent.minutes),
        *ending(totals.certificates, now),
        section("The last hour", hour(recent.minutes), wide=True),
        section("Last refusals", refusals(recent.refusals, status.config.log.names), wide=True),
        _change(status),
        _running(status, totals, now),
        section("Uploads", uploads(totals)),
        section("Reasons", reasons(totals)),
        *([section("Scanners", scanners(totals.scanners, now), wide=True)] if totals.scanners else []),
        section("Mode", rungs(status), wide=True),
        section("Routes", routes(status.config, status.decision.cap), wide=True),
        section("Policies", policies(status.config), wide=True),
    ]
    body = element("body", _header(status, not_ready), element("main", *sections), _footer(now, still=still))
    title = element("title", f"upload-sidecar: {status.mode}{', not ready' if not_ready else ''}")
    return "<!doctype html>\n" + element("html", element("head", head, title), body, lang="en").text


def _header(status: Status, not_ready: list[str]) -> Html:
    """Name and version, mode, readiness."""
    title = element("h1", "upload-sidecar", element("small", __version__))
    ready = element("span", "not ready" if not_ready else "ready", class_=f"badge {'bad' if not_ready else 'good'}")
    return element("header", title, badge(status.mode), ready)


def _change(status: Status) -> Html:
    """Who changed what, why, and the way back."""
    change = status.config.change
    facts: list[tuple[str, str | Html]] = [
        ("Mode", f"{status.mode}, from {status.decision.by.where}"),
        ("Owner", change.owner),
        ("Reason", change.reason),
        ("Expected", change.expected),
        *([("Bounds", "; ".join(change.bounds))] if change.bounds else []),
        ("Way back", change.rollback),
    ]
    return section("Change", _facts(facts))


def _running(status: Status, totals: Totals, now: float) -> Html:
    """Configuration and load."""
    facts: list[tuple[str, str | Html]] = [
        ("Configuration", status.source),
        ("SHA-256", status.sha256[:16]),
        ("In force since", f"{words.moment(status.configured)} ({words.period(now - status.configured)})"),
        ("Running since", f"{words.moment(status.started)} ({words.period(now - status.started)})"),
        ("Service", _service(status.config.upstream.url, totals.failures)),
        ("In flight", words.count(status.in_flight)),
        ("Spool", _spool(status)),
        *((setting, until(end, now)) for setting, end in totals.certificates.items()),
        *([("Turned away", _since_start(totals.turned_away))] if totals.turned_away else []),
        *([("Lines lost", _since_start(totals.lost))] if totals.lost else []),
    ]
    return section("Running", _facts(facts))


def _service(url: str, failures: Mapping[str, int]) -> Html:
    """Where it is, and what failed because of it since the start: the first question of whoever is woken."""
    return element("div", url, *([_since_start(failures, "failed ")] if failures else []))


def _since_start(counts: Mapping[str, int], what: str = "") -> Html:
    """What should not happen, by why."""
    told = "; ".join(f"{reason} {words.count(number)}" for reason, number in counts.items())
    return element("p", f"{what}since the start: {told}", class_="failed")


def _spool(status: Status) -> Html:
    """How full it is, drawn and told."""
    share = status.spool_used / status.spool_limit if status.spool_limit else 0.0
    told = f"{words.size(status.spool_used)} of {words.size(status.spool_limit)}"
    return element("div", told, level(share, "bad" if share > _SPOOL_FULL else "calm"))


def _facts(facts: list[tuple[str, str | Html]]) -> Html:
    """Terms and what they are."""
    items = (item for term, text in facts for item in (element("dt", term), element("dd", text or "not told")))
    return element("dl", *items)


def _footer(now: float, *, still: bool) -> Html:
    """The other pages, the age of this one, and the way to keep it from changing."""
    links = [element("a", path, href=path) for path in ("/metrics", "/config", "/readyz", "/healthz")]
    hold = element("a", "refresh it", href="/") if still else element("a", "hold it still", href=f"/?{STILL}")
    age = element("span", f"as of {words.moment(now)}", "" if still else f", anew every {REFRESH} s")
    return element("footer", *links, age, hold)
