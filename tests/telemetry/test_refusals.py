import json
from dataclasses import replace

import pytest

from sidecar.inspection.file import FileRecord
from sidecar.inspection.finding import Finding
from sidecar.inspection.reason import Reason
from sidecar.policy.settings.model import Log
from sidecar.telemetry.refusals import MOST, Refusals, newest
from tests.telemetry.conftest import PICTURE, TYPE

HASH, OFF, PLAIN = (Log(names=names) for names in ("hash", "off", "plain"))


@pytest.fixture
def note(make_outcome, forbidden_suffix):
    def note(ring, settings=PLAIN, now=1.0, **changes):
        bad = {"verdict": "bad", "action": "rejected", "status": 415, "findings": (forbidden_suffix,)}
        ring.note(make_outcome(**{**bad, **changes}), settings, now)

    return note


def test_a_refusal_is_told_with_its_reason_and_its_request(note, forbidden_suffix):
    ring = Refusals()
    note(ring, findings=(replace(forbidden_suffix, monitored=True), Finding(TYPE, "text/html", part="picture")))
    (one,) = newest([ring.listed()], PLAIN)
    assert (one.code, one.title, one.actual) == ("type_not_allowed", "Type not allowed", "text/html")
    assert (one.request_id, one.route, one.status, one.action, one.others) == ("r-1", "avatars", 415, "rejected", 1)
    assert (one.name, one.part, one.at) == ("holiday.png", "picture", 1.0)


def test_what_is_only_counted_says_so(note, forbidden_suffix):
    ring = Refusals()
    note(ring, action="forwarded", findings=(replace(forbidden_suffix, monitored=True),))
    assert newest([ring.listed()], PLAIN)[0].action == "monitored"


def test_what_the_sidecar_answered_itself_is_told_by_its_code(note):
    ring = Refusals()
    note(ring, findings=(), error="overload", status=503, verdict="not_inspected")
    (one,) = newest([ring.listed()], PLAIN)
    assert (one.code, one.action) == ("overload", "broken_off")


@pytest.mark.parametrize(
    ("settings", "name", "digest", "actual"),
    [(PLAIN, "holiday.png", "", "php in shell.php"), (HASH, "", "e2b9dc5ba8f64b1a", ""), (OFF, "", "", "")],
)
def test_names_are_told_as_the_log_tells_them(note, settings, name, digest, actual):
    ring = Refusals()
    note(ring, settings)
    (one,) = newest([ring.listed()], settings)
    assert (one.name, bool(one.digest), one.actual) == (name, bool(digest), actual)
    kept = json.dumps(ring.listed())
    assert settings is PLAIN or "holiday" not in kept
    assert settings is PLAIN or "shell" not in kept


@pytest.mark.parametrize("settings", [HASH, OFF])
def test_a_stricter_setting_hides_what_was_kept_before(note, settings):
    ring = Refusals()
    note(ring, PLAIN)
    (one,) = newest([ring.listed()], settings)
    assert (one.name, one.actual, one.digest) == ("", "", "")


def test_the_newest_of_all_processes_come_first(note):
    rings = [Refusals(), Refusals()]
    for now in range(100):
        note(rings[now % 2], now=float(now))
    found = newest([ring.listed() for ring in rings], PLAIN)
    assert [one.at for one in found] == [float(now) for now in range(99, 99 - MOST, -1)]


def test_whatever_was_sent_an_entry_stays_small_and_goes_as_json(note):
    name = "\ud800\u202e" + "x" * 10_000
    ring = Refusals()
    files = tuple(FileRecord("f" * 10_000, name, "x" * 10_000, "", 0, "") for _ in range(1000))
    for _ in range(1000):
        note(ring, files=files, findings=(Finding(TYPE, "y" * 10_000, part="z" * 10_000),) * 100)
    text = json.dumps(ring.listed())
    assert len(text) < MOST * 4096
    assert len(newest([json.loads(text)], PLAIN)) == MOST


def test_the_file_that_was_cut_short_is_the_one_that_is_named(note):
    ring = Refusals()
    note(ring, files=(PICTURE, PICTURE._replace(filename="bad.php", sha256=""), PICTURE))
    assert newest([ring.listed()], PLAIN)[0].name == "bad.php"


NOT_SEEN = Reason("scanner_down", "No scanner", 503, "file content", "a scanner", "Later.", not_examined=True)


def test_what_went_on_for_want_of_an_examination_is_no_refusal(note, forbidden_suffix):
    ring = Refusals()
    note(ring, action="forwarded", findings=(Finding(NOT_SEEN),))
    note(ring, action="forwarded", findings=(), error="upstream_down")
    assert ring.listed() == []
    note(ring, action="rejected", findings=(Finding(NOT_SEEN),))
    note(ring, action="forwarded", findings=(Finding(NOT_SEEN), forbidden_suffix))
    assert [one["code"] for one in ring.listed()] == ["scanner_down", "forbidden_suffix"]
