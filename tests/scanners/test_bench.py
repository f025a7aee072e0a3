"""Several scanners on one route: who is asked, in what order, and what their words come to."""

import asyncio
import contextlib
import json

import pytest

from tests.scanners.broken import Broken, clamd
from tests.wire import Wire, form, post

UPLOAD = post(form(("a", "a.txt", "text/plain", b"one\n"), ("b", "b.txt", "text/plain", b"two\n")))


async def clean(_, writer):
    writer.write(b"stream: OK\0")


async def bad(_, writer):
    writer.write(b"stream: Found.It FOUND\0")


async def unsure(_, writer):
    writer.write(b"stream: Heuristics.Encrypted.Zip FOUND\0")


async def cut(*_):
    raise ConnectionError


@pytest.fixture
async def ask(start, service):
    """Uploads two files past scanners that each say one thing; the answer, and how often each was asked."""
    async with contextlib.AsyncExitStack() as stack:

        async def upload(*says, **scanning):
            asked = [0] * len(says)

            def counted(number):
                async def then(reader, writer):
                    asked[number] += 1
                    await says[number](reader, writer)

                return then

            daemons = [await stack.enter_async_context(Broken(clamd(counted(number)))) for number in range(len(says))]
            scanners = {f"s{n}": {"url": f"clamd://127.0.0.1:{each.port}"} for n, each in enumerate(daemons)}
            policy = {"checks": "off", "scanners": {"use": list(scanners), **scanning}}
            instance = await start(service, scanners=scanners, policies={"default": policy})
            wire = await Wire.open(int(instance.address.rpartition(":")[2]))
            answer = await wire.ask(UPLOAD)
            return answer.status, json.loads(answer.body).get("code") if answer.status != 200 else "", asked

        yield upload


@pytest.mark.parametrize(
    ("says", "scanning", "outcome"),
    [
        ((clean, clean), {}, (200, "", [2, 2])),
        ((clean, clean), {"run": "in_order"}, (200, "", [2, 2])),
        ((bad, clean), {"run": "in_order"}, (422, "malware_found", [1, 0])),
        ((clean, bad), {"run": "in_order"}, (422, "malware_found", [2, 1])),
        ((clean, bad), {}, (422, "malware_found", [2, 1])),
        ((cut, bad), {"run": "in_order"}, (422, "malware_found", [2, 1])),
        ((cut, bad), {}, (422, "malware_found", [2, 1])),
        ((cut, clean), {}, (503, "scanner_down", [2, 2])),
        ((cut, clean), {"on_down": "forward"}, (200, "", [2, 2])),
        ((cut, bad), {"on_down": "forward", "run": "in_order"}, (422, "malware_found", [2, 1])),
        ((unsure, clean), {}, (422, "scan_incomplete", [2, 2])),
        ((unsure, clean), {"on_not_examined": "forward"}, (200, "", [2, 2])),
        ((unsure, cut), {"on_not_examined": "forward"}, (503, "scanner_down", [2, 2])),
        ((unsure, cut), {"on_down": "forward"}, (422, "scan_incomplete", [2, 2])),
    ],
    ids=lambda _: "",
)
async def test_what_several_scanners_say_comes_to_what_the_policy_names(ask, service, says, scanning, outcome):
    assert await ask(*says, **scanning) == outcome
    assert len(service.requests) == (outcome[0] == 200)


async def test_side_by_side_they_are_asked_at_once(ask):
    both = asyncio.Barrier(2)

    async def meet(_, writer):
        await both.wait()
        writer.write(b"stream: OK\0")

    async with asyncio.timeout(10):
        assert await ask(meet, meet) == (200, "", [2, 2])
