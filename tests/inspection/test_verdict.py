"""Three outcomes: clean, bad, not examined; and what the policy makes of the third."""

from dataclasses import replace

import pytest

from sidecar.inspection.finding import Finding
from sidecar.inspection.reason import Reason
from sidecar.inspection.verdict import Verdict

BAD = Finding(Reason("bad", "Bad", 422, "test", "good", "none"))
WORSE = Finding(Reason("worse", "Worse", 422, "test", "good", "none"))
UNSEEN = Finding(Reason("unseen", "Unseen", 422, "test", "seen", "none", not_examined=True))
LET_IN = replace(UNSEEN, forward=True)
KEPT_OUT = replace(UNSEEN, forward=False)


@pytest.mark.parametrize(
    ("findings", "forward", "refusal", "label"),
    [
        ((), False, None, "clean"),
        ((), True, None, "clean"),
        ((BAD, WORSE), False, BAD, "bad"),
        ((UNSEEN,), False, UNSEEN, "not_examined"),
        ((UNSEEN,), True, None, "not_examined"),
        ((UNSEEN, BAD), False, UNSEEN, "bad"),
        ((UNSEEN, BAD), True, BAD, "bad"),
        ((BAD, UNSEEN), True, BAD, "bad"),
        ((LET_IN,), False, None, "not_examined"),
        ((KEPT_OUT,), True, KEPT_OUT, "not_examined"),
        ((replace(BAD, forward=True),), True, replace(BAD, forward=True), "bad"),
    ],
)
def test_the_first_finding_that_refuses_is_the_refusal(findings, forward, refusal, label):
    verdict = Verdict(findings, forward_not_examined=forward)
    assert (verdict.refusal, verdict.label, verdict.accepted) == (refusal, label, refusal is None)
