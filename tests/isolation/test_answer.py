"""What a worker answers is read as the worst of input."""

import json

import pytest

from sidecar.inspection.examined import Examined
from sidecar.inspection.finding import Finding
from sidecar.inspection.reason import Reason
from sidecar.inspection.rewrite import Rewrite
from sidecar.isolation import answer

RULE = Reason("rule", "A rule", 422, "nothing", "nothing", "Nothing.")
PIECES = ((0, 5), b"\xff\0", (7, 900))


def said(rewrite):
    return json.dumps([{"findings": [], "failures": [], "tree": None, "rewrite": rewrite}]).encode()


def through(*examined):
    """As it arrives."""
    raw = b"".join(answer.packets([answer.written(each) for each in examined]))[answer.LENGTH :]
    return [*answer.read(raw, [{"rule": RULE}] * len(examined))]


@pytest.mark.parametrize("files", [1, 2, 16])
def test_what_is_said_of_each_file_arrives_in_their_order(files):
    every = [Examined((Finding(RULE, str(number)),) if number % 3 else ()) for number in range(files)]
    assert through(*every) == every
    assert through(*[Examined()] * files) == [Examined()] * files


@pytest.mark.parametrize(
    "raw", [b"{}", b"[]", b"[{},{},{}]", b"[{},0]", b"[{},[]]", b"[{},null]", b'[{},"{}"]', b"7", b""]
)
def test_an_answer_about_more_fewer_or_no_files_is_nonsense(raw):
    with pytest.raises(answer.NonsenseError):
        answer.read(raw, [{}, {}])


def test_a_rewrite_arrives_as_it_was_made():
    examined = Examined(rewrite=Rewrite(PIECES))
    assert through(examined, Examined()) == [examined, Examined()]


@pytest.mark.parametrize("rewrite", [7, None, [7], [None], ["zz"], [[1]], [[1, 2, 3]], [[1, 2.5]], [["1", "2"]], [{}]])
def test_what_is_no_rewrite_is_nonsense(rewrite):
    with pytest.raises(answer.NonsenseError):
        answer.read(said(rewrite), [{}])


@pytest.mark.parametrize(
    "rewrite", [[[0, 1001]], [[-5, 3]], [[5, 3]], [[0, 9], [8, 10]], [[True, False]], [[0, 10**400]]]
)
def test_a_rewrite_of_what_is_not_there_fits_no_file(rewrite):
    try:
        found = answer.read(said(rewrite), [{}])[0].rewrite
    except answer.NonsenseError:
        return
    assert not found.fits(1000)
