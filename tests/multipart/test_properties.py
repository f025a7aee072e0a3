"""Promises over all bodies, not some."""

import itertools
import re

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sidecar.multipart.content_type import form_type
from sidecar.multipart.encoder import Encoder
from sidecar.multipart.events import BodyEnd, Part, PartBegin, PartData, PartEnd
from sidecar.multipart.parser import Parser
from sidecar.multipart.rules import MalformedError
from tests.multipart.reading import BOUNDARY, body_of, encoded, every, field_part, read, whole

THOROUGH = settings(max_examples=500)

# What a grammar is built from, so that random bodies come near to it.
PIECES = [
    b"\r\n",
    b"\r",
    b"\n",
    b"--",
    b"-",
    b"--BB",
    b"\r\n--BB",
    b"\r\n--BB\r\n",
    b"\r\n--BB--",
    b"B",
    b" ",
    b":",
    b";",
    b'"',
    b"\\",
    b"\x00",
    b"\xff",
    b"Content-Disposition: form-data; name=",
    b'Content-Disposition: form-data; name="f"',
    b'; filename="a.txt"',
    b'; filename=""',
    b"; filename*=utf-8''a%22",
    b"; filename*=utf-8''%3D%3Fa%3FB%3FYQ%3D%3D%3F%3D",
    b"=?a?B?",
    b"\r\nContent-Type: text/plain",
    b'; a="; filename=x.php"',
    b"; format=flowed",
    b"_charset_",
    b"\r\n\r\n",
    b"x",
]
NEARLY = st.lists(st.sampled_from(PIECES) | st.binary(max_size=3), max_size=30).map(b"".join)
MUTATED = st.tuples(st.integers(0, 200), st.integers(0, 6), st.sampled_from(PIECES) | st.binary(max_size=4)).map(
    lambda change: GOOD[: change[0]] + change[2] + GOOD[change[0] + change[1] :]
)
GOOD = body_of(
    field_part(b"a", b"1\r\n--B"),
    b'Content-Disposition: form-data; name="f"; filename="a.txt"\r\nContent-Type: text/plain\r\n\r\n\r\ndata\r\n',
)

NAME_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], exclude_characters='"\\'), min_size=1)
NAMES = NAME_TEXT.filter(lambda name: "%00" not in name and not {";", "="} & {*name} and name.strip()).map(str.encode)
FILENAMES = NAMES.filter(lambda name: b"/" not in name and name.rstrip(b". ") == name)
TYPES = st.from_regex(rb"[a-z]{1,9}/[a-z0-9.+-]{1,9}(; charset=utf-8)?", fullmatch=True).filter(
    lambda value: not value.startswith(b"multipart/")
)
DATA = st.binary(max_size=60) | st.lists(st.sampled_from(PIECES), max_size=8).map(b"".join)
FIELDS = st.tuples(NAMES, st.none(), st.none() | TYPES, DATA)
FILES = st.tuples(NAMES, FILENAMES, TYPES, DATA)
EMPTY_INPUTS = st.tuples(NAMES, st.just(b""), st.just(b"application/octet-stream"), st.just(b""))
FORMS = st.lists(FIELDS | FILES | EMPTY_INPUTS, max_size=6)
# As long and as unlikely as the real ones, so that no data holds it.
UNLIKELY = b"6QzVhR2kWn8sXbTfJm4yLpDc3GgAeH7u"


def write(form, boundary=UNLIKELY):
    encoder, pieces = Encoder(boundary), []
    for index, (name, filename, content_type, data) in enumerate(form):
        part = Part(index, name, filename, content_type)
        for event in (PartBegin(part), PartData(data), PartEnd(part, len(data))):
            pieces.extend(encoder.encode((event,)))
    return b"".join([*pieces, *encoder.encode((BodyEnd(len(form)),))])


@given(FORMS, st.integers(1, 80))
def test_what_is_written_is_read_as_it_was_meant(form, size):
    body = write([part for part in form if part[0] != b"_charset_"])
    reading = read(every(body, size), UNLIKELY)
    assert reading.refusal is None
    assert reading.content == [part for part in form if part[0] != b"_charset_"]
    assert reading.notes == set()
    assert encoded(reading, UNLIKELY) == body


@given(NEARLY | MUTATED, st.lists(st.integers(0, 300), max_size=8))
@THOROUGH
@example(GOOD, [1])
@example(b"--BB\r\n\r\n", [6])
def test_no_cut_changes_the_verdict(body, offsets):
    marks = [0, *sorted(offset for offset in offsets if offset < len(body)), len(body)]
    pieces = [body[start:end] for start, end in itertools.pairwise(marks)]
    reading, in_pieces = whole(body), read(pieces)
    assert in_pieces.verdict == reading.verdict == read(every(body, 1)).verdict
    if reading.refusal is None:
        assert in_pieces == reading == read(every(body, 1))


@given(NEARLY | MUTATED | st.binary())
@THOROUGH
@example(GOOD)
def test_accepted_body_goes_on_as_one_that_needs_no_change(body):
    reading = whole(body)
    if reading.refusal is not None:
        return
    again = whole(encoded(reading, UNLIKELY), UNLIKELY)
    assert again.refusal is None
    assert again.notes == set()
    assert [part[:2] for part in again.content] == [part[:2] for part in reading.content]
    assert [data for _, data in again.parts] == [data for _, data in reading.parts]


@given(NEARLY | MUTATED, st.integers(1, 9))
def test_every_byte_given_was_fed_and_in_order(body, size):
    given_bytes = b"".join(data for _, data in read(every(body, size)).parts)
    assert len(given_bytes) <= len(body)
    position = 0
    for byte in given_bytes:
        position = body.index(byte, position) + 1


@given(st.lists(st.binary(max_size=40), max_size=3))
def test_parser_raises_nothing_but_malformed(pieces):
    parser = Parser(BOUNDARY)
    error = refusal_of(lambda: [parser.feed(piece) for piece in [b"--BB\r\n", *pieces]] and parser.close())
    assert error is not None
    assert re.fullmatch(r"[ -~]{0,600}", error.actual)


def refusal_of(call):
    """The MalformedError that a call raises, None if it raises nothing; any other exception fails the test."""
    try:
        call()
    except MalformedError as error:
        return error
    return None


PARAMETERS = st.lists(
    st.sampled_from(
        [b"boundary=x", b"; ", b";", b"multipart/form-data", b'"', b"=", b"charset=utf-8", b",", b" ", b"\\"]
    )
    | st.binary(max_size=3),
    max_size=9,
).map(b"".join)


@given(st.lists(PARAMETERS, max_size=2))
@THOROUGH
@example([b"multipart/form-data; boundary=x"])
def test_content_type_gives_a_boundary_or_a_rule(values):
    error = refusal_of(lambda: form_type(values))
    if error is not None:
        assert re.fullmatch(r"[ -~]{0,600}", error.actual)
        return
    boundary = form_type(values).boundary
    assert re.fullmatch(rb"[0-9A-Za-z'()+_,./:=?-]{1,70}", boundary)
    assert boundary in values[0]
