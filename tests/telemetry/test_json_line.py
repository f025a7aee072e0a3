import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.telemetry.json_line import MAX_LINE, encode

json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=3000),
    lambda inner: st.lists(inner, max_size=20) | st.dictionaries(st.text(max_size=10), inner, max_size=10),
    max_leaves=60,
)


@pytest.mark.parametrize("text", ["\r\n", "\x00\x1b[31m", "\x7f", "\u2028\u202e", "\ud800", "<script>'&", '"\\'])
def test_no_text_leaves_its_string_or_its_line(text):
    line = encode({"event": text})
    assert json.loads(line) == {"event": text}
    assert line.isascii()
    assert line.isprintable()
    assert not set(line) & set("<>&'")


@given(st.dictionaries(st.sampled_from(["ts", "event", "files", "findings", "message"]), json_values))
def test_any_event_becomes_one_bounded_line_of_json(event):
    line = encode(event)
    assert len(line) <= MAX_LINE
    assert line.isprintable()
    assert isinstance(json.loads(line), dict)


def test_what_fits_is_whole():
    event = {"event": "upload", "files": [{"name": "a" * 100}] * 20}
    assert json.loads(encode(event)) == event


def test_what_is_too_long_is_cut_and_says_so():
    event = {"event": "upload", "request_id": "r-1", "files": [{"name": "a" * 255}] * 500}
    line = json.loads(encode(event))
    assert line["truncated"] is True
    assert line["request_id"] == "r-1"
    assert 10 < len(line["files"]) < 500


def test_what_cannot_be_cut_enough_keeps_its_identity():
    event = {"event": "upload", "request_id": "r-1"} | {f"key{number}": "x" * 60 for number in range(1000)}
    assert json.loads(encode(event)) == {"event": "upload", "request_id": "r-1", "truncated": True}


def test_what_json_does_not_know_is_told_as_text():
    assert json.loads(encode({"event": "x", "path": {1, 2} - {2}})) == {"event": "x", "path": "{1}"}
