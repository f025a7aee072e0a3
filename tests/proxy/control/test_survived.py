"""What goes on after a bug: once for each of them is told, never more, and a cancellation goes through."""

import asyncio

import pytest

from sidecar.proxy.control.survived import Survived


def test_each_kind_is_told_once_with_its_traceback(caplog):
    survived = Survived("counting")
    for _ in range(3):
        with survived:
            int("x")
        with survived:
            float("x")
    assert [record.getMessage() for record in caplog.records] == ["a bug while counting"] * 2
    assert all(record.exc_info for record in caplog.records)


def test_a_cancellation_is_no_error(caplog):
    with pytest.raises(asyncio.CancelledError), Survived("counting"):
        raise asyncio.CancelledError
    assert not caplog.records
