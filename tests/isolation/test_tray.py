"""Files in memory are laid on the worker's tray, one after the other; nothing but the sidecar writes there."""

import os

import pytest

from sidecar.isolation.tray import SIZE, Tray
from sidecar.policy.settings.model import Policy
from tests.descriptors import open_descriptors

from .conftest import MemoryCopy

SETTINGS = {"memory": 64 * 1024 * 1024, "cpu": 3600, "time": 60.0, "workers": 1, "spare": 1}


async def told(pool, text: bytes) -> str:
    examined = await pool.examine(MemoryCopy(b"say " + text), Policy(), stop_at_first=False)
    return examined.findings[0].actual if examined.findings else ""


def laid(length: int, letter: str) -> bytes:
    """What the misbehaving check says back, and white space up to so many bytes."""
    return letter.encode() * 20 + b" " * (length - 24)


@pytest.mark.usefixtures("misbehaving")
async def test_each_file_is_read_as_it_is_whatever_lay_there_before(pool_of):
    pool = pool_of(**SETTINGS)
    sizes = [SIZE, 70_000, 300_000, 1000, SIZE, 65_537, SIZE + 1, 80_000]
    for number, size in enumerate(sizes):
        letter = "abcdefgh"[number]
        assert await told(pool, laid(size, letter)) == letter * 20
    assert pool._workers._template._last == 1
    assert pool_of.deaths == []


@pytest.mark.usefixtures("misbehaving")
async def test_a_tray_takes_one_descriptor_for_as_long_as_its_worker_lives(pool_of):
    pool = pool_of(**SETTINGS | {"files": 3, "spare": 0})
    assert await told(pool, laid(100, "a")) == "a" * 20
    before = open_descriptors()
    for _ in range(10):
        assert await told(pool, laid(100_000, "b")) == "b" * 20
    assert open_descriptors() <= before + 1
    await pool.stop()
    assert open_descriptors() < before


@pytest.mark.usefixtures("misbehaving")
async def test_a_worker_that_dies_over_a_file_on_its_tray_costs_the_next_nothing(pool_of):
    pool = pool_of(**SETTINGS)
    assert await told(pool, laid(100_000, "a")) == "a" * 20
    examined = await pool.examine(MemoryCopy(b"crash" + b" " * 100_000), Policy(), stop_at_first=False)
    assert [finding.reason.code for finding in examined.findings] == ["examination_crashed"]
    assert await told(pool, laid(100_000, "b")) == "b" * 20


@pytest.mark.usefixtures("misbehaving")
async def test_where_there_is_no_tray_to_be_had_the_file_is_told_and_the_next_is_examined(pool_of, monkeypatch):
    pool = pool_of(**SETTINGS)

    def none_left(*_arguments):
        raise OSError(24, "Too many open files")

    with monkeypatch.context() as patched:
        patched.setattr("sidecar.isolation.tray.read_only", none_left)
        with pytest.raises(OSError, match="Too many"):
            await told(pool, laid(100_000, "a"))
    assert pool._places.taken == 0
    assert await told(pool, laid(100_000, "b")) == "b" * 20


def test_what_is_shown_of_a_tray_can_be_read_and_neither_written_nor_cut():
    tray = Tray()
    tray.lay([b"hello, ", memoryview(b"tray")])
    shown = tray.shown()
    assert os.pread(shown, 11, 0) == b"hello, tray"
    for change in (lambda: os.pwrite(shown, b"x", 0), lambda: os.ftruncate(shown, 0)):
        with pytest.raises(OSError, match=r"Bad file descriptor|Invalid argument"):
            change()
    os.close(shown)
    tray.close()
