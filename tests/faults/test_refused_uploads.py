"""A refused upload is never complete at the service, whatever the service does meanwhile."""

import pytest

from tests.faults.ways import refused
from tests.wire import Wire

BROKEN = 502

# the service ...            at        the client sees
TABLE = [
    ("stalls",               "head",     422),
    ("stalls",               "mid-body", 422),
    ("stops reading",        "head",     422),
    ("stops reading",        "mid-body", 422),
    ("closes",               "mid-body", BROKEN),
    ("resets",               "mid-body", BROKEN),
    ("talks nonsense",       "mid-body", BROKEN),
    ("answers early",        "head",     413),
    ("answers early",        "mid-body", 413),
    ("answers by and by",    "head",     200),
    ("answers by and by",    "mid-body", 200),
]  # fmt: skip


@pytest.mark.parametrize(("fault", "place", "seen"), TABLE)
async def test_streamed(stage, fault, place, seen):
    stage = await stage()
    breaker = stage.breaks(fault, place)
    wire = await Wire.open(stage.port)
    sent = refused("stream", 3_000_000 if seen == BROKEN else 1_000_000)  # so that more goes before it is refused
    half = len(sent) // 2
    await wire.send(sent[:half])
    await breaker.broken.wait()
    answer = await wire.read(bodiless=True) if seen in {200, 413} else None
    wire.writer.write(sent[half:])
    answer = answer or await wire.read()
    breaker.let_go.set()
    assert answer is not None
    assert answer.status == seen
    if seen == 200:  # the service had begun to answer: the client must not take that for the whole answer
        with pytest.raises(ConnectionResetError):
            await wire.read_to_end()
    await breaker.left.wait()
    await wire.close()
    assert stage.service.complete_requests == []
    assert stage.metric('uploads_total{action="forwarded",route="/stream",verdict="clean"}') == 0
    await stage.honest("stream")
    await stage.nothing_is_left()


@pytest.mark.parametrize("fault", ["stalls", "resets", "talks nonsense", "answers early"])
async def test_held_it_never_reaches_the_service(stage, fault):
    stage = await stage()
    before = stage.service.connections
    stage.breaks(fault, "before")
    wire = await Wire.open(stage.port)
    answer = await wire.ask(refused("hold", 3_000_000))
    assert answer.status == 422
    assert stage.service.connections == before
    await wire.close()
    await stage.honest("hold")
    await stage.nothing_is_left()
