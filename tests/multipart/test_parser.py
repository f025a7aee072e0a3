"""Framing: what is one part, what is refused, and that cuts change nothing."""

import gc
import weakref

import pytest

from sidecar.multipart import grammar
from sidecar.multipart.events import PartData, SmallField
from sidecar.multipart.limits import Limits
from sidecar.multipart.parser import Parser
from sidecar.multipart.rules import MalformedError
from tests.multipart.reading import body_of, cuts, every, field_part, part_with, read, whole
from tests.multipart.refused import REFUSED

OK = field_part()
TWO = body_of(OK, field_part(b"g", b"w"))

ACCEPTED = {
    "two fields": (TWO, [b"v", b"w"], set()),
    "no line break after the close delimiter": (TWO.removesuffix(b"\r\n"), [b"v", b"w"], set()),
    "zero parts": (b"--BB--\r\n", [], set()),
    "zero parts and no line break": (b"--BB--", [], set()),
    "empty line first": (b"\r\n" + TWO, [b"v", b"w"], {"leading_crlf"}),
    "two empty lines first": (b"\r\n\r\n" + TWO, [b"v", b"w"], {"leading_crlf"}),
    "preamble": (b"This is a form.\r\n" + TWO, [b"v", b"w"], {"preamble"}),
    "longest preamble": (b"x" * 4096 + b"\r\n" + TWO, [b"v", b"w"], {"preamble"}),
    "epilogue": (TWO + b"That was a form.", [b"v", b"w"], {"epilogue"}),
    "longest epilogue": (TWO + b"x" * 4094, [b"v", b"w"], {"epilogue"}),
    "empty lines last": (TWO + b"\r\n\r\n", [b"v", b"w"], {"epilogue"}),
    "empty data": (body_of(field_part(value=b"")), [b""], set()),
    "delimiter right after the blank line": (
        b"--BB\r\n" + field_part(value=b"") + b"--BB\r\n" + OK + b"\r\n--BB--",
        [b"", b"v"],
        {"delimiter_without_data"},
    ),
    "close delimiter right after the blank line": (
        b"--BB\r\n" + field_part(value=b"") + b"--BB--",
        [b""],
        {"delimiter_without_data"},
    ),
    "hyphens first": (body_of(field_part(value=b"--B")), [b"--B"], set()),
    "delimiter without CRLF before it": (body_of(field_part(value=b"x--BB\r\ny")), [b"x--BB\r\ny"], set()),
    "delimiter after LF": (body_of(field_part(value=b"x\n--BB\r\ny")), [b"x\n--BB\r\ny"], set()),
    "delimiter after CR": (body_of(field_part(value=b"x\r--BB\r\ny")), [b"x\r--BB\r\ny"], set()),
    "delimiter after a space": (body_of(field_part(value=b"x\r\n --BB\r\n")), [b"x\r\n --BB\r\n"], set()),
    "shorter boundary": (body_of(field_part(value=b"\r\n--B\r\n--A")), [b"\r\n--B\r\n--A"], set()),
    "boundary in another case": (body_of(field_part(value=b"\r\n--bb\r\n")), [b"\r\n--bb\r\n"], set()),
    "line breaks": (body_of(field_part(value=b"\r\n\r\r\n\n\r")), [b"\r\n\r\r\n\n\r"], set()),
    "line breaks last": (body_of(field_part(value=b"x\r\n\r\n")), [b"x\r\n\r\n"], set()),
    "headers in the data": (body_of(field_part(value=OK)), [OK], set()),
    "NUL": (body_of(field_part(value=bytes(9))), [bytes(9)], set()),
    "utf-8 in _charset_": (body_of(field_part(b"_charset_", b"UTF-8")), [b"UTF-8"], set()),
    "empty file input": (body_of(part_with(b'form-data; name="f"; filename=""', b"")), [b""], {"part_type_missing"}),
}  # fmt: skip


@pytest.mark.parametrize(("body", "data", "notes"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted_body_is_read_alike_however_it_is_cut(body, data, notes):
    reading = whole(body)
    assert reading.refusal is None
    assert [content for _, content in reading.parts] == data
    assert reading.notes == notes
    assert reading.ended == len(data)
    assert all(read(pieces) == reading for pieces in _cuts(body))


@pytest.mark.parametrize(("body", "code"), REFUSED.values(), ids=REFUSED)
def test_refused_body_is_refused_by_its_rule_however_it_is_cut(body, code):
    reading = whole(body)
    assert reading.refusal == code
    assert all(read(pieces).verdict == reading.verdict for pieces in _cuts(body))


def _cuts(body):
    """Every cut of a short body, some of a long one."""
    return cuts(body) if len(body) < 1000 else (every(body, size) for size in (1, 2, 7, 61, 4096))


def test_cut_in_two_anywhere_is_truncation_for_the_first_half():
    for offset in range(len(TWO) - len(b"\r\n")):
        assert whole(TWO[:offset]).refusal in {
            "first_delimiter_missing",
            "header_block_unterminated",
            "close_delimiter_missing",
        }, offset


def test_every_later_call_raises_the_same():
    parser = Parser(b"BB")
    with pytest.raises(MalformedError):
        parser.feed(b"--BB\n")
    for call in (lambda: parser.feed(TWO), lambda: parser.feed(b""), parser.close):
        with pytest.raises(MalformedError) as caught:
            call()
        assert caught.value.rule is grammar.BARE_LF


def test_close_raises_the_same_again():
    parser = Parser(b"BB")
    parser.feed(b"--BB\r\n")
    for _ in range(2):
        with pytest.raises(MalformedError) as caught:
            parser.close()
        assert caught.value.rule is grammar.HEADER_BLOCK_UNTERMINATED


def test_events_before_the_breach_are_not_lost():
    parser = Parser(b"BB")
    with pytest.raises(MalformedError):
        parser.feed(TWO.replace(b"--BB--", b"--BB-X"))
    assert [type(event).__name__ for event in parser.unseen] == ["SmallField"] * 2


@pytest.mark.parametrize("value", [b"", b"v", b"x--BB", b"x" * 400])
def test_a_small_field_is_told_of_at_once_where_all_of_it_is_here(value):
    parser = Parser(b"BB")
    first, second, _ = parser.feed(body_of(OK, field_part(value=value)))
    assert (type(first), type(second), second.part.number, second.data) == (SmallField, SmallField, 1, value)


@pytest.mark.parametrize("value", [b"x" * 600, b"-x"])
def test_other_fields_are_told_of_in_pieces(value):
    begun, data, ended, _ = Parser(b"BB").feed(body_of(field_part(value=value)))
    assert (begun.part, bytes(data.data), ended.size) == (ended.part, value, len(value))


def test_empty_chunk_changes_nothing():
    assert read([b"", *every(TWO, 5), b""]) == whole(TWO)
    assert Parser(b"BB").feed(b"") == []


def test_large_data_is_passed_on_without_a_copy():
    parser = Parser(b"BB")
    chunk = b"--BB\r\n" + field_part(value=b"x" * 5000)
    _, data = parser.feed(chunk)
    assert isinstance(data, PartData)
    assert isinstance(data.data, memoryview)
    assert data.data.obj is chunk
    inner = b"y" * 5000
    assert parser.feed(inner)[0].data is inner


def test_only_the_beginning_of_a_delimiter_is_held_back():
    parser = Parser(b"BB")
    parser.feed(b"--BB\r\n" + field_part(value=b""))
    assert [event.data for event in parser.feed(b"abc\r\n--B")] == [b"abc"]
    assert [event.data for event in parser.feed(b"C\r")] == [b"\r\n--B", b"C"]
    assert [event.data for event in parser.feed(b"\r")] == [b"\r"]


def test_parser_is_freed_without_the_garbage_collector():
    gc.disable()
    try:
        parser = Parser(b"BB")
        with pytest.raises(MalformedError):
            parser.feed(b"--BB\n")
        alive = weakref.ref(parser)
        del parser
        assert alive() is None
    finally:
        gc.enable()


@pytest.mark.parametrize(
    ("limits", "parts", "code"),
    [
        (Limits(max_parts=2), [OK] * 3, "parts_beyond_bound"),
        (Limits(max_parts=0), [OK], "parts_beyond_bound"),
        (Limits(header_block=len(OK) - 6), [OK], "header_block_too_large"),
        (Limits(headers=1), [b"X: y\r\n" + OK], "headers_too_many"),
        (
            Limits(disposition_parameters=1),
            [part_with(b'form-data; name="f"; filename="a"')],
            "disposition_parameters_too_many",
        ),
    ],
)
def test_limits_hold_at_their_border(limits, parts, code):
    body = body_of(*parts)
    assert {read(every(body, size), limits=limits).refusal for size in (1, 9, 9999)} == {code}
    one_more = Limits(**{name: getattr(limits, name) + 1 for name in Limits.__slots__})
    assert {read(every(body, size), limits=one_more).refusal for size in (1, 9, 9999)} == {None}


@pytest.mark.parametrize(("place", "code"), [("preamble", "preamble_too_large"), ("epilogue", "epilogue_too_large")])
def test_text_outside_the_parts_is_bounded(place, code):
    limits = Limits(**{place: 10})
    text = {"preamble": b"%b\r\n" + TWO, "epilogue": TWO.removesuffix(b"\r\n") + b"\r\n%b"}[place]
    room = 10 if place == "preamble" else 8
    for size in (1, 5, 9999):
        assert read(every(text % (b"x" * room), size), limits=limits).refusal is None
        assert read(every(text % (b"x" * (room + 1)), size), limits=limits).refusal == code


def test_part_carries_its_position():
    events = Parser(b"BB").feed(TWO)
    assert [event.part.number for event in events if isinstance(event, SmallField)] == [0, 1]
