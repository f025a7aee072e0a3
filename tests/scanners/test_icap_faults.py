"""Whatever an ICAP server does, a scan ends by its deadline, and with the outcome that tells what happened."""

import asyncio

import pytest

from sidecar.policy.values.addresses import TcpAddress
from sidecar.scanners.engine import run
from sidecar.scanners.held import sample
from sidecar.scanners.icap import Icap
from sidecar.scanners.result import Bad, Clean, NotExamined, Trouble
from tests.scanners.broken import INFECTED, OPTIONS, PASSED, Broken, chunk_of, icap, rest_of
from tests.scanners.conftest import hurried, of_one

LARGE = bytes(3_000_000)
OK = b"ICAP/1.0 200 OK\r\n"
BODY = OK + b"Encapsulated: res-hdr=0, res-body=19\r\n\r\nHTTP/1.1 200 OK\r\n\r\n"


def says(answer):
    """Read all of the file, then answer so."""

    async def then(reader, writer, first):
        await rest_of(reader, first)
        writer.write(answer)

    then.__name__ = answer.decode("latin-1")[:30]
    return then


async def hang(reader, writer, first):
    await reader.read()


async def end(reader, writer, first):
    await rest_of(reader, first)
    writer.close()
    raise ConnectionError


async def reset_in_the_middle(reader, writer, first):
    writer.transport.abort()


async def stop_reading(reader, writer, first):
    await asyncio.sleep(30)


async def pass_what_was_not_sent_yet(reader, writer, first):
    writer.write(PASSED)
    await reader.read()


def without_end(beginning, again, pause=0.0):
    """Answer, and never stop."""

    async def then(reader, writer, first):
        await rest_of(reader, first)
        writer.write(beginning)
        while True:
            writer.write(again)
            await writer.drain()
            await asyncio.sleep(pause)

    then.__name__ = f"without end {again[:12]!r}"
    return then


FAULTS = [
    (hang, Trouble.LATE),
    (stop_reading, Trouble.LATE),
    (end, Trouble.DOWN),
    (reset_in_the_middle, Trouble.DOWN),
    (pass_what_was_not_sent_yet, Trouble.INCOMPLETE),
    (says(b"\x00\xff what?\r\n\r\n"), Trouble.GARBLED),
    (says(b"HTTP/1.1 200 OK\r\n\r\n"), Trouble.GARBLED),
    (says(b"ICAP/1.0 100 Continue\r\n\r\n"), Trouble.GARBLED),
    (says(b"ICAP/1.0 404 Not Found\r\n\r\n"), Trouble.GARBLED),
    (says(b"ICAP/1.0 503 Overloaded\r\n\r\n"), Trouble.DOWN),
    (says(OK + b"Encapsulated: res-hdr=9, res-body=4\r\n\r\n"), Trouble.GARBLED),
    (says(OK + b"Encapsulated: res-hdr=0, res-body=9999999\r\n\r\n"), Trouble.GARBLED),
    (says(BODY + b"xyz\r\n"), Trouble.GARBLED),
    (says(BODY + b"ffffffffff\r\n"), Trouble.GARBLED),
    (without_end(b"", b"ICAP/1.0 20", 0.01), Trouble.LATE),
    (without_end(OK, b"X-Header: again\r\n"), Trouble.GARBLED),
    (without_end(OK, b"x" * 1000), Trouble.GARBLED),
    (without_end(BODY, b"400\r\n" + b"x" * 1024 + b"\r\n"), Trouble.GARBLED),
    (without_end(BODY, b"1\r\nx\r\n", 0.01), Trouble.LATE),
    (without_end(BODY + b"9;", b"x" * 1000), Trouble.GARBLED),
    (without_end(BODY + b"0\r\n", b"X-Trailer: again\r\n"), Trouble.GARBLED),
]


@pytest.mark.parametrize(("fault", "trouble"), FAULTS, ids=lambda value: getattr(value, "__name__", ""))
async def test_a_server_that_fails_is_no_verdict_and_no_hang(scanner, fault, trouble):
    async with Broken(icap(fault)) as server:
        engine = scanner(url=f"icap://127.0.0.1:{server.port}/av", deadline="60s", max_file="4MiB")
        await engine.health.known()
        with hurried(engine, 0.5 if trouble is Trouble.LATE else 60):
            result = await asyncio.wait_for(of_one(engine, LARGE), 10)
        assert (type(result), result.trouble) == (NotExamined, trouble)


async def test_a_verdict_counts_though_nothing_more_was_read_behind_it(scanner):
    async def tell_and_stop(reader, writer, first):
        await asyncio.sleep(0.2)  # until nothing more fits between the two
        writer.write(INFECTED)
        await asyncio.sleep(30)

    async with Broken(icap(tell_and_stop)) as server:
        engine = scanner(url=f"icap://127.0.0.1:{server.port}/av", deadline="60s", max_file="16MiB")
        async with asyncio.timeout(10):
            assert await of_one(engine, bytes(16 * 1024 * 1024)) == Bad("Test")


async def pass_at_once_and_read_on(reader, writer, first):
    writer.write(PASSED)
    await rest_of(reader, first)


async def slowly(engine, pieces):
    """A scan that waits for an answer behind every piece."""
    with sample(b"".join(pieces)) as held:
        async with engine.scan() as scan:
            await scan.begin(held)
            for piece in pieces:
                await scan.feed(piece)
                await asyncio.sleep(0.05)
            return await scan.end()


@pytest.mark.parametrize("options", [OPTIONS, OPTIONS + b"Preview: 0\r\n"])
async def test_the_last_byte_of_a_file_and_the_end_of_its_request_go_together(options):
    """Else a server that answers between them would find the end of this request at the beginning of the next."""

    async def after_preview(reader, writer, first):
        if not first:
            writer.write(b"ICAP/1.0 100 Continue\r\n\r\n")
            first = await chunk_of(reader)
        await pass_at_once_and_read_on(reader, writer, first)

    async with Broken(icap(after_preview, options)) as server:
        engine = Icap(TcpAddress("127.0.0.1", server.port), "av", 2.0)
        assert [await slowly(engine, [b"x" * 1000]) for _ in range(5)] == [Clean()] * 5
        assert server.connections <= 2
        await engine.close()


async def test_a_file_that_was_passed_before_its_end_was_sent_is_not_clean_and_the_connection_is_not_used_again():
    async with Broken(icap(pass_at_once_and_read_on)) as server:
        engine = Icap(TcpAddress("127.0.0.1", server.port), "av", 2.0)
        for _ in range(3):
            result = await slowly(engine, [b"x" * 1000, b"y" * 1000])
            assert (type(result), result.trouble) == (NotExamined, Trouble.INCOMPLETE)
            assert await slowly(engine, [b"x" * 1000]) == Clean()
        await engine.close()


@pytest.mark.parametrize("size", [0, 1, 100_000, 1_000_000])
async def test_answers_that_come_early_cost_no_other_file_its_scan(size):
    async with Broken(icap(pass_at_once_and_read_on)) as server:
        engine = Icap(TcpAddress("127.0.0.1", server.port), "av", 2.0)
        for _ in range(50):
            with sample(b"x" * size) as held:
                result = await run(engine, held)
            assert result == Clean() or result.trouble is Trouble.INCOMPLETE
        await engine.close()


async def test_a_server_that_ends_every_connection_behind_its_answer_serves_every_scan(scanner):
    async def answer_and_end(reader, writer, first):
        await rest_of(reader, first)
        writer.write(PASSED)
        await writer.drain()
        raise ConnectionError

    async with Broken(icap(answer_and_end)) as server:
        engine = scanner(url=f"icap://127.0.0.1:{server.port}/av", failures=1)
        assert [await of_one(engine) for _ in range(10)] == [Clean()] * 10
        assert await asyncio.gather(*(of_one(engine) for _ in range(20))) == [Clean()] * 20


async def test_a_connection_that_ends_as_the_next_file_is_sent_costs_no_upload(scanner):
    answered = 0

    async def end_every_second(reader, writer, first):
        nonlocal answered
        answered += 1
        if answered % 2 == 0:
            raise ConnectionError
        await rest_of(reader, first)
        writer.write(PASSED)

    async with Broken(icap(end_every_second)) as server:
        engine = scanner(url=f"icap://127.0.0.1:{server.port}/av", max_scans=1, failures=1)
        assert [await of_one(engine) for _ in range(6)] == [Clean()] * 6


async def test_what_nobody_asked_for_is_not_taken_for_the_next_answer(scanner):
    async def say_more(reader, writer, first):
        await rest_of(reader, first)
        writer.write(PASSED + INFECTED)

    async with Broken(icap(say_more)) as server:
        engine = scanner(url=f"icap://127.0.0.1:{server.port}/av", max_scans=1)
        assert [await of_one(engine) for _ in range(3)] == [Clean()] * 3


@pytest.mark.parametrize(
    "options",
    [
        b"",
        b"Methods: OPTIONS, FILEMOD\r\n",
        b"no field at all\r\n",
        OPTIONS + b"Encapsulated: what=0\r\n",
        OPTIONS + b"Encapsulated: opt-body=0\r\n\r\nffffffff\r\n",
    ],
)
async def test_a_server_whose_options_make_no_sense_is_down(scanner, options):
    async with Broken(icap(says(PASSED), options)) as server:
        assert (await of_one(scanner(url=f"icap://127.0.0.1:{server.port}/av"))).trouble is Trouble.DOWN


@pytest.mark.parametrize(
    "options",
    [
        b"Preview: 99999999999999\r\n", b"Preview: -1\r\n", b"Preview: many\r\n", b"Max-Connections: 0\r\n",
        b"Max-Connections: 1\r\n", b"Options-TTL: 0\r\n", b"Options-TTL: 99999999999\r\n", b"Allow: \r\n",
    ],
)  # fmt: skip
async def test_numbers_that_make_no_sense_do_no_harm(scanner, options):
    async with Broken(icap(says(PASSED), OPTIONS + options)) as server:
        engine = scanner(url=f"icap://127.0.0.1:{server.port}/av")
        assert await asyncio.gather(*(of_one(engine) for _ in range(5))) == [Clean()] * 5


async def test_a_server_that_never_answers_options_is_down_within_its_time(scanner):
    async def silent(reader, writer):
        await reader.read()

    async with Broken(silent) as server:
        engine = scanner(url=f"icap://127.0.0.1:{server.port}/av", connect_timeout="200ms", deadline="60s")
        async with asyncio.timeout(10):
            assert (await of_one(engine)).trouble is Trouble.DOWN


async def test_a_server_that_is_killed_and_comes_back_serves_again(scanner):
    async with Broken(icap(says(PASSED))) as server:
        engine = scanner(url=f"icap://127.0.0.1:{server.port}/av", failures=1)
        assert await of_one(engine) == Clean()
        port = server.port
    assert (await of_one(engine)).trouble is Trouble.DOWN
    async with Broken(icap(says(PASSED)), port=port), asyncio.timeout(10):
        while not engine.health.up:
            await asyncio.sleep(0.02)
        assert await of_one(engine) == Clean()
