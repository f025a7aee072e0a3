"""What a worker answers is read as the worst of input."""

import json

import pytest

from sidecar.inspection.examined import Examined
from sidecar.inspection.rewrite import Rewrite
from sidecar.isolation import answer

PIECES = ((0, 5), b"\xff\0", (7, 900))


def said(rewrite):
    return json.dumps({"findings": [], "failures": [], "tree": None, "rewrite": rewrite}).encode()


def test_a_rewrite_arrives_as_it_was_made():
    examined = Examined(rewrite=Rewrite(PIECES))
    assert answer.read(answer.written(examined), {}) == examined
    assert answer.read(answer.written(Examined()), {}).rewrite is None


@pytest.mark.parametrize("rewrite", [7, None, [7], [None], ["zz"], [[1]], [[1, 2, 3]], [[1, 2.5]], [["1", "2"]], [{}]])
def test_what_is_no_rewrite_is_nonsense(rewrite):
    with pytest.raises(answer.NonsenseError):
        answer.read(said(rewrite), {})


@pytest.mark.parametrize(
    "rewrite", [[[0, 1001]], [[-5, 3]], [[5, 3]], [[0, 9], [8, 10]], [[True, False]], [[0, 10**400]]]
)
def test_a_rewrite_of_what_is_not_there_fits_no_file(rewrite):
    try:
        found = answer.read(said(rewrite), {}).rewrite
    except answer.NonsenseError:
        return
    assert not found.fits(1000)
