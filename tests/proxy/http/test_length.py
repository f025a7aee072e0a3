"""A length is what every reader of numbers takes for the same."""

import pytest

from sidecar.proxy.http.length import is_length


@pytest.mark.parametrize("value", [b"0", b"007", b"12", b"9223372036854775807", b"0" * 100 + b"1"])
def test_lengths(value):
    assert is_length(value)


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"-1",
        b"+1",
        b"1 ",
        b"0x10",
        b"1,1",
        b"1_0",
        b"\xb2",
        b"9223372036854775808",
        b"18446744073709551615",
        b"9" * 100,
    ],
)
def test_what_is_none(value):
    assert not is_length(value)
