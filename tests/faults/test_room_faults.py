"""No room: a full disk and a full spool refuse the one upload, and give everything back."""

import asyncio
import os

from aiohttp import ClientSession

from tests.faults.ways import request
from tests.wire import Wire

MiB = 1024 * 1024


async def test_a_full_disk_refuses_the_one_upload_and_the_others_pass(stage, small_disk):
    stage = await stage(spool={"directory": str(small_disk)})
    free = os.statvfs(small_disk).f_bavail
    large, small = [await Wire.open(stage.port) for _ in range(2)]
    answers = await asyncio.gather(large.ask(request("hold", 20 * MiB)), small.ask(request("hold", 200_000)))
    assert [answer.status for answer in answers] == [503, 200]
    assert b'"code": "spool_full"' in answers[0].body
    assert b'"retry": "safe"' in answers[0].body
    assert answers[0].values("retry-after")
    assert len(stage.service.requests) == 1
    for wire in (large, small):
        await wire.close()
    await stage.honest("hold")
    await stage.nothing_is_left()
    assert os.statvfs(small_disk).f_bavail == free


async def test_a_full_disk_is_told_on_the_status_page(stage, small_disk):
    stage = await stage(spool={"directory": str(small_disk)})
    wire = await Wire.open(stage.port)
    assert (await wire.ask(request("hold", 20 * MiB))).status == 503
    async with ClientSession() as client, client.get(f"http://{stage.instance.operators.admin_address}/") as answer:
        page = await answer.text()
    assert f"{small_disk}: No space left on device" in page
    assert "There is no room to hold the upload" in page


async def test_a_full_disk_concerns_only_what_is_held(stage, small_disk):
    stage = await stage(spool={"directory": str(small_disk)})
    (small_disk / "filler").write_bytes(b"x" * (4 * MiB - 64 * 1024))
    for way in ("stream", "monitor", "pass"):
        wire = await Wire.open(stage.port)
        assert (await wire.ask(request(way, 5 * MiB))).status == 200
        await wire.close()
    wire = await Wire.open(stage.port)
    assert (await wire.ask(request("hold", 5 * MiB))).status == 503
    await wire.close()
    await stage.nothing_is_left()


async def test_a_full_spool_refuses_until_there_is_room_again(stage):
    stage = await stage(spool={"max_bytes": "3MiB"}, policies={"default": {"max_body": "3MiB"}})
    waiting, late = [await Wire.open(stage.port) for _ in range(2)]
    whole = request("hold", 2 * MiB)
    await waiting.send(whole[:-100])
    async with asyncio.timeout(10):
        while stage.metric("spool_used_bytes") < 2 * MiB - 300_000:
            await asyncio.sleep(0.005)
    refused = await late.ask(whole)
    assert refused.status == 503
    assert (await waiting.ask(whole[-100:])).status == 200
    await late.close()
    late = await Wire.open(stage.port)
    assert (await late.ask(whole)).status == 200
    for wire in (waiting, late):
        await wire.close()
    await stage.nothing_is_left()
