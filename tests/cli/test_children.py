import asyncio
import sys

import pytest

from sidecar.cli.children import Child, ChildEndedError, answers, free_port, port_in_use
from tests.cli.conftest import ROOT

STUBBORN = (
    "import signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); open(sys.argv[1], 'w'); time.sleep(60)"
)


def child(*arguments):
    return Child("the child", (sys.executable, "-c", *map(str, arguments)), ROOT)


async def test_a_child_that_ignores_sigterm_is_made_to_end(tmp_path):
    stubborn = child(STUBBORN, tmp_path / "ready")
    await stubborn.start()
    async with asyncio.timeout(20):
        while not (tmp_path / "ready").exists():
            await asyncio.sleep(0.01)
        await stubborn.end(grace=0.1)
    with pytest.raises(ChildEndedError, match="the child was killed by signal 9"):
        stubborn.raise_if_ended()


async def test_the_exit_code_of_a_child_is_told():
    failing = child("raise SystemExit(2)")
    await failing.start()
    await failing.wait()
    with pytest.raises(ChildEndedError) as caught:
        failing.raise_if_ended()
    assert caught.value.code == 2


async def test_a_child_that_never_started_needs_no_end():
    never = child("")
    await never.end()
    await never.wait()
    never.raise_if_ended()


@pytest.mark.parametrize(
    ("answer", "healthy"),
    [(b"HTTP/1.1 200 OK\r\n\r\n", True), (b"HTTP/1.1 502 Bad Gateway\r\n\r\n", False), (b"", False), (b"200", False)],
)
async def test_only_a_200_is_an_answer(answer, healthy):
    async def serve(reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert await answers(port, "/health") is healthy
    assert port_in_use(port)
    server.close()
    await server.wait_closed()


async def test_nobody_answers_at_a_free_port():
    port = free_port()
    assert not port_in_use(port)
    assert not await answers(port, "/health")
