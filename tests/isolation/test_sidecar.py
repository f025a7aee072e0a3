"""Whole files of uploads are examined in workers, in every shape and every delivery, and traffic does not suffer."""

import asyncio
import base64
import json

import pytest

from tests.wire import Wire, form, post, read_message

DEED = ("photo", "deed.txt", "text/plain")


def refusal(message) -> str:
    return json.loads(message.body)["code"]


def figure(instance, name: str) -> float:
    text = instance.metrics.render()[0].decode()
    return next(float(line.split()[-1]) for line in text.splitlines() if line.startswith(f"upload_sidecar_{name}"))


async def port(start, service, time="60s", **settings):
    instance = await start(service, isolation={"spare": 0, "cpu": 1, "memory": "64MiB", "time": time}, **settings)
    return instance, int(instance.address.rpartition(":")[2])


@pytest.mark.usefixtures("misbehaving")
@pytest.mark.parametrize("delivery", ["hold", "stream"])
async def test_a_file_whose_worker_dies_is_not_examined_and_so_refused(start, service, delivery):
    instance, there = await port(start, service, routes=[{"path": "/upload", "delivery": delivery}])
    wire = await Wire.open(there)
    answer = await wire.ask(post(form((*DEED, b"crash"))))
    assert (answer.status, refusal(answer)) == (422, "examination_crashed")
    assert service.complete_requests == []
    assert figure(instance, 'isolated_worker_deaths_total{cause="crash"}') == 1
    assert figure(instance, "isolation_filtered") == 1
    assert figure(instance, "spool_used_bytes") == 0


@pytest.mark.usefixtures("misbehaving")
async def test_monitor_answers_before_it_examines_and_counts_what_it_finds(start, service):
    instance, there = await port(start, service, time="3s", mode="monitor")
    wire = await Wire.open(there)
    assert (await wire.ask(post(form((*DEED, b"sleep"))))).status == 200
    assert figure(instance, 'isolated_worker_deaths_total{cause="time"}') == 0
    async with asyncio.timeout(10):
        while not figure(instance, 'findings_total{action="forwarded",reason="examination_timed_out"}'):
            await asyncio.sleep(0.02)


@pytest.mark.usefixtures("misbehaving")
async def test_monitor_examines_to_the_end_what_a_client_sent_that_left_before_the_answer(start, service):
    async def mute(reader, writer):
        service.note(await read_message(reader))
        await reader.read()

    service.script = mute
    instance, there = await port(start, service, mode="monitor")
    wire = await Wire.open(there)
    await wire.send(post(form((*DEED, b"crash"))))
    await service.next_request()
    wire.reset()
    async with asyncio.timeout(10):
        while not figure(instance, 'findings_total{action="forwarded",reason="examination_crashed"}'):
            await asyncio.sleep(0.02)


@pytest.mark.usefixtures("misbehaving")
async def test_monitor_without_room_forwards_what_it_could_not_examine(start, service):
    instance, there = await port(
        start, service, mode="monitor", spool={"max_bytes": "100KiB"}, policies={"default": {"max_body": "64KiB"}}
    )
    instance._room.take(99 * 1024)
    wire = await Wire.open(there)
    assert (await wire.ask(post(form((*DEED, b"crash" + b" " * 5000))))).status == 200
    async with asyncio.timeout(10):
        while not figure(instance, 'findings_total{action="forwarded",reason="examination_no_room"}'):
            await asyncio.sleep(0.02)
    instance._room.give(99 * 1024)
    assert figure(instance, "spool_used_bytes") == 0


@pytest.mark.usefixtures("misbehaving")
async def test_files_are_examined_side_by_side_and_told_of_in_their_order(start, service):
    _, there = await port(start, service)
    wire = await Wire.open(there)
    answer = await wire.ask(post(form(("a", "deed.txt", "text/plain", b"spin"), ("b", "deed.txt", None, b"crash"))))
    assert (refusal(answer), json.loads(answer.body)["part"]) == ("examination_timed_out", "a")


@pytest.mark.usefixtures("misbehaving")
async def test_a_file_beyond_what_stays_in_memory_is_examined_from_its_own_file(start, service):
    _, there = await port(start, service, spool={"memory": "0"})
    wire = await Wire.open(there)
    answer = await wire.ask(post(form((*DEED, b"crash" + b" " * 300_000))))
    assert refusal(answer) == "examination_crashed"


@pytest.mark.usefixtures("misbehaving")
async def test_a_raw_file_and_one_in_json_are_examined_like_one_in_a_form(start, service):
    policy = {"max_body": "1MiB", "bodies": {"json_files": ["file"], "json_names": ["name"]}}
    _, there = await port(start, service, policies={"files": policy}, routes=[{"path": "/f", "policy": "files"}])
    wire = await Wire.open(there)
    raw = b"POST /f/deed.txt HTTP/1.1\r\nHost: a\r\nContent-Type: text/plain\r\nContent-Length: 5\r\n\r\ncrash"
    assert refusal(await wire.ask(raw)) == "examination_crashed"
    body = json.dumps({"name": "deed.txt", "file": base64.b64encode(b"crash").decode()}).encode()
    head = b"POST /f HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body)
    assert refusal(await (await Wire.open(there)).ask(head + body)) == "examination_crashed"
