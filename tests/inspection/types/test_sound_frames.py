"""Frames in a row show sound that was cut anywhere, and nothing else shows it."""

import random

import pytest

from sidecar.inspection.types.sound_frames import has_aac_frames, has_mpeg_frames
from tests.inspection import samples
from tests.pace import processor_time

NOISE = random.Random(7).randbytes(2000)
MPEG = {
    "layer-3": (b"\xff\xfb\x90\x64", 417), "padded": (b"\xff\xfb\x92\x64", 418), "320-kbit": (b"\xff\xfb\xe4\x64", 960),
    "layer-2": (b"\xff\xfd\xc4\x04", 768), "half-the-rates": (b"\xff\xf3\x48\xc4", 144),
    "half-the-rates-layer-2": (b"\xff\xf5\x88\xc4", 576), "a-quarter": (b"\xff\xe3\x18\xc4", 72),
}  # fmt: skip
"""Headers as LAME and twolame write them, and how long their frames are."""
AAC = {"adts": (b"\xff\xf1\x50\x80\x0d\x1f\xfc", 104), "loas": (b"\x56\xe0\x61", 100)}


def stream(header, length, count):
    return NOISE[:777] + b"".join(header + NOISE[: length - len(header)] for _ in range(count))


@pytest.mark.parametrize(("header", "length"), MPEG.values(), ids=MPEG)
@pytest.mark.parametrize("cut", [0, 1, 300])
def test_frames_of_mpeg_show_wherever_they_begin(header, length, cut):
    assert has_mpeg_frames(stream(header, length, 3)[cut:])
    assert has_mpeg_frames(stream(header, length, 2)[cut:])
    assert not has_mpeg_frames(stream(header, length + 1, 3)[cut:])
    assert not has_mpeg_frames(stream(header, length, 1)[cut:] + NOISE)


@pytest.mark.parametrize(("header", "length"), AAC.values(), ids=AAC)
def test_frames_of_aac_show_too(header, length):
    assert has_aac_frames(stream(header, length, 3))
    assert not has_aac_frames(stream(header, length + 1, 3))


def test_noise_and_other_files_show_no_frames():
    chance = random.Random(3)
    for data in (*(chance.randbytes(4096) for _ in range(100)), samples.jpeg(), samples.pickle(), bytes(4096)):
        assert not has_mpeg_frames(data)
        assert not has_aac_frames(data)


@pytest.mark.parametrize(
    "start", [b"\xff\xfb", b"\xff\xfb\x10", b"\xff\xf3\x10", b"\xff\xf1", b"\xff", b"\x56\xe0\xff"]
)
def test_no_bytes_take_long(start):
    with processor_time(below=0.1):
        has_mpeg_frames((start * 4096)[:4096])
        has_aac_frames((start * 4096)[:4096])
