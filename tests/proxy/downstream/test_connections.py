"""Connections on real sockets: requests in turn, what is sent ahead held, everything ended when it is time."""

import asyncio
import errno
import socket
import sys
from contextlib import asynccontextmanager
from functools import partial

import pytest

from sidecar.policy.settings.model import Client, Overload
from sidecar.proxy.downstream import unfinished_heads
from sidecar.proxy.downstream.admission import Admission
from sidecar.proxy.downstream.connections import Connections
from sidecar.proxy.downstream.received import Sent
from sidecar.proxy.sockets.raw import LIMIT
from tests.waiting import until

GET = b"GET /%d HTTP/1.1\r\nHost: a\r\n\r\n"
ANSWER = b"HTTP/1.1 204 No Content\r\n\r\n"


class Server:
    """Answers each request once it is told to."""

    def __init__(self):
        self.seen, self.may_answer, self.cancelled = [], asyncio.Semaphore(0), 0
        self.writers = []
        self.patience = Client(head_timeout=0.5, keep_alive=0.5, write_timeout=0.5, min_rate=0)
        admission = Admission(Overload, lambda _: b"", fit=1000)
        self.connections = Connections(self.handle, self.malformed, lambda: self.patience, admission)

    async def handle(self, received):
        self.seen.append((received.message.path, await received.body.read()))
        try:
            await self.may_answer.acquire()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        if received.message.path == "/fails":
            raise RuntimeError
        received.connection.answering = True
        received.connection.transport.write(ANSWER)
        if received.message.path == "/fails-late":
            raise RuntimeError
        if received.message.path == "/lingers":
            return Sent(keep_alive=False, linger=partial(self.linger, received.connection))
        return Sent(keep_alive=received.message.path != "/last")

    @staticmethod
    async def linger(connection):
        connection.transport.write_eof()
        raise OSError(errno.EMFILE, "Too many open files")

    @staticmethod
    def malformed(status, _error, _peername=None):
        return b"HTTP/1.1 %d Told\r\nConnection: close\r\n\r\n" % status

    async def connect(self):
        near, far = socket.socketpair()
        await asyncio.get_running_loop().connect_accepted_socket(self.connections, far)
        reader, writer = await asyncio.open_connection(sock=near)
        self.writers.append(writer)
        return reader, writer


@pytest.fixture
async def server():
    made = Server()
    yield made
    await made.connections.shutdown(0.1)
    for writer in made.writers:
        writer.close()


async def asked(server) -> socket.socket:
    """A client that asked for its last answer, and reads as it likes."""
    near, far = socket.socketpair()
    near.setblocking(False)  # noqa: FBT003 - the socket module's own
    await asyncio.get_running_loop().connect_accepted_socket(server.connections, far)
    server.may_answer.release()
    near.send(b"GET /last HTTP/1.1\r\nHost: a\r\n\r\n")
    return near


@asynccontextmanager
async def tcp(server):
    """A client over TCP with a small buffer, as only TCP has resets."""
    with socket.create_server(("127.0.0.1", 0)) as listening, socket.socket() as near:
        near.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 65536)
        near.connect(listening.getsockname())
        near.setblocking(False)  # noqa: FBT003 - the socket module's own
        await asyncio.get_running_loop().connect_accepted_socket(server.connections, listening.accept()[0])
        yield near


async def test_requests_sent_ahead_are_served_in_turn(server):
    reader, writer = await server.connect()
    writer.write(b"".join(GET % number for number in range(50)))
    for number in range(50):
        await until(lambda: server.seen)
        assert server.seen == [(f"/{number}", b"")]
        server.seen.clear()
        server.may_answer.release()
        assert await reader.readexactly(len(ANSWER)) == ANSWER


async def test_a_client_that_sends_much_ahead_is_held_back_and_loses_nothing(server):
    reader, writer = await server.connect()
    count = 40 * LIMIT // len(GET % 10_000)
    writer.write(b"".join(GET % (10_000 + number) for number in range(count)))
    await until(lambda: server.seen)
    (connection,) = server.connections.open
    await until(lambda: not connection.transport.is_reading())
    assert len(connection._ahead) < LIMIT + 256 * 1024
    for _ in range(count):
        server.may_answer.release()
    assert await reader.readexactly(count * len(ANSWER)) == count * ANSWER
    assert [path for path, _ in server.seen] == [f"/{10_000 + number}" for number in range(count)]


async def test_beyond_the_room_for_unfinished_heads_the_oldest_is_told_and_the_others_go_on(server, monkeypatch):
    monkeypatch.setattr(unfinished_heads, "MOST", 3 * len(GET % 0) - 8)
    server.patience = Client(head_timeout=60, keep_alive=60, min_rate=0)
    server.may_answer.release()
    clients = []
    for number in range(4):
        reader, writer = await server.connect()
        writer.write((GET % number)[:-4])
        await until(lambda: len(server.connections.unfinished._sizes) == min(len(clients) + 1, 3))
        clients.append((reader, writer))
    assert await asyncio.wait_for(clients[0][0].read(), 10) == server.malformed(408, None)
    clients[1][1].write(b"\r\n\r\n")
    assert await clients[1][0].readexactly(len(ANSWER)) == ANSWER
    for _, writer in clients[2:]:
        writer.close()
    await until(lambda: not server.connections.unfinished._sum)


async def test_a_body_and_what_is_behind_it_in_one_packet_are_told_apart(server):
    reader, writer = await server.connect()
    server.may_answer.release()
    server.may_answer.release()
    writer.write(b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\nhello" + GET % 1)
    assert await reader.readexactly(2 * len(ANSWER)) == 2 * ANSWER
    assert server.seen == [("/a", b"hello"), ("/1", b"")]


async def test_what_is_malformed_behind_a_good_request_is_told_after_its_answer(server):
    reader, writer = await server.connect()
    writer.write(GET % 1 + b"\0\r\n\r\n")
    await until(lambda: server.seen)
    server.may_answer.release()
    assert await reader.read() == ANSWER + server.malformed(400, None)


@pytest.mark.parametrize("sent", [b"", b"GET / HTTP/1.1\r\nHo"])
async def test_a_client_that_does_not_end_its_head_is_told_and_one_that_says_nothing_is_not(server, sent):
    reader, writer = await server.connect()
    writer.write(sent)
    assert await reader.read() == (server.malformed(408, None) if sent else b"")


async def test_an_idle_connection_ends_and_one_that_begins_a_head_late_is_told(server):
    for begun, told in ((b"", b""), (b"GET /2", server.malformed(408, None))):
        reader, writer = await server.connect()
        server.may_answer.release()
        writer.write(GET % 1 + begun)
        assert await reader.read() == ANSWER + told


@pytest.mark.parametrize("keep_alive", [60.0, 61.0])
async def test_a_head_has_its_whole_time_from_when_it_begins(server, keep_alive):
    server.patience = Client(head_timeout=60.0, keep_alive=keep_alive, min_rate=0)
    reader, writer = await server.connect()
    server.may_answer.release()
    writer.write(GET % 1)
    assert await reader.readexactly(len(ANSWER)) == ANSWER
    (connection,) = server.connections.open
    await until(lambda: connection._expiry is connection._idle)
    began = asyncio.get_running_loop().time()
    writer.write(b"GET /2 HT")
    await until(lambda: connection.is_in_head)
    assert connection._heads._due[connection] >= began + 60.0


async def test_a_head_behind_empty_lines_has_its_own_deadline(server):
    server.patience = Client(head_timeout=0.3, keep_alive=60.0, min_rate=0)
    reader, writer = await server.connect()
    server.may_answer.release()
    writer.write(GET % 1 + b"\r\n")
    assert await reader.readexactly(len(ANSWER)) == ANSWER
    (connection,) = server.connections.open
    await until(lambda: connection._expiry is connection._idle)
    writer.write(b"GET /2 HT")
    assert await asyncio.wait_for(reader.read(), 10) == server.malformed(408, None)


async def test_empty_lines_behind_a_request_are_no_head_that_somebody_is_slow_with(server):
    reader, writer = await server.connect()
    server.may_answer.release()
    writer.write(GET % 1 + b"\r\n")
    assert await reader.read() == ANSWER


async def test_a_client_that_does_not_read_its_last_answer_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ANSWER", b"x" * 5_000_000)
    with await asked(server):
        await until(lambda: server.connections.open)
        await until(lambda: not server.connections.open)


async def test_a_client_that_reads_its_last_answer_slowly_gets_all_of_it(server, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ANSWER", b"x" * 3_000_000)
    server.patience = Client(head_timeout=5, keep_alive=5, write_timeout=1.0, min_rate=0)
    received = 0
    with await asked(server) as near:
        while data := await asyncio.get_running_loop().sock_recv(near, 300_000):
            received += len(data)
            await asyncio.sleep(0.15)
    assert received == 3_000_000


async def test_a_client_that_reads_its_last_answer_a_little_at_a_time_is_not_one_that_does_not(server, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ANSWER", b"x" * 5_000_000)
    server.patience = Client(head_timeout=5, keep_alive=5, write_timeout=0.3, min_rate=0)
    loop = asyncio.get_running_loop()
    began = loop.time()
    with await asked(server) as near:
        while loop.time() - began < 1.5:
            assert await loop.sock_recv(near, 4096)
            await asyncio.sleep(0.02)
        assert server.connections.open


async def test_a_client_that_reads_its_last_answer_under_the_rate_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ANSWER", b"x" * 5_000_000)
    server.patience = Client(head_timeout=5, keep_alive=5, write_timeout=0.2, min_rate=10_000_000)
    received = 0
    with await asked(server) as near:
        while data := await asyncio.get_running_loop().sock_recv(near, 4096):
            received += len(data)
            await asyncio.sleep(0.02)
    assert received < 1_000_000


async def test_shutdown_does_not_wait_for_those_that_do_not_read(server, monkeypatch):
    monkeypatch.setattr(sys.modules[__name__], "ANSWER", b"x" * 5_000_000)
    server.patience = Client(head_timeout=60, keep_alive=60, write_timeout=60, min_rate=0)
    with await asked(server):
        await until(lambda: any(each.over for each in server.connections.open))
        await server.connections.shutdown(0.01)
        await until(lambda: not server.connections.open)


async def test_who_is_told_that_it_speaks_no_http_is_not_cut_off_with_the_idle(server):
    reader, writer = await server.connect()
    writer.write(b"\0\r\n\r\n")
    await until(lambda: any(each.over for each in server.connections.open))
    server.connections.close_idle()
    assert server.connections.open
    assert await reader.read() == server.malformed(400, None)


@pytest.mark.parametrize(
    ("path", "fields", "status"),
    [
        ("/last", b"", 0),
        ("/fails", b"", 500),
        ("/chunks", b"Transfer-Encoding: chunked\r\n\r\n0\r\n", 0),
    ],
)
async def test_nothing_behind_the_last_request_is_served(server, path, fields, status):
    """The handler ends the connection, or fails, or a body in chunks does not tell where the next request begins."""
    reader, writer = await server.connect()
    server.may_answer.release()
    server.may_answer.release()
    writer.write(b"POST %b HTTP/1.1\r\nHost: a\r\n%b\r\n" % (path.encode(), fields) + GET % 2)
    assert await reader.read() == (server.malformed(status, None) if status else ANSWER)
    assert [seen for seen, _ in server.seen] == [path]


@pytest.mark.parametrize("path", ["/lingers", "/fails-late"])
async def test_a_failure_behind_the_answer_ends_the_connection_and_is_no_second_answer(server, path, caplog):
    reader, writer = await server.connect()
    server.may_answer.release()
    writer.write(b"GET %b HTTP/1.1\r\nHost: a\r\n\r\n" % path.encode() + GET % 2)
    assert await asyncio.wait_for(reader.read(), 10) == ANSWER
    await until(lambda: not server.connections.open)
    assert [record.getMessage() for record in caplog.records] == ["unexpected error in the server"]
    assert len(server.seen) == 1


async def test_a_failure_to_tell_of_a_failure_ends_the_connection(server, monkeypatch):
    monkeypatch.setattr(server.connections, "error_writer", lambda *_: 1 / 0)
    reader, writer = await server.connect()
    server.may_answer.release()
    writer.write(b"GET /fails HTTP/1.1\r\nHost: a\r\n\r\n")
    assert await asyncio.wait_for(reader.read(), 10) == b""
    await until(lambda: not server.connections.open)


@pytest.mark.parametrize("when", ["ahead", "late"])
async def test_what_a_client_sends_behind_its_last_request_does_not_take_the_answer_away(server, monkeypatch, when):
    monkeypatch.setattr(sys.modules[__name__], "ANSWER", b"x" * 3_000_000)
    server.patience = Client(head_timeout=5, keep_alive=5, write_timeout=5, min_rate=0)
    async with tcp(server) as near:
        loop = asyncio.get_running_loop()
        near.send(b"GET /last HTTP/1.1\r\nHost: a\r\n\r\n" + (GET % 2 if when == "ahead" else b""))
        server.may_answer.release()
        await until(lambda: server.connections.open and all(each.over for each in server.connections.open))
        received = 0
        while data := await loop.sock_recv(near, 100_000):
            if not received and when == "late":
                near.send(GET % 2)
            received += len(data)
            await asyncio.sleep(0.005)
    assert received == 3_000_000
    assert len(server.seen) == 1


async def test_a_client_that_stays_behind_its_last_answer_is_not_waited_for(server, monkeypatch):
    monkeypatch.setattr("sidecar.proxy.downstream.connection._FAREWELL", 0.2)
    reader, writer = await server.connect()
    server.may_answer.release()
    writer.write(b"GET /last HTTP/1.1\r\nHost: a\r\n\r\n")
    assert await reader.read() == ANSWER
    await until(lambda: not server.connections.open)


async def test_a_client_that_goes_away_ends_its_exchange(server):
    _, writer = await server.connect()
    writer.write(GET % 1)
    await until(lambda: server.seen)
    writer.transport.abort()
    await until(lambda: server.cancelled == 1)
    assert not server.connections.open


async def test_shutdown_waits_a_little_then_cuts(server):
    reader, writer = await server.connect()
    idle, _ = await server.connect()
    writer.write(GET % 1)
    await until(lambda: server.seen)
    await server.connections.shutdown(0.05)
    assert (await reader.read(), await idle.read()) == (b"", b"")
    assert server.cancelled == 1
    await until(lambda: not server.connections.open)


async def test_those_without_a_request_are_closed_and_the_others_go_on(server):
    reader, writer = await server.connect()
    idle, _ = await server.connect()
    writer.write(GET % 1)
    await until(lambda: server.seen)
    server.connections.close_idle()
    assert await idle.read() == b""
    server.may_answer.release()
    assert await reader.readexactly(len(ANSWER)) == ANSWER


POST = b"POST /a HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n"


@pytest.mark.parametrize("sent", [GET % 1, POST + b"hello", b"GET /a HTTP/1.0\r\n\r\n"])
async def test_whoever_closes_its_half_behind_a_request_is_answered(server, sent):
    reader, writer = await server.connect()
    writer.write(sent)
    writer.write_eof()
    await until(lambda: server.seen and all(each.has_ended for each in server.connections.open))
    server.may_answer.release()
    assert await reader.read() == ANSWER
    await until(lambda: not server.connections.open)


async def test_requests_sent_ahead_are_served_though_nothing_more_comes(server):
    reader, writer = await server.connect()
    writer.write(GET % 1 + POST + b"hello" + GET % 2)
    writer.write_eof()
    for _ in range(3):
        server.may_answer.release()
    assert await reader.read() == 3 * ANSWER
    assert server.seen == [("/1", b""), ("/a", b"hello"), ("/2", b"")]


async def test_the_last_request_of_a_connection_that_served_others_is_answered_too(server):
    reader, writer = await server.connect()
    for _ in range(2):
        server.may_answer.release()
    writer.write(GET % 1)
    assert await reader.readexactly(len(ANSWER)) == ANSWER
    writer.write(GET % 2)
    writer.write_eof()
    assert await reader.read() == ANSWER


@pytest.mark.parametrize("sent", [POST + b"hell", POST, POST[:-2], b""])
async def test_whoever_closes_its_half_before_a_request_is_whole_is_gone(server, sent):
    reader, writer = await server.connect()
    writer.write(sent)
    writer.write_eof()
    assert await reader.read() == b""
    await until(lambda: not server.connections.open)


async def test_what_is_held_and_will_never_be_whole_is_not_answered(server):
    reader, writer = await server.connect()
    writer.write(GET % 1 + POST + b"hell")
    writer.write_eof()
    await until(lambda: server.seen)
    server.may_answer.release()
    assert await reader.read() == ANSWER
    await until(lambda: not server.connections.open)
    assert server.seen == [("/1", b"")]


async def test_whoever_closes_its_half_is_waited_for_only_until_it_may_be_gone(server, monkeypatch):
    monkeypatch.setattr("sidecar.proxy.downstream.connection._HALF_CLOSED", 0.1)
    reader, writer = await server.connect()
    writer.write(GET % 1)
    writer.write_eof()
    assert await reader.read() == b""
    await until(lambda: server.cancelled)


async def test_an_answer_that_has_begun_may_take_longer(server, monkeypatch):
    monkeypatch.setattr("sidecar.proxy.downstream.connection._HALF_CLOSED", 0.1)
    reader, writer = await server.connect()
    writer.write(GET % 1)
    writer.write_eof()
    await until(lambda: server.seen)
    (connection,) = server.connections.open
    connection.answering, connection.is_silent = True, False
    connection.transport.write(b"HTTP/1.1 103 Early Hints\r\n\r\n")
    await until(lambda: connection.has_ended and connection.is_silent)  # the first look has come and gone
    server.may_answer.release()
    assert (await reader.read()).endswith(ANSWER)


async def test_whoever_closes_its_half_in_the_middle_of_an_answer_gets_the_rest(server):
    reader, writer = await server.connect()
    writer.write(GET % 1)
    await until(lambda: server.seen)
    (connection,) = server.connections.open
    connection.answering = True
    writer.write_eof()
    await until(lambda: connection.has_ended)
    server.may_answer.release()
    assert await reader.read() == ANSWER


async def test_an_answer_that_goes_silent_is_not_waited_for_without_end(server, monkeypatch):
    monkeypatch.setattr("sidecar.proxy.downstream.connection._HALF_CLOSED", 0.1)
    reader, writer = await server.connect()
    writer.write(GET % 1)
    await until(lambda: server.seen)
    (connection,) = server.connections.open
    connection.answering = True
    writer.write_eof()
    assert await reader.read() == b""
    await until(lambda: server.cancelled)


async def test_a_whole_request_behind_an_answer_that_is_out_is_served_though_its_client_sends_no_more(server):
    reader, writer = await server.connect()
    writer.write(GET % 1)
    await until(lambda: server.seen)
    (connection,) = server.connections.open
    connection.answering = True
    writer.write(GET % 2)
    writer.write_eof()
    await until(lambda: connection.has_ended)
    for _ in range(2):
        server.may_answer.release()
    assert await reader.read() == 2 * ANSWER
