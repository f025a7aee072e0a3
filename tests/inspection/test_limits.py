"""Sizes and counts, at each limit and one beyond it."""

import pytest

from sidecar.inspection.limits import Limits, body_finding, in_words
from sidecar.policy.settings.model import Policy, Settings
from tests.inspection.judging import codes, field, part_of


def told(policy, *steps):
    """What the limits say of parts, each with the sizes of its chunks."""
    limits = Limits(Settings(), policy)
    findings = []
    for part, *sizes in steps:
        findings += limits.begin(part)
        for size in sizes:
            findings += limits.feed(part, memoryview(bytes(size)))
    return findings


@pytest.mark.parametrize(
    ("policy", "steps", "expected"),
    [
        (Policy(max_file=10), [(part_of("a"), 10)], []),
        (Policy(max_file=10), [(part_of("a"), 11)], ["file_too_large"]),
        (Policy(max_file=10), [(part_of("a"), 5, 5, 1, 1, 100)], ["file_too_large"]),
        (Policy(max_file=10), [(part_of("a"), 10), (part_of("b"), 10)], []),
        (Policy(max_file=10), [(part_of("a"), 11), (part_of("b"), 11)], ["file_too_large"] * 2),
        (Policy(max_file=10), [(field(), 11)], []),
        (Policy(max_field=10), [(field(), 10)], []),
        (Policy(max_field=10), [(field(), 11)], ["field_too_large"]),
        (Policy(max_field=10), [(part_of("a"), 11)], []),
        (Policy(max_files=2), [(part_of("a"),)] * 2, []),
        (Policy(max_files=2), [(part_of("a"),)] * 5, ["files_over_limit"]),
        (Policy(max_files=2), [(part_of(""),)] * 5 + [(field(),)] * 5, []),
        (Policy(max_files=0), [(part_of("a"),)], ["files_over_limit"]),
        (Policy(max_parts=2), [(field(),)] * 2, []),
        (Policy(max_parts=2), [(field(),)] * 5, ["parts_over_limit"]),
        (Policy(max_parts=2), [(field(),), (part_of(""),), (part_of("a"),)], ["parts_over_limit"]),
    ],
)
def test_each_limit_is_told_once_when_it_is_passed(policy, steps, expected):
    assert codes(told(policy, *steps)) == expected


def test_every_limit_is_a_413():
    assert {reason.status for reason in Limits.reasons} == {413}


def test_a_finding_says_what_was_allowed():
    (finding,) = told(Policy(max_file=5 * 1024 * 1024), (part_of("a", name=b"avatar"), 5 * 1024 * 1024 + 1))
    assert (finding.actual, finding.expected) == ("more than 5 MiB", "at most 5 MiB")


@pytest.mark.parametrize("size", [0, 99, 100])
def test_a_body_within_its_limit_passes(size):
    assert body_finding(Policy(max_body=100), size) is None


def test_a_body_over_its_limit_is_told():
    finding = body_finding(Policy(max_body=100), 101)
    assert finding is not None
    assert (finding.reason.code, finding.actual, finding.expected) == (
        "body_too_large",
        "101 bytes or more",
        "at most 100 bytes",
    )


@pytest.mark.parametrize(
    ("size", "words"),
    [(0, "0 bytes"), (1, "1 byte"), (1024, "1 KiB"), (1536, "1536 bytes"), (5 << 20, "5 MiB"), (2 << 30, "2 GiB")],
)
def test_a_size_is_said_as_people_write_it(size, words):
    assert in_words(size) == words
