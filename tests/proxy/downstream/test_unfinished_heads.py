"""Unfinished heads share a bounded room; the oldest give way, and no honest one."""

import pytest

from sidecar.proxy.downstream.unfinished_heads import MOST, UnfinishedHeads


class Sender:
    """One whose head goes on."""

    def __init__(self, heads):
        self.heads, self.ended = heads, False

    def give_way(self):
        self.ended = True
        self.heads.gone(self)


@pytest.fixture
def heads():
    return UnfinishedHeads()


def test_the_oldest_give_way_once_the_room_is_taken(heads):
    senders = [Sender(heads) for _ in range(5)]
    for sender in senders[:4]:
        heads.grown(sender, MOST // 4)
    assert not any(sender.ended for sender in senders)
    heads.grown(senders[4], 1)
    assert [sender.ended for sender in senders] == [True, False, False, False, False]


def test_a_head_that_grows_keeps_its_place_and_is_counted_once(heads):
    first, second, third = (Sender(heads) for _ in range(3))
    heads.grown(first, 1)
    heads.grown(second, MOST // 2)
    heads.grown(first, MOST // 2)
    assert not first.ended
    heads.grown(third, 1)
    assert (first.ended, second.ended, third.ended) == (True, False, False)


def test_what_has_ended_takes_no_room(heads):
    first, second = Sender(heads), Sender(heads)
    heads.grown(first, MOST)
    heads.gone(first)
    heads.gone(first)
    heads.grown(second, MOST)
    assert (first.ended, second.ended) == (False, False)


def test_few_give_way_at_once_and_then_whoever_asks_too_much(heads):
    small = [Sender(heads) for _ in range(100)]
    for sender in small:
        heads.grown(sender, 10)
    large, greedy = Sender(heads), Sender(heads)
    heads.grown(large, MOST - 1000)
    heads.grown(greedy, 500)
    assert [sender.ended for sender in small].count(True) == 4
    assert (large.ended, greedy.ended) == (False, True)
