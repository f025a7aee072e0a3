"""The mode file: what it says is taken once two looks agree, and what is wrong with it is told."""

import os

import pytest

from sidecar.policy.settings.model import Mode
from sidecar.proxy.control.mode_file import ModeFile
from tests.descriptors import open_descriptors
from tests.pace import processor_time

KEY = "upload-sidecar/mode"


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "mode"
    path.write_text("enforce\n")
    return path


def looked(file):
    """Two looks, which agree."""
    return [file.look(), file.look()][1]


def test_what_it_says_at_first_is_taken_at_once(path):
    assert ModeFile(str(path), KEY).mode is Mode.ENFORCE


def test_a_change_is_taken_once_two_looks_agree(path):
    file = ModeFile(str(path), KEY)
    path.write_text("off")
    assert not file.look()
    assert file.mode is Mode.ENFORCE
    assert file.look()
    assert file.mode is Mode.OFF
    assert not file.look()


def test_half_a_word_is_never_taken(path):
    path.write_text("off")
    file = ModeFile(str(path), KEY)
    for text in ("", "e", "enf", "enforc", "enforce"):
        path.write_text(text)
        assert not file.look()
    assert file.look()
    assert file.mode is Mode.ENFORCE


def test_a_swapped_link_is_seen(path, tmp_path):
    """A downward-API volume is replaced by swapping a symbolic link."""
    for name, mode in (("one", "enforce"), ("two", "off")):
        (tmp_path / name).write_text(f'a="b"\n{KEY}="{mode}"\n')
    path.unlink()
    path.symlink_to("one")
    file = ModeFile(str(path), KEY)
    (tmp_path / "swap").symlink_to("two")
    (tmp_path / "swap").replace(path)
    assert looked(file)
    assert file.mode is Mode.OFF


@pytest.mark.parametrize("text", [b"of", b"off off", b"\xff", b"x" * 600_000])
def test_nonsense_leaves_what_it_said_last_and_is_told(path, text):
    path.write_text("monitor")
    file = ModeFile(str(path), KEY)
    path.write_bytes(text)
    assert looked(file)
    assert file.mode is Mode.MONITOR
    assert "expected" in file.problem
    path.write_text("off")
    assert looked(file)
    assert (file.mode, file.problem) == (Mode.OFF, "")


def test_a_missing_file_says_nothing_and_that_is_told(path):
    file = ModeFile(str(path), KEY)
    path.unlink()
    assert looked(file)
    assert file.mode is None
    assert "is missing" in file.problem
    path.write_text("off")
    assert looked(file)
    assert (file.mode, file.problem) == (Mode.OFF, "")


def test_an_empty_file_says_nothing_and_nothing_is_wrong(path):
    path.write_text("")
    file = ModeFile(str(path), KEY)
    assert (file.mode, file.problem) == (None, "")


@pytest.mark.parametrize("make", [os.mkfifo, os.mkdir], ids=["pipe", "directory"])
def test_what_is_no_file_does_not_hold_anybody_up(path, make):
    path.write_text("off")
    file = ModeFile(str(path), KEY)
    path.unlink()
    make(path)
    assert looked(file)
    assert file.mode is Mode.OFF
    assert "not a regular file" in file.problem


def test_a_look_costs_microseconds(path):
    path.write_text('a="b"\n' * 1000 + f'{KEY}="off"\n')
    file = ModeFile(str(path), KEY)
    with processor_time(below=500 * 0.0005):
        for _ in range(500):
            file.look()


def test_no_look_leaves_a_descriptor_open(path):
    file = ModeFile(str(path), KEY)
    before = open_descriptors()
    for text in ("off", "nonsense", "monitor") * 20:
        path.write_text(text)
        looked(file)
    assert open_descriptors() == before
