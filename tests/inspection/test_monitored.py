"""A check whose mode is monitor counts what it finds and refuses nothing, wherever that was found."""

import pickle

import pytest

from sidecar.cli.config_file import settings_of_checks
from sidecar.inspection.check import Check
from sidecar.inspection.examination import Examination
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding
from sidecar.inspection.inspector import Inspector
from sidecar.inspection.monitored import NONE, monitored
from sidecar.inspection.reason import Reason
from sidecar.inspection.unexamined import CHECK_FAILED
from sidecar.isolation import answer
from sidecar.multipart.events import BodyEnd, Part, PartBegin, PartData, PartEnd
from sidecar.policy.loading.load import load
from sidecar.policy.settings.check_mode import with_mode
from sidecar.policy.settings.model import Policy, Settings
from sidecar.policy.settings.uploads import Inside

COUNTED = Reason("counted", "Counted", 422, "x", "y", "z.")
REFUSED = Reason("refused", "Refused", 422, "x", "y", "z.")
MONITOR = with_mode(Settings)(mode="monitor")


class Counts(Check):
    name = "counts"
    reasons = (COUNTED,)

    def begin(self, _part):
        return (Finding(COUNTED),)

    def wants(self, _file):
        return True

    def examine(self, _file, whole):
        yield Finding(COUNTED, "whole")
        if not whole.depth:
            yield from whole.inside(b"inner.txt", [b"inner"])


class Refuses(Check):
    name = "refuses"
    reasons = (REFUSED,)

    def end(self, _part, _size):
        return (Finding(REFUSED, "at the end"),)


class Fails(Check):
    name = "fails"
    reasons = ()

    def begin(self, _part):
        raise RuntimeError


CHECKS = {check.name: check for check in (Counts, Refuses, Fails)}


def inspected(**settings):
    policy = Policy(checks={"fails": "off", "refuses": "off", **settings})
    inspector = Inspector(policy, lambda _: "text/plain", stop_at_first=True, checks=CHECKS)
    part = Part(0, b"f", b"a.txt", None)
    for event in (PartBegin(part), PartData(b"x"), PartEnd(part, 1), BodyEnd(1)):
        inspector.receive(event)
        inspector.look()
    return inspector.verdict()


def test_what_it_finds_is_told_and_refuses_nothing():
    verdict = inspected(counts=MONITOR)
    assert [(finding.reason, finding.monitored) for finding in verdict.findings] == [(COUNTED, True)]
    assert verdict.accepted
    assert verdict.label == "bad"


def test_other_checks_go_on_and_refuse():
    verdict = inspected(counts=MONITOR, refuses="on")
    assert verdict.refusal.reason is REFUSED
    assert [finding.monitored for finding in verdict.findings] == [True, False]


def test_a_check_that_enforces_refuses():
    assert inspected(counts="on").refusal.reason is COUNTED


def test_a_failure_of_a_check_that_only_counts_refuses_nothing():
    verdict = inspected(counts="off", fails=MONITOR)
    assert [finding.reason for finding in verdict.findings] == [CHECK_FAILED]
    assert verdict.accepted
    assert inspected(counts="off", fails="on").refusal.reason is CHECK_FAILED


def test_what_only_such_checks_want_is_told_from_what_any_other_wants_or_nobody():
    counting = monitored(Policy(checks={"counts": MONITOR, "fails": MONITOR, "other": MONITOR}), CHECKS)
    assert (counting.names, counting.codes) == ({"counts", "fails"}, {"counted"})
    assert counting.cover(("counts",))
    assert counting.cover(("fails", "counts"))
    assert not counting.cover(("counts", "refuses"))
    assert not counting.cover(())


@pytest.mark.parametrize("checks", ["off", {}, {"counts": "on"}, {"counts": "off"}])
def test_where_no_check_is_to_count_only_none_does(checks):
    assert monitored(Policy(checks=checks), CHECKS) == NONE


def examined(**settings):
    policy = Policy(checks={"fails": "off", **settings})
    examination = Examination(policy, lambda _: "text/plain", lambda: 0.0, stop_at_first=True, checks=CHECKS)
    file = File(Part(0, b"f", b"a.zip", None), wanted_by=("counts",))
    return examination.examine(file, b"data").findings


def test_what_it_finds_in_the_whole_file_and_what_others_find_within_it_refuses_nothing():
    found = examined(counts=MONITOR)
    assert {finding.reason for finding in found} == {COUNTED, REFUSED}
    assert all(finding.monitored for finding in found)


def test_what_a_check_that_counts_finds_within_a_file_refuses_nothing_there_either():
    found = examined(counts="on", refuses=MONITOR)
    assert (found[0].reason, found[0].monitored) == (COUNTED, False)


def test_budgets_that_it_uses_up_end_nothing_else():
    policy = Policy(checks={"counts": MONITOR, "fails": "off"}, inside=Inside(max_files=1, max_bytes=1, max_file=1))
    examination = Examination(policy, lambda _: "text/plain", lambda: 0.0, stop_at_first=True, checks=CHECKS)
    file = File(Part(0, b"f", b"a.zip", None), wanted_by=("counts",))
    assert all(finding.monitored for finding in examination.examine(file, b"data").findings)
    assert not examination.stopped


def test_an_isolated_worker_tells_it():
    from sidecar.inspection.examined import Examined  # noqa: PLC0415

    raw = b"[%b]" % answer.written(Examined((Finding(COUNTED, monitored=True), Finding(COUNTED, "b"))))
    (read,) = answer.read(raw, [answer.Expected({"counted": COUNTED})])
    assert [each.monitored for each in read.findings] == [True, False]


@pytest.mark.parametrize("name", [name for name in settings_of_checks() if name != "known_files"])
def test_settings_with_a_mode_reach_an_isolated_worker(name):
    text = f"policies: {{default: {{checks: {{{name}: {{mode: monitor}}}}}}}}"
    policy = load(text, {}, settings_of_checks()).policies["default"]
    again = pickle.loads(pickle.dumps(policy))  # noqa: S301 - our own
    assert monitored(again, {name: Counts}).names == {name}
