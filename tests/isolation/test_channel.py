"""Nothing that a worker says is taken for an answer but the answer, whole and in time."""

import asyncio
import os
import socket
import tempfile

import pytest

from sidecar.inspection.examined import Examined, Node
from sidecar.isolation import answer
from sidecar.isolation.answer import NonsenseError
from sidecar.isolation.channel import Channel, WorkerGoneError
from tests.waiting import until


@pytest.fixture
async def ends():
    """A channel, and the worker's end of it."""
    ours, its = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    ours.setblocking(False)  # noqa: FBT003 - positional only
    channel = Channel(ours)
    with its:
        yield channel, its
    channel.close()


def told(text: bytes) -> bytes:
    return len(text).to_bytes(answer.LENGTH, "little") + text


async def test_an_answer_of_many_packets_arrives_whole(ends):
    channel, its = ends
    examined = Examined(tree=Node("a.zip", inside=[Node("name " * 16) for _ in range(3000)]))
    packets = list(answer.packets([answer.written(examined)]))
    asked = asyncio.create_task(channel.ask(b"?", (), 5))
    for packet in packets:
        await asyncio.to_thread(its.send, packet)
    assert len(packets) > 2
    assert answer.read(await asked, [answer.Expected({}, tree=True)]) == [examined]


async def test_questions_follow_each_other_with_descriptors_and_without(ends):
    channel, its = ends
    with tempfile.TemporaryFile() as file:
        for descriptors in ((), (file.fileno(),), ()):
            asked = asyncio.create_task(channel.ask(b"a question", descriptors, 5))
            await asyncio.sleep(0)
            message, received, _, _ = socket.recv_fds(its, 100, 2)
            assert (message, len(received)) == (b"a question", len(descriptors))
            for descriptor in received:
                os.close(descriptor)
            its.send(told(b"an answer"))
            assert await asked == b"an answer"
    assert not channel.closed


async def test_who_speaks_unasked_is_asked_nothing_more(ends):
    channel, its = ends
    its.send(told(b"{}"))
    await until(lambda: channel.closed)
    with pytest.raises(WorkerGoneError):
        await channel.ask(b"?", (), 5)


async def test_a_second_answer_is_not_taken_for_the_next(ends):
    channel, its = ends
    asked = asyncio.create_task(channel.ask(b"?", (), 5))
    await asyncio.sleep(0)
    its.send(told(b"first"))
    its.send(told(b"second"))
    assert await asked == b"first"
    await until(lambda: channel.closed)


@pytest.mark.parametrize(
    ("packet", "error"),
    [(b"", WorkerGoneError), ((1 << 30).to_bytes(4, "little"), NonsenseError), (told(b"{}")[:5], NonsenseError)],
)
async def test_an_empty_packet_an_endless_answer_and_one_in_crumbs_end_the_conversation(ends, packet, error):
    channel, its = ends
    asked = asyncio.create_task(channel.ask(b"?", (), 5))
    await asyncio.sleep(0)
    its.send(packet)
    with pytest.raises(error):
        await asked
    assert channel.closed


async def test_an_answer_longer_than_what_was_asked_for_can_be_ends_the_conversation(ends):
    channel, its = ends
    for most in (100, 10):
        asked = asyncio.create_task(channel.ask(b"?", (), 5, most))
        await asyncio.sleep(0)
        its.send(told(b"x" * 100))
        if most == 100:
            assert await asked == b"x" * 100
    with pytest.raises(NonsenseError):
        await asked


async def test_a_worker_that_ends_or_is_late_cannot_be_asked_again(ends):
    channel, its = ends
    with pytest.raises(TimeoutError):
        await channel.ask(b"?", (), 0.01)
    assert channel.closed
    assert its.recv(10) == b"?"
    assert its.recv(10) == b""


async def test_a_worker_that_went_while_it_waited_is_noticed_at_once(ends):
    channel, its = ends
    its.close()
    await until(lambda: channel.closed)
