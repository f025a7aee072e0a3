"""A TGA is told from random bytes."""

import random

import pytest

from sidecar.inspection.formats.images.tga import is_tga
from tests.corpus.files import image_samples as i


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "P"])
@pytest.mark.parametrize("packed", [None, "tga_rle"])
def test_what_encoders_write_is_one(identify, mode, packed):
    data = i.encoded("TGA", mode, compression=packed)
    assert is_tga(data)
    assert identify(data) == "image/x-tga"


def test_hardly_any_random_bytes_are_one(identify):
    chance = random.Random(7)
    heads = [
        bytes((chance.randrange(256), chance.choice((0, 1)), chance.choice((1, 2, 3, 9, 10, 11)))) for _ in range(3000)
    ]
    heads = [head + chance.randbytes(600) for head in heads]
    assert sum(map(is_tga, heads)) < 30
    assert sum(identify(head) == "image/x-tga" for head in heads) < 30


@pytest.mark.parametrize("head", [b"", bytes(17), bytes(18), b"\0\0\2" + bytes(15)])
def test_what_is_too_short_or_empty_is_none(head):
    assert not is_tga(head)
