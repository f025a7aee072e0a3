"""The W3C Trace Context."""

import pytest

from sidecar.proxy.http.fields import values_of
from sidecar.proxy.http.trace_context import trace_id_of, traced

ID = "4bf92f3577b34da6a3ce929d0e0e4736"
VALID = f"00-{ID}-00f067aa0ba902b7-01".encode()
STATE = (b"tracestate", b"vendor=1")


def random_hex(size):
    return "ab" * size


@pytest.mark.parametrize("value", [VALID, VALID.replace(b"00-", b"01-", 1), b"cc-" + VALID[3:] + b"-later"])
def test_a_valid_trace_is_known_by_its_id(value):
    assert trace_id_of([value]) == ID


@pytest.mark.parametrize(
    "value",
    [
        b"",
        b"ff" + VALID[2:],
        VALID.upper(),
        VALID + b"-more",
        VALID[:-1],
        VALID + b" ",
        b"00-" + b"0" * 32 + VALID[35:],
        VALID[:36] + b"0" * 16 + b"-01",
        VALID.replace(b"4b", b"zz"),
    ],
)
def test_an_invalid_trace_has_no_id(value):
    assert trace_id_of([value]) == ""


def test_two_traces_are_none():
    assert trace_id_of([VALID, VALID]) == ""


@pytest.mark.parametrize("value", [VALID, b"nonsense"])
def test_pass_changes_nothing(value):
    fields = ((b"traceparent", value), STATE)
    assert traced(fields, [value], "pass", random_hex)[0] is fields


def test_begin_leaves_a_valid_trace():
    fields = ((b"traceparent", VALID), STATE)
    assert traced(fields, [VALID], "begin", random_hex) == (fields, ID)


@pytest.mark.parametrize(
    ("trace", "fields"),
    [("begin", ()), ("begin", ((b"traceparent", b"nonsense"), STATE)), ("restart", ((b"traceparent", VALID), STATE))],
)
def test_a_trace_that_begins_here_has_its_own_id_and_no_state(trace, fields):
    fields, trace_id = traced(fields, values_of(fields, b"traceparent"), trace, random_hex)
    assert trace_id == "ab" * 16
    assert values_of(fields, b"traceparent") == [b"00-" + b"ab" * 16 + b"-" + b"ab" * 8 + b"-01"]
    assert values_of(fields, b"tracestate") == []
