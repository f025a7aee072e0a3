"""Whole files of uploads are examined in workers, in every shape and every delivery, and traffic does not suffer."""

import base64
import json

import pytest

from tests.waiting import until
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
    await until(lambda: figure(instance, 'findings_total{action="forwarded",reason="examination_timed_out"}'))


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
    await until(lambda: figure(instance, 'findings_total{action="forwarded",reason="examination_crashed"}'))


@pytest.mark.usefixtures("misbehaving")
async def test_monitor_without_room_forwards_what_it_could_not_examine(start, service):
    instance, there = await port(
        start, service, mode="monitor", spool={"max_bytes": "100KiB"}, policies={"default": {"max_body": "64KiB"}}
    )
    instance._room.take(99 * 1024)
    wire = await Wire.open(there)
    assert (await wire.ask(post(form((*DEED, b"crash" + b" " * 5000))))).status == 200
    await until(lambda: figure(instance, 'findings_total{action="forwarded",reason="examination_no_room"}'))
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


EXAMINED = 100 * 1024
PDF = b"%PDF-1.4\n" + bytes(1_000_000)
IN_A_FORM = post(form(("file", "a.pdf", "application/pdf", PDF)))
BY_ITSELF = b"POST /upload/a.pdf HTTP/1.1\r\nHost: a\r\nContent-Length: %d\r\n\r\n%s" % (len(PDF), PDF)


async def beyond(start, service, policy=None, **settings):
    """What is examined ends far below what the policy lets in."""
    policies = {"default": {"max_body": "1GiB", "max_file": "1GiB", **(policy or {})}}
    isolation = {"spare": 0, "max_file": EXAMINED}
    instance = await start(service, isolation=isolation, policies=policies, **settings)
    return instance, await Wire.open(int(instance.address.rpartition(":")[2]))


@pytest.mark.parametrize(("part", "sent"), [("file", IN_A_FORM), ("body", BY_ITSELF)], ids=["form", "raw"])
@pytest.mark.parametrize("delivery", ["hold", "stream"])
async def test_a_file_that_outgrows_what_is_examined_is_refused_before_the_client_has_sent_the_rest(
    start, service, delivery, part, sent
):
    _, wire = await beyond(start, service, routes=[{"path": "/upload", "delivery": delivery}])
    await wire.send(sent[: EXAMINED + 5000])
    answer = await wire.read()
    told = json.loads(answer.body)
    assert (answer.status, told["code"], told["part"]) == (413, "examination_too_large", part)
    assert (told["actual"], told["expected"]) == ("more than 100 KiB", "at most 100 KiB")
    assert service.complete_requests == []


@pytest.mark.usefixtures("misbehaving")
async def test_a_file_as_large_as_is_examined_is_examined_though_its_body_announces_more(start, service):
    _, wire = await beyond(start, service)
    sent = post(form((*DEED, b"crash".ljust(EXAMINED))))
    assert refusal(await wire.ask(sent)) == "examination_crashed"


@pytest.mark.parametrize(
    ("policy", "settings"),
    [({}, {"mode": "monitor"}), ({"not_examined": "forward"}, {})],
    ids=["monitor", "forward"],
)
async def test_a_file_that_outgrows_what_is_examined_goes_on_where_that_refuses_nothing(
    start, service, policy, settings
):
    instance, wire = await beyond(start, service, policy, **settings)
    assert (await wire.ask(IN_A_FORM)).status == 200
    await until(lambda: figure(instance, 'findings_total{action="forwarded",reason="examination_too_large"}'))
    assert PDF in service.requests[0].body


@pytest.mark.usefixtures("misbehaving")
@pytest.mark.parametrize(("mode", "status"), [("monitor", 200), ("enforce", 413)])
async def test_a_file_that_outgrows_what_is_examined_is_refused_only_for_checks_that_refuse(
    start, service, mode, status
):
    _, wire = await beyond(start, service, {"checks": {"misbehaving": {"mode": mode}, "polyglot": "off"}})
    answer = await wire.ask(post(form((*DEED, b"crash".ljust(2 * EXAMINED)))))
    assert answer.status == status


async def test_a_file_that_is_too_large_for_the_policy_too_is_refused_for_that(start, service):
    _, wire = await beyond(start, service, {"max_file": EXAMINED})
    assert refusal(await wire.ask(IN_A_FORM)) == "file_too_large"
