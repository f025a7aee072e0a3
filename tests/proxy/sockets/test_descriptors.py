"""A second descriptor is given only while many are left."""

import errno
import os
import resource
from types import SimpleNamespace

import pytest

from sidecar.proxy.sockets import descriptors


@pytest.fixture
def limit(monkeypatch):
    def limit(number):
        asked = SimpleNamespace(**{**vars(resource), "getrlimit": lambda _: (number, number)})
        monkeypatch.setattr(descriptors, "resource", asked)

    return limit


@pytest.fixture
def open_file():
    reader, writer = os.pipe()
    os.close(writer)
    yield reader
    os.close(reader)


def test_the_last_eighth_is_left_to_others(limit, open_file):
    lowest = os.dup(open_file)
    os.close(lowest)
    limit((lowest + 1) * 8 // 7 + 1)
    given = descriptors.second(open_file)
    assert given == lowest
    os.close(given)
    limit(lowest * 8 // 7)
    assert descriptors.second(open_file) is None
    limit(resource.RLIM_INFINITY)
    given = descriptors.second(open_file)
    assert given == lowest
    os.close(given)


@pytest.mark.parametrize("short", [errno.EMFILE, errno.ENFILE])
def test_none_is_given_where_there_is_none(open_file, monkeypatch, short):
    def dup(_descriptor):
        raise OSError(short, os.strerror(short))

    monkeypatch.setattr(descriptors, "os", SimpleNamespace(**{**vars(os), "dup": dup}))
    assert descriptors.second(open_file) is None


def test_what_is_not_open_has_no_second():
    with pytest.raises(OSError, match="Bad file descriptor"):
        descriptors.second(-1)
