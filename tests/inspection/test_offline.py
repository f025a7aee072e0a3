"""A file offline is judged as in a form that holds only this file."""

import hashlib

import pytest

from sidecar.inspection.inspector import Inspector
from sidecar.inspection.offline import judge_file
from sidecar.policy.settings.model import Policy
from tests.inspection import samples
from tests.inspection.hostile_files import FILES
from tests.inspection.judging import codes, events, feed, part_of, pieces


def test_a_good_file_is_clean(identify):
    data = samples.png()
    verdict = judge_file(b"a.png", b"image/png", [data], Policy(), identify)
    assert (verdict.label, verdict.parts) == ("clean", 1)
    assert (verdict.files[0].sha256, verdict.files[0].content_type) == (hashlib.sha256(data).hexdigest(), "image/png")


@pytest.mark.parametrize(("name", "declared", "data", "reason"), FILES[::7], ids=lambda value: str(value)[:30])
@pytest.mark.parametrize("cut", [0, 100, 4096])
def test_the_verdict_is_that_of_a_form(identify, name, declared, data, reason, cut):
    sent = None if declared is None else declared.encode()
    offline = judge_file(name.encode(), sent, pieces(data, cut), Policy(), identify)
    part = part_of(name, sent, name=b"file")
    online = feed(Inspector(Policy(), identify, stop_at_first=False), events((part, data))).verdict()
    assert codes(offline.findings) == codes(online.findings)
    assert reason in codes(offline.findings)


def test_all_findings_are_told(identify):
    verdict = judge_file(b"a.php.png", None, [samples.PHP], Policy(max_file=3), identify)
    assert codes(verdict.findings) == ["suffix_forbidden", "file_too_large", "content_not_as_named"]


def test_an_empty_file_is_judged(identify):
    assert judge_file(b"a.txt", None, [], Policy(), identify).accepted


def test_any_name_is_judged(identify):
    assert codes(judge_file(b"\xff.txt", None, [b"x"], Policy(), identify).findings) == ["file_name_not_utf8"]
