"""The status page: what runs, what is in force and what it did, for somebody woken at night."""

from sidecar import __version__
from sidecar.admin import words
from sidecar.admin.decisions_view import reasons, uploads
from sidecar.admin.markup import Html, element
from sidecar.admin.mode_view import rungs
from sidecar.admin.routes_view import badge, policies, routes
from sidecar.admin.state import Status
from sidecar.admin.style import STYLE
from sidecar.telemetry.decisions import Totals


def page(status: Status, totals: Totals, not_ready: list[str], now: float) -> str:
    """The whole document; `now` in Unix time."""
    title = f"upload-sidecar: {status.mode}"
    head = Html(f'<meta charset="utf-8"><meta name="viewport" content="width=device-width"><style>{STYLE}</style>')
    sections = [
        *_troubles(status, not_ready),
        _change(status),
        _running(status, now),
        _section("Uploads", uploads(totals)),
        _section("Reasons", reasons(totals)),
        *([_section("Mode", rungs(status), wide=True)] if status.decision else []),
        _section("Routes", routes(status.config, status.cap), wide=True),
        _section("Policies", policies(status.config), wide=True),
    ]
    body = element("body", _header(status, not_ready), element("main", *sections), _footer(now))
    document = element("html", element("head", head, element("title", title)), body, lang="en")
    return "<!doctype html>\n" + document.text


def _section(title: str, *children: Html, wide: bool = False, kind: str = "") -> Html:
    """A card."""
    names = " ".join(name for name in ("wide" if wide else "", kind) if name)
    return element("section", element("h2", title), *children, class_=names or "card")


def _header(status: Status, not_ready: list[str]) -> Html:
    """Name and version, mode, readiness."""
    title = element("h1", "upload-sidecar", element("small", __version__))
    ready = element("span", "not ready" if not_ready else "ready", class_=f"badge {'bad' if not_ready else 'good'}")
    return element("header", title, badge(status.mode), ready)


def _troubles(status: Status, not_ready: list[str]) -> list[Html]:
    """What somebody should look at first; nothing where all is well."""
    troubles = []
    if not_ready:
        troubles.append(_section("Not ready", element("pre", "\n".join(not_ready)), wide=True, kind="bad"))
    if status.last_error:
        words_of_it = element("p", "The newest configuration was refused. The last good one stays in force.")
        troubles.append(
            _section(
                "Configuration refused", words_of_it, element("pre", status.last_error[:4000]), wide=True, kind="bad"
            )
        )
    return troubles


def _change(status: Status) -> Html:
    """Who changed what, why, and the way back."""
    change = status.config.change
    facts = [
        ("Mode", f"{status.mode}, from {status.mode_source}"),
        ("Owner", change.owner),
        ("Reason", change.reason),
        ("Expected", change.expected),
        ("Way back", change.rollback),
    ]
    return _section("Change", _facts(facts))


def _running(status: Status, now: float) -> Html:
    """Configuration and load."""
    spool = f"{words.size(status.spool_used)} of {words.size(status.spool_limit)}"
    facts = [
        ("Configuration", status.source),
        ("SHA-256", status.sha256[:16]),
        ("In force since", f"{words.moment(status.configured)} ({words.period(now - status.configured)})"),
        ("Running since", f"{words.moment(status.started)} ({words.period(now - status.started)})"),
        ("Service", status.config.upstream.url),
        ("In flight", words.count(status.in_flight)),
        ("Spool", spool),
    ]
    return _section("Running", _facts(facts))


def _facts(facts: list[tuple[str, str]]) -> Html:
    """Terms and what they are."""
    return element(
        "dl", *(item for term, text in facts for item in (element("dt", term), element("dd", text or "not told")))
    )


def _footer(now: float) -> Html:
    """The other pages, and the age of this one."""
    links = [element("a", path, href=path) for path in ("/metrics", "/config", "/readyz", "/healthz")]
    return element("footer", *links, element("span", f"as of {words.moment(now)}"))
