"""Digests and parts do not depend on how the bytes arrive."""

import hashlib
import random

import pytest

from bench.bare_parts import Parts
from tests.wire import form

FILES = [b"", b"\r\n--XBOUNDARY", random.Random(1).randbytes(300)]
BODY = form(("field", None, None, b"no file"), *(("file", "a", None, data) for data in FILES))


def read_by(size, digest):
    parts, given = Parts(b"XBOUNDARYX", digest), bytearray()
    for at in range(0, len(BODY), size):
        given += BODY[at : at + size]
        del given[: parts.feed(given, 0, len(given))]
    return parts.digests


@pytest.mark.parametrize("size", [1, 2, 7, 50, 1000])
def test_digests_are_those_of_the_files_wherever_the_bytes_are_cut(size):
    assert read_by(size, hashlib.sha256) == [hashlib.sha256(data).hexdigest() for data in FILES]


def test_nothing_is_digested_where_no_digest_is_asked_for():
    assert read_by(50, None) == []
