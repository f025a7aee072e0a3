"""Monitor finds exactly what enforce would refuse: the same first reason, over a broad corpus, with the same limits."""

import asyncio
import importlib
import pkgutil

import pytest

from tests.corpus import multipart_cases
from tests.wire import PNG, Wire, form, post

LIMITS = {"max_body": "40KiB", "max_file": "30KiB", "max_field": "1KiB", "max_files": 3, "max_parts": 6}
SMALL = 200_000
EARLY = b"HTTP/1.1 413 Content Too Large\r\nContent-Length: 0\r\n\r\n"


def request(body: bytes, types: tuple[bytes, ...]) -> bytes:
    fields = b"".join(b"Content-Type: " + value + b"\r\n" for value in types)
    length = b"Content-Length: %d\r\n" % len(body)
    return b"POST /up HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + length + fields + b"\r\n" + body


def bodies():
    """The multipart corpus; forms at and over each limit; files of each family."""
    for name in multipart_cases.case_names():
        case = multipart_cases.load(name)
        yield request(case.body, case.content_types)
    for size in (1023, 1024, 1025, 30 * 1024, 30 * 1024 + 1, 41 * 1024):
        yield post(form(("f", "a.txt", "text/plain", b"x" * size)))
        yield post(form(("f", None, None, b"x" * size)))
    for count in (3, 4, 7):
        yield post(form(*((f"f{number}", "a.png", "image/png", PNG) for number in range(count))))
        yield post(form(*((f"f{number}", None, None, b"x") for number in range(count))))
    for name in ("shell.php", "a.php.jpg", "../a.png", "con.png", "a\u202egnp.exe", "a.html", "a.jpg"):
        yield post(form(("f", "ok.png", "image/png", PNG), ("g", name, "image/png", PNG)))
    yield from files()


def files():
    package = importlib.import_module("tests.corpus.files")
    for module in pkgutil.iter_modules(package.__path__):
        for case in getattr(importlib.import_module(f"tests.corpus.files.{module.name}"), "CASES", ())[::5]:
            if len(data := case.data()) < SMALL:
                yield post(form(("f", case.name, None, data)))


async def first_refusal(port, raw, outcomes):
    outcomes.clear()
    wire = await Wire.open(port)
    answer = await wire.ask(raw)
    await wire.close()
    while not outcomes:
        await wire_pause()
    (outcome,) = outcomes
    found = [each for each in outcome.findings if each.refuses(forward_not_examined=False)]
    first = found[0] if found else None
    return answer.status if answer else 0, first and (first.reason.code, first.part), outcome.action


async def wire_pause():
    await asyncio.sleep(0.001)


@pytest.mark.parametrize("settings", [{"mode": "monitor"}, {"routes": [{"path": "/upload", "delivery": "stream"}]}])
async def test_an_upload_refused_by_the_service_before_its_end_is_neither_clean_nor_refused(
    sidecar, service, outcomes, settings
):
    async def answer_early(reader, writer):
        await reader.readuntil(PNG[:20])
        writer.write(EARLY)
        answered.set()
        await reader.read()

    answered, service.script = asyncio.Event(), answer_early
    wire = await Wire.open(await sidecar(service, **settings))
    raw = post(form(("f", "a.png", "image/png", PNG), ("g", "b.txt", "text/plain", b"x" * 200_000)))
    for start in range(0, len(raw) // 2, 1000):
        if not answered.is_set():
            await wire.send(raw[start : start + 1000])
            await asyncio.sleep(0.005)
    assert (await wire.read()).status == 413
    await wire.close()
    while not outcomes:
        await wire_pause()
    assert (outcomes[0].verdict, outcomes[0].action) == ("not_inspected", "forwarded")


@pytest.mark.parametrize(("limits", "step"), [({}, 1), (LIMITS, 4)], ids=["defaults", "low limits"])
async def test_monitor_finds_first_what_enforce_refuses_and_forwards_it(sidecar, service, outcomes, limits, step):
    policies = {"default": limits}
    routes = [{"path": "/"}]  # then what is no form is inspected, too
    enforce = await sidecar(service, mode="enforce", policies=policies, routes=routes)
    monitor = await sidecar(service, mode="monitor", policies=policies, routes=routes)
    refused = 0
    for raw in list(bodies())[::step]:
        status, first, action = await first_refusal(enforce, raw, outcomes)
        if not action and status == 400:
            continue  # the head is none: refused in every mode
        seen_status, seen, seen_action = await first_refusal(monitor, raw, outcomes)
        assert (seen, seen_action) == (first, action and "forwarded"), raw[:300]
        assert seen_status == 200
        assert (status == 200) == (first is None) == (action != "rejected")
        refused += first is not None
    assert refused > 100 / step


async def test_a_client_outside_the_share_is_only_watched_and_one_inside_is_refused(sidecar, service, outcomes):
    bad = form(("f", "shell.php", None, b"x"))
    smaller = set()
    for percent in (0, 10, 50, 100):
        port = await sidecar(service, enforce_percent=percent, rollout={"by": "header", "name": "X-User"})
        refused = set()
        for user in range(40):
            outcomes.clear()
            service.requests.clear()
            wire = await Wire.open(port)
            status = (await wire.ask(post(bad, fields=b"X-User: u%d\r\n" % user))).status
            await wire.close()
            while not outcomes:
                await wire_pause()
            outside = [request.body for request in service.requests]
            assert outside == ([bad] if status == 200 else [])
            expected = (("monitor", "forwarded") if status == 200 else ("enforce", "rejected"), "bad")
            assert ((outcomes[0].mode, outcomes[0].action), outcomes[0].verdict) == expected
            refused |= {user} if status == 422 else set()
        assert smaller <= refused
        assert percent != 0 or not refused
        smaller = refused
    assert len(smaller) == 40


async def test_a_check_that_only_counts_lets_in_what_it_alone_refuses(start, service):
    checks = {"forbidden_suffixes": {"mode": "monitor"}}
    instance = await start(service, policies={"default": {"checks": checks}})
    port = int(instance.address.rpartition(":")[2])
    for name, status in (("a.phtml", 200), ("con.png", 422)):
        wire = await Wire.open(port)
        assert (await wire.ask(post(form(("f", name, None, b"plain"))))).status == status
    text = instance.metrics.render()[0].decode()
    assert 'findings_total{action="monitored",reason="suffix_forbidden"} 1.0' in text
    assert 'findings_total{action="rejected",reason="file_name_reserved"} 1.0' in text
