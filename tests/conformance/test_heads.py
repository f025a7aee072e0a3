"""Every head of the corpus is judged as its case says, and what goes on is one equal request to another reader."""

import asyncio
import json
import socket
from collections.abc import Iterator

import pytest

from sidecar.proxy.ways import conduct as conduct_module
from tests.conformance.h11_service import H11Service, Seen, read_requests
from tests.corpus.heads_cases import ROOT, Case, folders, load_all
from tests.wire import PATIENCE, read_message

SECOND = b"GET /second HTTP/1.1\r\nHost: second.test\r\nX-Second: yes\r\nConnection: close\r\n\r\n"
ADDED = {b"host", b"x-request-id", b"content-length", b"transfer-encoding"}
"""Fields that the sidecar may write of itself."""


@pytest.fixture
async def h11_service():
    service = await H11Service().start()
    yield service
    await service.stop()


async def answers_to(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, bodiless: bool):
    """Status and code of every answer until the connection ends; an interim 100 is left out."""
    answers = []
    while (message := await read_message(reader, bodiless=bodiless and not answers)) is not None:
        if message.status == 100:
            continue
        is_problem = message.complete and message.values("content-type") == [b"application/problem+json"]
        answers.append((message.status, json.loads(message.body)["code"] if is_problem else ""))
        if message.values("connection") == [b"close"] and writer.can_write_eof():
            writer.write_eof()  # the sidecar may wait for the rest of a body that it does not want
    return answers


def complaint(case: Case, answers: list[tuple[int, str]], seen: list[Seen]) -> str:
    """What is not as the case says; empty where all is."""
    if case.is_refused:
        wanted = [(case.status, case.code)]
        return "" if answers == wanted and not seen else f"wanted {wanted}: {answers}, the service saw {seen}"
    count = 1 if case.closes else 2
    if answers != [(200, "")] * count or len(seen) != count:
        return f"wanted {count} answers: {answers}, the service saw {seen}"
    first = seen[0]
    if (first.method, first.target, first.body) != (case.method, case.target, case.body):
        return f"the service saw {first}"
    wrong = {name: first.values(name) for name, values in case.fields.items() if first.values(name) != values}
    present = {name for name in case.absent if first.values(name)}
    sent = {line.partition(b":")[0].lower() for line in case.raw.split(b"\r\n")}
    invented = {name for name, _ in first.fields} - ADDED - sent
    if wrong or present or invented:
        return f"fields {wrong}, {present}, {invented}"
    return "" if case.closes else complaint_of_second(seen[1])


def complaint_of_second(seen: Seen) -> str:
    names = [name for name, _ in seen.fields]
    whole = (seen.method, seen.target, seen.body) == (b"GET", b"/second", b"")
    return "" if whole and names == [b"host", b"x-second", b"x-request-id"] else f"the second request became {seen}"


async def sent(pieces: list[bytes], case: Case, port: int, service: H11Service) -> str:
    service.requests.clear()
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
        async with asyncio.timeout(PATIENCE):
            answers = await answers_to(reader, writer, bodiless=case.method == b"HEAD")
    finally:
        writer.close()
    return complaint(case, answers, list(service.requests))


@pytest.mark.parametrize("folder", folders())
async def test_a_head_is_judged_as_its_case_says_and_a_request_behind_it_stays_what_it_is(sidecar, h11_service, folder):
    port = await sidecar(h11_service)
    complaints = {case.name: await sent([case.raw + SECOND], case, port, h11_service) for case in load_all(folder)}
    assert {name: text for name, text in complaints.items() if text} == {}
    assert h11_service.errors == []


def cuts(head: bytes) -> Iterator[list[bytes]]:
    """Byte by byte, then cut in two: everywhere in the head, or round the line ends of what is long."""
    raw = head + SECOND
    yield [raw[i : i + 1] for i in range(len(raw))] if len(raw) < 1000 else [raw]
    ends = [i for i in range(len(raw)) if raw[i : i + 1] in b"\r\n"]
    near = {i + step for i in ends for step in (-1, 0, 1, 2)}
    offsets = range(1, len(head) + 4) if len(raw) < 400 else sorted(near | {len(raw) // 2})[:200]
    for offset in offsets:
        yield [raw[:offset], raw[offset:]]


class Cutter:
    """Gives a real connection of the sidecar its bytes piece by piece, as a transport does."""

    def __init__(self, instance, monkeypatch):
        self._factory = instance._server._connections
        self._told = []
        self.forwarded: list[bytes] = []
        monkeypatch.setattr(conduct_module, "pass_through", self._note)

    async def _note(self, exchange):
        """What would go to the service, in place of a connection to it."""
        request = exchange.as_sent(exchange.body())
        body = b"".join([bytes(piece) async for piece in request.body]) if request.body else b""
        chunk = b"%x\r\n%b\r\n0\r\n\r\n" % (len(body), body) if body else b"0\r\n\r\n"
        self.forwarded.append(request.head + (chunk if request.chunked else body))
        await exchange.client.write(b"HTTP/1.1 204 No Content\r\n\r\n")
        return exchange._may_keep()

    async def send(self, pieces: list[bytes]) -> tuple[bytes, list[Seen]]:
        """The first answer that is not interim, and what h11 reads of what would go on."""
        self.forwarded.clear()
        near, far = socket.socketpair()
        near.setblocking(False)  # noqa: FBT003 - the socket module's own
        transport, protocol = await asyncio.get_running_loop().connect_accepted_socket(self._factory, far)
        for piece in pieces:
            protocol.data_received(piece)
            await asyncio.sleep(0)
        for _ in range(40):
            if len(self.forwarded) == 2 or transport.is_closing():
                break
            await asyncio.sleep(0)
        try:
            told = near.recv(2**16)
        except BlockingIOError:
            told = b""
        protocol.close()
        near.close()
        return told, [seen for each in self.forwarded for seen in read_requests(each)]


@pytest.mark.parametrize("folder", folders())
async def test_a_head_is_judged_alike_however_its_bytes_arrive(start, service, monkeypatch, folder):
    cutter = Cutter(await start(service), monkeypatch)
    wrong = []
    for case in load_all(folder):
        if b"upgrade" in case.fields:
            continue  # a tunnel is asked for; tests of tunnels have their own cuts
        for pieces in cuts(case.raw):
            told, seen = await cutter.send(pieces)
            told = told.removeprefix(b"HTTP/1.1 100 Continue\r\n\r\n")
            if case.is_refused:
                fine = told.startswith(b"HTTP/1.1 %d " % case.status) and case.code.encode() in told and not seen
            else:
                answers = [(200, "")] * told.count(b"HTTP/1.1 204 ")
                fine = not complaint(case, answers, seen)
            if not fine:
                wrong.append((case.name, [len(piece) for piece in pieces][:2], told[:60], seen))
                break
    assert wrong == []


def test_the_corpus_has_at_least_170_heads():
    cases = load_all()
    assert len(cases) >= 170
    assert sum(case.is_refused for case in cases) >= 150


def test_every_head_has_its_expectation_and_every_expectation_its_head():
    assert {path.with_suffix("") for path in ROOT.rglob("*.yaml")} == {ROOT / case.name for case in load_all()}
