import re
from dataclasses import asdict, replace
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar import __version__
from sidecar.admin.markup import element
from sidecar.admin.page import Recent, page
from sidecar.admin.style import HASH, STYLE
from sidecar.inspection.finding import Finding
from sidecar.inspection.reason import Reason
from sidecar.policy.settings.model import Change, Config, Log, Mode, Spool
from sidecar.proxy.reasons import REASONS
from sidecar.telemetry.last_hour import Sums
from sidecar.telemetry.outcome import Outcome
from sidecar.telemetry.refusals import Refusal
from tests.admin.conftest import decision

NOW = 1_800_000_000.0
SUFFIX = Reason("forbidden_suffix", "Forbidden suffix", 415, "file name", "another suffix", "Rename it.")


class Reader(HTMLParser):
    """Collects the texts that a person sees, the tags, and whether every tag is closed in order."""

    def __init__(self):
        super().__init__()
        self.texts, self.tags, self.open = [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, dict(attrs)))
        if tag != "meta":
            self.open.append(tag)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag

    def handle_data(self, data):
        self.texts.append(data)


def read(text):
    reader = Reader()
    reader.feed(text)
    reader.close()
    assert reader.open == []
    return reader


@pytest.fixture
def shown(state):
    return lambda: read(page(state.status(), state.metrics.totals(), state.reasons, NOW))


def test_page_tells_what_runs_and_what_is_in_force(shown):
    texts = shown().texts
    for text in (__version__, "enforce", "ready", "enforce, from the file", "sidecar.yaml", "abababababababab"):
        assert text in texts
    for text in ("2027-01-15 07:59:00 UTC (1 min 0 s)", "2027-01-14 07:00:00 UTC (1 d 1 h)"):
        assert text in texts


def test_page_tells_the_change_and_the_way_back(shown, state):
    texts = shown().texts
    change = state.status().config.change
    for text in (change.owner, change.reason, change.expected, change.rollback):
        assert text in texts


def test_what_nobody_wrote_is_named_as_such(shown, state):
    state.set(config=Config(change=Change()))
    texts = shown().texts
    assert texts[texts.index("Owner") + 1] == "not told"


def rows(texts, first, length):
    start = texts.index(first)
    return texts[start : start + length]


def test_page_lists_routes_with_policy_and_mode(shown):
    texts = shown().texts
    assert rows(texts, "/api/avatars", 5) == ["/api/avatars", "avatars", "POST, PUT", "avatars", "enforce"]
    assert rows(texts, "/api/invoices", 5) == ["/api/invoices", "/api/invoices", "all", "default", "monitor"]
    assert rows(texts, "every other upload", 5) == ["every other upload", "default", "all", "default", "enforce"]


def test_global_off_wins_over_a_route_in_the_page_too(shown, state):
    state.set(config=state.status().config.replaced(mode=Mode.OFF))
    assert rows(shown().texts, "/api/invoices", 5)[-1] == "off"


def test_page_lists_policies_with_their_limits(shown):
    texts = shown().texts
    start = texts.index("Policies")
    avatars = texts.index("avatars", start)
    assert texts[avatars : avatars + 7] == ["avatars", "64 MiB", "5 MiB", "10", "1\u202f000", "image/png", "refuse"]


def test_page_sums_uploads_and_reasons(shown, state):
    for mode, action in (("enforce", "rejected"), ("enforce", "rejected"), ("monitor", "forwarded")):
        outcome = Outcome("r", "avatars", "POST", mode, upload=True, verdict="bad", action=action)
        outcome.findings = (Finding(SUFFIX),)
        state.metrics.observe(outcome)
    texts = shown().texts
    assert rows(texts, "bad", 4) == ["bad", "broke a rule", "1", "2"]
    assert rows(texts, "forbidden_suffix", 3) == ["forbidden_suffix", "1", "2"]


def test_page_without_findings_says_so(shown):
    assert "Nothing was found so far." in shown().texts


def test_trouble_stands_first(shown, state):
    assert "Configuration refused" not in shown().texts
    state.set(last_error="sidecar.yaml, line 3: mode: expected off, monitor or enforce")
    state.reasons.append("draining")
    texts = shown().texts
    headings = [text for text in texts if text in {"Not ready", "Configuration refused", "Change"}]
    assert headings == ["Not ready", "Configuration refused", "Change"]
    assert "sidecar.yaml, line 3: mode: expected off, monitor or enforce" in texts
    assert "not ready" in texts


def test_a_disk_that_takes_nothing_is_told_first(shown, state):
    assert "The disk takes no uploads" not in shown().texts
    state.set(spool_trouble="No space left on device", config=Config(spool=Spool(directory="/spool")))
    texts = shown().texts
    assert texts.index("The disk takes no uploads") < texts.index("Change")
    assert "/spool: No space left on device" in texts


def test_a_service_that_fails_is_told_beside_its_address(state):
    totals = state.metrics.totals()
    assert "failed since the start" not in page(state.status(), totals, [], NOW)
    failing = replace(totals, failures={"upstream_unreachable": 12})
    assert "failed since the start: upstream_unreachable 12" in page(state.status(), failing, [], NOW)


def test_who_was_turned_away_is_told(state):
    totals = state.metrics.totals()
    assert "Turned away" not in page(state.status(), totals, [], NOW)
    full = replace(totals, turned_away={"too_many_connections": 1200})
    assert "too_many_connections 1\u202f200" in page(state.status(), full, [], NOW)


def test_lines_that_were_lost_are_told(state):
    totals = state.metrics.totals()
    assert "Lines lost" not in page(state.status(), totals, [], NOW)
    assert "log 1\u202f895" in page(state.status(), replace(totals, lost={"log": 1895}), [], NOW)


@pytest.mark.parametrize(
    ("sums", "title", "told"),
    [
        (Sums(turned_away=50), "Turned away", "Connections and uploads in the last hour, for want of room: 50"),
        (Sums(lost=7), "Lines lost", "Of log and audit log in the last hour: 7"),
    ],
)
def test_who_was_turned_away_and_what_was_lost_of_late_is_told_first(state, sums, title, told):
    for hour, first in (([(NOW, Sums())], False), ([(NOW - 60, Sums()), (NOW, sums)], True)):
        texts = read(page(state.status(), state.metrics.totals(), [], NOW, Recent(hour))).texts
        assert (title in texts, told in texts) == (first, first)
    assert texts.index(title) < texts.index("The last hour")


def test_page_asks_for_nothing_from_anywhere(shown):
    reader = shown()
    assert {tag for tag, _ in reader.tags} & {"script", "img", "link", "iframe", "form", "object", "base"} == set()
    links = [attrs["href"] for tag, attrs in reader.tags if tag == "a"]
    assert links == ["/metrics", "/config", "/readyz", "/healthz", "/?still"]
    assert not [attrs for _, attrs in reader.tags if "style" in attrs or any(key.startswith("on") for key in attrs)]
    assert "url(" not in STYLE
    assert "@import" not in STYLE


def test_the_one_style_is_the_one_that_the_policy_lets_in(shown):
    assert STYLE in shown().texts
    assert re.fullmatch(r"sha256-[A-Za-z0-9+/]{43}=", HASH)


HOSTILE = "</style></title><script>alert(1)</script>\"'&<img src=x onerror=alert(1)>"


def test_hostile_texts_stay_texts(shown, state):
    tags = [tag for tag, _ in shown().tags]
    change = Change(owner=HOSTILE, reason=HOSTILE, expected=HOSTILE, rollback=HOSTILE)
    config = state.status().config.replaced(change=change)
    state.set(config=config, source=HOSTILE, decision=decision(config, HOSTILE), sha256=HOSTILE)
    reader = shown()
    assert [tag for tag, _ in reader.tags] == tags
    assert reader.texts.count(HOSTILE) >= 5


@given(st.text(), st.text())
def test_any_text_is_escaped_in_an_element_and_in_its_attributes(text, value):
    reader = read(element("p", text, title=value).text)
    clean = text.replace("\r\n", "\n").replace("\r", "\n")
    assert [tag for tag, _ in reader.tags] == ["p"]
    assert "".join(reader.texts) in {text, clean}
    assert reader.tags[0][1]["title"] in {value, value.replace("\r\n", "\n").replace("\r", "\n")}


def test_page_without_routes_lists_the_default(shown, state):
    state.set(config=Config())
    assert rows(shown().texts, "every upload", 5) == ["every upload", "default", "all", "default", "monitor"]


def refusal(**changes):
    entry = Refusal(
        NOW - 60, "r-1", "avatars", 422, "rejected", "forbidden_suffix", "Forbidden suffix", "php", others=2
    )
    return asdict(replace(entry, **changes))


def recent_page(state, names="plain", **changes):
    state.set(config=state.status().config.replaced(log=Log(names=names)))
    state.refused.append(refusal(**changes))
    found = Recent([(NOW, Sums(good=3, refused=1))], state.refusals())
    return page(state.status(), state.metrics.totals(), [], NOW, found)


def test_page_tells_the_last_refusals(state):
    texts = read(recent_page(state, name="shell.php", part="upload")).texts
    start = texts.index("07:59:00")
    assert texts[start + 1 : start + 5] == ["refused", "forbidden_suffix", "and 2 more", "Forbidden suffix: "]
    for text in ("shell.php", "upload", "r-1", "answer 422"):
        assert text in texts[start:]


@pytest.mark.parametrize(("names", "note"), [("hash", "shown as digests"), ("off", "File names are hidden")])
def test_names_are_hidden_where_the_log_hides_them(state, names, note):
    html = recent_page(state, names, name="secret-diagnosis.pdf", actual="secret-diagnosis.pdf", quotes=True)
    assert "secret-diagnosis" not in html
    assert note in html


HOSTILE_NAMES = ["<script>alert(1)</script>", "bill\u202egnp.exe", "x" * 10_000, "\ud800\x00\n", "e" + "\u0301" * 99]


@pytest.mark.parametrize("name", HOSTILE_NAMES)
def test_hostile_names_are_visible_and_no_markup(state, name):
    plain = [tag for tag, _ in read(recent_page(state, name="a", part="a", actual="a")).tags]
    state.refused.clear()
    html = recent_page(state, name=name, part=name, actual=name, request_id=name)
    assert [tag for tag, _ in read(html).tags if tag != "b"] == [tag for tag in plain if tag != "b"]
    assert "<script" not in html
    assert "\u202e" not in html
    html.encode()
    assert len(html) < 60_000


@pytest.mark.parametrize("code", ["spool_full", "too_many_uploads", "body_too_slow"])
def test_what_the_sidecar_answered_itself_is_told_in_the_words_of_its_reason(state, code):
    texts = read(recent_page(state, action="broken_off", code=code, title="")).texts
    (reason,) = (reason for reason in REASONS if reason.code == code)
    start = texts.index("07:59:00")
    assert texts[start + 1 : start + 3] == ["broken off", code]
    assert reason.title + ": " in texts[start:]


def test_many_refusals_are_folded_but_all_there(state):
    html = "".join(recent_page(state, request_id=f"r-{number}") for number in range(20))
    assert html.rpartition("<!doctype html>")[2].count("<li><div><time") == 20
    assert "12 more" in html


def test_page_renews_itself_without_a_script_unless_it_is_held_still(state):
    running, still = (page(state.status(), state.metrics.totals(), [], NOW, still=held) for held in (False, True))
    assert '<meta http-equiv="refresh" content="15">' in running
    assert 'href="/?still"' in running
    assert "http-equiv" not in still
    assert 'href="/">refresh it' in still


def test_page_tells_scanners(state):
    state.metrics.scans._up.labels("clam").set(0)
    state.metrics.scans._scans.labels("clam", "timeout").inc()
    texts = read(page(state.status(), state.metrics.totals(), [], NOW)).texts
    assert rows(texts, "clam", 6) == ["clam", "down", "not told", "0", "0", "1"]


def test_page_tells_until_when_certificates_are_good(shown, state):
    state.metrics.state.certificates({"tls.certificate": NOW + 30 * 86400})
    texts = shown().texts
    assert rows(texts, "tls.certificate", 2) == ["tls.certificate", "expires 2027-02-14 08:00:00 UTC (30 d 0 h)"]
    assert "Certificates" not in texts


def test_a_certificate_that_ends_soon_or_has_ended_is_on_top(shown, state):
    state.metrics.state.certificates({"tls.certificate": NOW - 60, "upstream.ca": NOW + 86400})
    texts = shown().texts
    assert texts.index("Certificates") < texts.index("The last hour")
    (told,) = (text for text in texts if "tls.certificate expired on 2027-01-15T07:59:00Z" in text)
    assert "upstream.ca expires on 2027-01-16T08:00:00Z, 1.0 days from now" in told
    assert rows(texts, "tls.certificate", 2) == ["tls.certificate", "expired 2027-01-15 07:59:00 UTC"]


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        ([Sums(requests=20, service_failed=2), Sums(requests=20, service_failed=3)], True),
        ([Sums(requests=20, service_failed=4)], False),
        ([Sums(requests=200, service_failed=5)], False),
        ([Sums(requests=5, service_failed=5), *[Sums()] * 10], False),
    ],
    ids=["fails", "few", "a small share", "before the last ten minutes"],
)
def test_a_service_that_fails_is_on_top_where_the_alert_would_speak(state, minutes, told):
    recent = Recent([(NOW + 60 * number, sums) for number, sums in enumerate(minutes)])
    text = page(state.status(), state.metrics.totals(), [], NOW, recent)
    assert ("5 of 40 requests of the last ten minutes failed because of it" in text) is told
    assert ("The service fails" in text) is told
