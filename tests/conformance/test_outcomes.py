"""What is told of an upload, however it ends."""

import asyncio
import json

import pytest

from tests.conformance.asking import all_of
from tests.waiting import until
from tests.wire import PNG, Wire, form, post

GOOD = post(form(("a", "a.png", "image/png", PNG)))
STREAM = [{"path": "/upload", "delivery": "stream"}]


async def begun(port, request):
    """A client that has sent a part of its request."""
    wire = await Wire.open(port)
    await wire.send(request)
    return wire


def told(outcomes):
    return [(outcome.verdict, outcome.action) for outcome in outcomes]


@pytest.mark.parametrize("routes", [[], STREAM], ids=["hold", "stream"])
async def test_one_upload_too_many_is_told_as_one_that_nobody_inspected(start, service, outcomes, routes):
    instance = await start(service, overload={"max_uploads": 1}, routes=routes)
    port = int(instance.address.rpartition(":")[2])
    first = await begun(port, GOOD[:-10])
    await until(lambda: instance._admission.uploads == 1)
    answer = await (await Wire.open(port)).ask(GOOD)
    assert json.loads(answer.body)["code"] == "too_many_uploads"
    assert told(await all_of(outcomes, 1)) == [("not_inspected", "rejected")]
    assert [each["code"] for each in instance._telling.refusals.listed()] == ["too_many_uploads"]
    assert (await first.ask(GOOD[-10:])).status == 200


async def test_an_upload_at_which_we_fail_at_once_is_told_as_one_that_nobody_inspected(
    start, service, outcomes, monkeypatch
):
    monkeypatch.setattr("sidecar.proxy.ways.conduct.Upload", lambda *_, **__: 1 / 0)
    instance = await start(service)
    answer = await (await Wire.open(int(instance.address.rpartition(":")[2]))).ask(GOOD)
    assert json.loads(answer.body)["code"] == "internal_error"
    assert told(await all_of(outcomes, 1)) == [("not_inspected", "rejected")]


@pytest.mark.parametrize("delivery", ["hold", "stream"])
async def test_a_client_that_leaves_within_its_upload_has_no_verdict(sidecar, service, outcomes, delivery):
    port = await sidecar(service, routes=[{"path": "/upload", "delivery": delivery}])
    (await begun(port, GOOD[:-10])).reset()
    assert told(await all_of(outcomes, 1)) == [("not_inspected", "rejected")]


async def test_what_a_check_only_counts_makes_no_refusal_of_a_client_that_leaves(sidecar, service, outcomes):
    policy = {"checks": {"forbidden_suffixes": {"mode": "monitor"}}}
    port = await sidecar(service, policies={"default": policy})
    whole = post(form(("a", "shell.php", None, b"x"), ("b", "b.dat", None, b"x" * 1000)))
    (await begun(port, whole[:-10])).reset()
    (outcome,) = await all_of(outcomes, 1)
    assert [finding.reason.code for finding in outcome.findings] == ["suffix_forbidden"]
    assert told([outcome]) == [("not_inspected", "rejected")]


async def to_the_service(sidecar, service, **settings):
    """A client in the middle of an upload of which the service has the beginning."""
    limits = {"default": {"max_body": "4MiB", "max_file": "4MiB"}}
    port = await sidecar(service, routes=STREAM, policies=limits, **settings)
    whole = post(form(("a", "a.dat", None, b"x" * 2_000_000)))
    wire = await begun(port, whole[:1_000_000])
    async with asyncio.timeout(10):
        await service.connected.wait()
    return wire


async def test_a_stream_whose_client_leaves_never_arrived(sidecar, service, outcomes):
    (await to_the_service(sidecar, service)).reset()
    assert told(await all_of(outcomes, 1)) == [("not_inspected", "rejected")]
    assert not (await service.next_request()).complete


async def test_a_stream_that_becomes_too_slow_never_arrived(sidecar, service, outcomes):
    wire = await to_the_service(sidecar, service, client={"idle_timeout": "300ms"})
    assert json.loads((await wire.read()).body)["code"] == "body_too_slow"
    assert told(await all_of(outcomes, 1)) == [("not_inspected", "rejected")]


@pytest.mark.parametrize(
    ("status", "action"), [(b"413 Content Too Large", "forwarded"), (b"202 Accepted", "rejected")], ids=["413", "202"]
)
async def test_a_stream_that_its_client_leaves_behind_an_early_answer_went_on_where_that_refused_it(
    sidecar, service, outcomes, status, action
):
    async def answer_early(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 %b\r\nContent-Length: 0\r\n\r\n" % status)
        await reader.read()

    service.script = answer_early
    wire = await to_the_service(sidecar, service)
    assert (await wire.read()).status == int(status[:3])
    await wire.close()
    assert told(await all_of(outcomes, 1)) == [("not_inspected", action)]
