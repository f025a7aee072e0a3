"""Whatever is written of a body can be found again in its file, and a large file begins where it can be mapped."""

import random
from mmap import ALLOCATIONGRANULARITY

import pytest

from sidecar.isolation.copy import MAPPED_FROM
from sidecar.proxy.held.layout import Layout

SIZES = (0, 1, 100, 4095, 4096, MAPPED_FROM - 1, MAPPED_FROM, MAPPED_FROM + 5, 3 * MAPPED_FROM)


def written(layout, source, files, sizes):
    """A body of files with something before each, as it stands in a file."""
    body, stands = bytearray(), bytearray()
    batch, at = [], 0
    for number, size in enumerate(sizes):
        head, data = source.randbytes(source.randrange(1, 300)), source.randbytes(size)
        files[number] = len(body) + len(head)
        body += head + data
        cuts = sorted(source.randrange(size + 1) for _ in range(4))
        batch += [head, *(data[a:b] for a, b in zip([0, *cuts], [*cuts, size], strict=True))]
        while len(batch) > source.randrange(1, 12):
            piece, batch = batch[: len(batch) // 2 + 1], batch[len(batch) // 2 + 1 :]
            at = put(layout, stands, at, piece)
    put(layout, stands, at, batch)
    return bytes(body), bytes(stands)


def put(layout, stands, at, pieces):
    for place, run in layout.runs(at, pieces):
        stands += bytes(place - len(stands))
        assert place == len(stands)
        stands += b"".join(run)
    return at + sum(map(len, pieces))


def found(layout, stands, start, size):
    pieces = b""
    while len(pieces) < size:
        place, there = layout.place(start + len(pieces), size - len(pieces))
        pieces += stands[place : place + there]
    return pieces


@pytest.mark.parametrize("seed", range(30))
def test_every_byte_is_found_again_and_large_files_begin_pages_however_a_body_is_cut(seed):
    source, files = random.Random(seed), {}
    layout, sizes = Layout(files), source.choices(SIZES, k=source.randrange(1, 6))
    body, stands = written(layout, source, files, sizes)
    assert found(layout, stands, 0, len(body)) == body
    for number, size in enumerate(sizes):
        place, there = layout.place(files[number], size)
        assert there == size
        assert stands[place : place + size] == body[files[number] : files[number] + size]
        assert size < MAPPED_FROM or place % ALLOCATIONGRANULARITY == 0


def test_small_files_leave_no_gaps_but_the_last_which_may_go_on():
    files = {number: 10_000 * number for number in range(100)}
    runs = list(Layout(files).runs(0, [bytes(1_000_000)]))
    assert [sum(map(len, run)) for _, run in runs] == [990_000, 10_000]


def test_a_small_file_that_begins_right_behind_what_is_written_leaves_no_gap():
    layout = Layout({0: 10, 1: 15})
    assert list(layout.runs(0, [bytes(10)])) == [(0, [bytes(10)])]
    assert next(layout.runs(10, [bytes(20)])) == (10, [bytes(5)])


def test_a_large_file_of_which_the_first_bytes_are_written_begins_a_page_though_the_next_is_known():
    layout = Layout({0: 10, 1: 10 + MAPPED_FROM, 2: 10 + MAPPED_FROM + 5})
    assert [place for place, _ in layout.runs(0, [bytes(20)])] == [0, ALLOCATIONGRANULARITY]


def test_a_body_without_files_stands_as_it_is():
    assert list(Layout({}).runs(7, [b"a", b"b"])) == [(7, [b"a", b"b"])]
