"""A body that goes on in part is the same however it comes, and never shorter than what was announced."""

import pytest

from sidecar.inspection.rewrite import Rewrite
from sidecar.proxy.held.rewriting import Rewriter, rewriting, rewritten

BODY = bytes(range(40))
REWRITES = {
    "all": Rewrite(((0, 40),)),
    "nothing": Rewrite(()),
    "holes": Rewrite(((0, 3), (5, 6), (30, 40))),
    "words": Rewrite((b"a", (0, 10), b"b", b"c", (20, 40), b"d")),
    "only words": Rewrite((b"a", b"b")),
}


def expected(rewrite):
    return b"".join(piece if isinstance(piece, bytes) else BODY[slice(*piece)] for piece in rewrite.pieces)


@pytest.mark.parametrize("name", REWRITES)
@pytest.mark.parametrize("step", [1, 2, 3, 7, 39, 40, 64])
async def test_it_is_the_same_however_it_is_cut(name, step):
    async def pieces():
        for at in range(0, len(BODY), step):
            yield BODY[at : at + step]

    rewrite = REWRITES[name]
    kept = [bytes(piece) async for piece in rewriting(pieces(), rewrite)]
    assert b"".join(kept) == expected(rewrite)
    assert all(kept)
    assert rewritten(BODY, rewrite) == expected(rewrite)
    assert len(expected(rewrite)) == rewrite.size


def test_a_body_that_is_too_short_is_an_error_and_no_message():
    with pytest.raises(RuntimeError):
        rewritten(BODY[:39], REWRITES["holes"])
    rewriter = Rewriter(REWRITES["words"])
    list(rewriter.feed(BODY[:20]))
    with pytest.raises(RuntimeError):
        list(rewriter.close())
