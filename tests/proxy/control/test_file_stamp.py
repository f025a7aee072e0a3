"""A stamp changes when its file does, and never raises."""

import pytest

from sidecar.proxy.control.file_stamp import stamps


@pytest.fixture
def path(tmp_path):
    path = tmp_path / "list"
    path.write_text("one")
    return path


def test_a_file_that_stays_has_the_same_stamp_in_whatever_order_it_is_named(path):
    assert stamps([str(path), "/"]) == stamps(["/", str(path), "/"])


@pytest.mark.parametrize("change", [lambda path: path.write_text("two"), lambda path: path.chmod(0o400)])
def test_what_could_make_it_readable_or_different_changes_it(path, change):
    before = stamps([str(path)])
    while stamps([str(path)]) == before:  # the clock of a file system stands still for milliseconds
        change(path)


@pytest.mark.parametrize("name", ["missing", "a\0b", "\ud800", "x" * 5000])
def test_what_is_no_file_has_none(tmp_path, name):
    assert stamps([f"{tmp_path}/{name}"]) == ((f"{tmp_path}/{name}", ()),)
