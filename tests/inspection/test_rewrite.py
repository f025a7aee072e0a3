"""A rewrite keeps what it says, in order, and nothing that a worker asks beyond its bounds."""

import hashlib

import pytest

from sidecar.inspection.rewrite import MOST_PIECES, MOST_WRITTEN, Rewrite, joined, of_body

DATA = bytes(range(100))


def made(rewrite, data=DATA):
    return b"".join(piece if isinstance(piece, bytes) else data[slice(*piece)] for piece in rewrite.pieces)


def test_neighbours_become_one_and_nothing_is_left_out():
    assert joined([(0, 2), (2, 5), b"", (7, 7), b"x", (9, 10)]) == Rewrite(((0, 5), b"x", (9, 10)))


def test_the_size_is_that_of_what_is_made():
    rewrite = Rewrite(((3, 5), b"xyz", (9, 10)))
    assert (rewrite.size, len(made(rewrite))) == (6, 6)


def test_the_digest_is_that_of_what_is_made():
    rewrite = Rewrite(((3, 5), b"xyz", (9, 99)))
    assert rewrite.sha256(lambda size, at: DATA[at : at + size]) == hashlib.sha256(made(rewrite)).hexdigest()


@pytest.mark.parametrize(
    "pieces",
    [
        ((0, 101),),
        ((-1, 5),),
        ((5, 3),),
        ((5, 9), (8, 10)),
        ((50, 60), (10, 20)),
        ((10, 20), b"x", (0, 5)),
        (bytes(MOST_WRITTEN + 1),),
        (b"x",) * (MOST_PIECES + 1),
    ],
    ids=str,
)
def test_what_no_file_holds_does_not_fit(pieces):
    assert not Rewrite(pieces).fits(100)


@pytest.mark.parametrize("pieces", [(), ((0, 100),), ((0, 0), b"x", (99, 100))])
def test_what_the_file_holds_fits(pieces):
    assert Rewrite(pieces).fits(100)


def test_a_body_keeps_all_that_is_not_of_its_files():
    files = {60: (10, Rewrite((b"end",))), 10: (20, Rewrite(((0, 2), b"!", (18, 20))))}
    rewrite = of_body(100, files)
    assert made(rewrite) == DATA[:12] + b"!" + DATA[28:60] + b"end" + DATA[70:]
    assert rewrite.size == 100 - 20 + 5 - 10 + 3
