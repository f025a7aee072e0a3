"""The hot path does not get dearer unseen: instructions are counted, which no busy machine changes."""

import pytest

from bench.instructions import VERSION, measured, recorded

DEARER = 1.10
RECORD = recorded()


@pytest.mark.skipif(RECORD is None, reason=f"nobody has recorded counts for Python {VERSION}: --record does")
def test_no_request_takes_a_tenth_more_instructions_than_recorded():
    """Where it must: `python -m bench.instructions --record`, and a row in docs/performance.md that says why."""
    now = measured()
    assert now.keys() == RECORD.keys()
    dearer = {case: f"{count} against {RECORD[case]}" for case, count in now.items() if count > DEARER * RECORD[case]}
    assert dearer == {}
