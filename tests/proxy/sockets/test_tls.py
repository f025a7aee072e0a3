"""Contexts are made anew when their files change, at most once in a second, and never to the worse."""

import ssl

import pytest

from sidecar.proxy.sockets.tls import Renewed


class Files:
    """A clock, a file, and contexts that are made of it."""

    def __init__(self, path):
        self.path = path
        self.now = 0.0
        self.made = []
        path.write_text("one")
        self.renewed = Renewed(self.make, {"tls.certificate": str(path)}, lambda: self.now)

    def make(self):
        text = self.path.read_text()
        if text.startswith("bad"):
            raise ssl.SSLError(1, text)
        self.made.append(text)
        return text

    def after(self, seconds):
        self.now += seconds
        return self.renewed.current()


@pytest.fixture
def files(tmp_path):
    return Files(tmp_path / "file.pem")


def test_nothing_is_made_while_nothing_changes(files):
    assert [files.after(1) for _ in range(5)] == ["one"] * 5
    assert files.made == ["one"]


def test_a_change_is_seen_with_the_first_use_after_a_second(files):
    files.path.write_text("two")
    assert files.after(0.9) == "one"
    assert files.after(0.1) == "two"


def test_a_link_that_is_swapped_is_a_change(files, tmp_path):
    files.after(1)
    (tmp_path / "new").write_text("two")
    files.path.unlink()
    files.path.symlink_to(tmp_path / "new")
    assert files.after(1) == "two"


@pytest.mark.parametrize("how", ["bad content", None])
def test_what_is_broken_leaves_the_last_good_one_and_is_told_once(files, how, caplog):
    files.path.unlink() if how is None else files.path.write_text(how)
    assert [files.after(1) for _ in range(4)] == ["one"] * 4
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 1
    files.path.write_text("two")
    assert files.after(1) == "two"


def test_what_is_broken_again_is_told_again(files, caplog):
    for text in ("bad", "two", "bad"):
        files.path.write_text(text)
        files.after(1)
    assert len([record for record in caplog.records if record.levelname == "ERROR"]) == 2
