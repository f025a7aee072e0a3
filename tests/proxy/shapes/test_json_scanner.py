"""The scanner agrees with Python's own parser on what is JSON, however the text is cut."""

import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sidecar.multipart.rules import MalformedError
from sidecar.proxy.shapes.json_scanner import MAX_DEPTH, MAX_NAME, MAX_VALUES, JsonScanner, unescaped


class Told:
    """Writes down what it is told."""

    def __init__(self):
        self.events = []

    def open(self, bracket):
        self.events.append(bracket)

    def shut(self):
        self.events.append("shut")

    def member(self, name):
        self.events.append(("member", name))

    def element(self):
        self.events.append("element")

    def literal(self, *, null):
        self.events.append(("literal", null))

    def text(self):
        return Characters(self.events)


class Characters:
    """Reads each piece alone, as files are."""

    def __init__(self, events):
        self.events, self.text = events, ""

    def take(self, raw):
        self.text += unescaped(raw)

    def end(self):
        self.events.append(("text", self.text))


def scan(body, cut=1 << 30):
    told = Told()
    scanner = JsonScanner(told)
    for at in range(0, len(body), cut):
        scanner.feed(body[at : at + cut])
    scanner.close()
    return told.events


def expected(value):
    match value:
        case dict():
            inner = [event for name, each in value.items() for event in (("member", name), *expected(each))]
            return ["{", *inner, "shut"]
        case list():
            return ["[", *(event for each in value for event in ("element", *expected(each))), "shut"]
        case str():
            return [("text", value)]
        case _:
            return [("literal", value is None)]


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=4), inner, max_size=4),
    max_leaves=12,
)


@settings(max_examples=150)
@given(value=values, cut=st.integers(1, 40), plain=st.booleans(), indent=st.sampled_from([None, 1]))
def test_every_value_is_told_alike_however_it_is_cut(value, cut, plain, indent):
    body = json.dumps(value, ensure_ascii=not plain, indent=indent).encode("utf-8", "surrogatepass")
    assert scan(body, cut) == expected(value)


CORRECT = [
    b"1", b"-0", b"1.5e-3", b' "a" ', b"true", b"null", b"[]", b"{}", b'{"a":[{}]}', b'"\\ud83d\\ude00"',
    b'"\\ud83d"', b'"\\ud83d\\ud83d\\ude00\\ude00"', b'"\\ud83d\\n\\ud83d\\u0061"', b"\t[\r\n1 ]\n",
]  # fmt: skip
WRONG = [
    b"", b" ", b"01", b"1.", b"+1", b".5", b"1e", b"-", b"nul", b"nulll", b"True", b"NaN", b"Infinity", b"'a'", b'"a',
    b'"\\x"', b'"\\u12"', b'"\n"', b"[1,]", b"[,1]", b"[1 2]", b"[", b"]", b"[}", b"{]", b'{"a"}', b'{"a":}',
    b'{"a":1,}', b"{a:1}", b"{1:1}", b'{"a":1 "b":2}', b"1 1", b"{}{}", b"[]x", b"\xef\xbb\xbf1", b'"\xff"', b'"\xc3',
    b'"\\ud83d\\', b'"\\ud83d\\u12"',
    b"\xff\xfe1\x00", b"/**/1", b"1//", b"\x0c1", b"\xc2\xa01", b'{"a":1,"a":1}', b'{"a":1,"\\u0061":1}',
]  # fmt: skip


@pytest.mark.parametrize("body", CORRECT)
def test_json_is_read(body):
    for cut in (1, 2, 100):
        assert scan(body, cut) == expected(json.loads(body))


@pytest.mark.parametrize("body", WRONG)
def test_what_is_no_json_or_has_two_readings_is_refused(body):
    for cut in (1, 2, 100):
        with pytest.raises(MalformedError):
            scan(body, cut)


@pytest.mark.parametrize("cut", [1, 100])
def test_what_stands_before_bytes_that_are_not_utf_8_is_judged_first(cut):
    with pytest.raises(MalformedError) as caught:
        scan(b'{"a":1,"a":2,"b":"\xff"}', cut)
    assert caught.value.rule.code == "json_key_duplicate"


@given(body=st.text(alphabet='{}[]",:0a-.e\\u tn\n', max_size=12))
def test_whatever_is_taken_python_takes_too(body):
    try:
        scan(body.encode())
    except MalformedError:
        return
    json.loads(body)


@pytest.mark.parametrize(
    ("allowed", "beyond"),
    [
        (b"[" * MAX_DEPTH + b"]" * MAX_DEPTH, b"[" * (MAX_DEPTH + 1) + b"]" * (MAX_DEPTH + 1)),
        (b"[" + b"1," * (MAX_VALUES - 2) + b"1]", b"[" + b"1," * MAX_VALUES + b"1]"),
        (b'{"' + b"x" * MAX_NAME + b'":1}', b'{"' + b"x" * (MAX_NAME + 1) + b'":1}'),
        (b"[" + b"1" * MAX_NAME + b"]", b"[" + b"1" * (MAX_NAME + 1) + b"]"),
        (b"1" * MAX_NAME, b"1" * (MAX_NAME + 1) + b"?"),
    ],
)
@pytest.mark.parametrize("cut", [1000, 1 << 30])
def test_depth_number_and_names_are_bounded(allowed, beyond, cut):
    scan(allowed, cut)
    with pytest.raises(MalformedError) as caught:
        scan(beyond, cut)
    assert caught.value.rule.code == "json_beyond_bound"
