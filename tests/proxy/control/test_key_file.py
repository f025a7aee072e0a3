"""A key that is kept in a file."""

import pytest

from sidecar.policy.loading.problem import ConfigError
from sidecar.proxy.control.key_file import KeyFile


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


@pytest.fixture
def key_file(tmp_path):
    path = tmp_path / "key"
    path.write_bytes(b"0123456789abcdef\n")
    return path


def test_the_line_end_behind_a_key_is_no_part_of_it(key_file):
    assert KeyFile(str(key_file)).key() == b"0123456789abcdef"


def test_without_a_file_there_is_no_key():
    assert KeyFile("").key() == b""


@pytest.mark.parametrize("content", [b"", b"short", b"x" * 5000, None])
def test_a_file_without_a_key_is_an_error_of_the_configuration(key_file, content):
    key_file.unlink()
    if content is not None:
        key_file.write_bytes(content)
    with pytest.raises(ConfigError) as refused:
        KeyFile(str(key_file))
    assert refused.value.problems[0].path == "receipt.key_file"


def test_a_changed_file_is_in_use_within_a_second(key_file):
    clock = Clock()
    keys = KeyFile(str(key_file), clock)
    key_file.write_bytes(b"another key of 25 bytes..")
    assert keys.key() == b"0123456789abcdef"
    clock.now = 1.0
    assert keys.key() == b"another key of 25 bytes.."


def test_a_file_that_goes_away_leaves_the_last_good_key(key_file, caplog):
    clock = Clock()
    keys = KeyFile(str(key_file), clock)
    key_file.unlink()
    for clock.now in (1.0, 2.0, 3.0):
        assert keys.key() == b"0123456789abcdef"
    assert len(caplog.records) == 1
