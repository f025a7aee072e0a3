"""The supervisor's side of a worker that cannot be had."""

import pytest

from sidecar.cli.supervision import child as workers_child
from sidecar.cli.supervision.channel import Channel
from sidecar.cli.supervision.child import Child
from tests.descriptors import open_descriptors


async def test_what_cannot_be_started_leaves_nothing_open(monkeypatch):
    monkeypatch.setattr(workers_child.sys, "executable", "/nowhere/python")
    before = open_descriptors()
    for _ in range(3):
        with pytest.raises(FileNotFoundError):
            await Child(0).start({})
    assert open_descriptors() == before


async def test_a_process_that_cannot_be_spoken_to_ends(monkeypatch):
    async def no_descriptors(_):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(Channel, "over", no_descriptors)
    child = Child(0)
    with pytest.raises(OSError, match="Too many"):
        await child.start({})
    assert await child._process.wait() == -9
