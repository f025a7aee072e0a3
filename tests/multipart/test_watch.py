"""Parts whose data the grammar must see."""

import pytest

from sidecar.multipart import grammar
from sidecar.multipart.events import Part
from sidecar.multipart.rules import MalformedError
from sidecar.multipart.watch import watch_for


@pytest.mark.parametrize(
    "part",
    [
        Part(0, b"f", None, None),
        Part(0, b"f", b"a", None),
        Part(0, b"f", b"a", b"text/plain"),
        Part(0, b"f", None, b"image/png"),
    ],
)
def test_other_parts_are_not_watched(part):
    assert watch_for(part) is None


def test_a_field_with_the_type_of_a_text_must_be_one():
    watch = watch_for(Part(0, b"f", None, b"text/plain; charset=utf-8"))
    watch.feed("Grüße,\r\n\t<b>\x1b</b>".encode())
    watch.end()
    for byte in map(b"%c".__mod__, [*range(9), *range(14, 27), *range(28, 32), 127]):
        with pytest.raises(MalformedError, match="field_not_text"):
            watch.feed(memoryview(b"MZ" + byte))


def test_a_file_is_never_the_charset():
    with pytest.raises(MalformedError, match="charset_field"):
        watch_for(Part(0, b"_charset_", b"a", None)).end()


@pytest.mark.parametrize("value", [b"utf-8", b"UTF-8", b"utf8"])
def test_charset_field_may_say_utf8_in_any_cut(value):
    watch = watch_for(Part(0, b"_charset_", None, None))
    for byte in value:
        watch.feed(bytes([byte]))
    watch.end()


@pytest.mark.parametrize(("value", "actual"), [(b"", "empty"), (b"latin-1", "latin-1"), (b"utf-8 ", "utf-8 ")])
def test_charset_field_may_say_nothing_else(value, actual):
    watch = watch_for(Part(0, b"_charset_", None, None))
    watch.feed(value)
    with pytest.raises(MalformedError, match="charset_field") as caught:
        watch.end()
    assert caught.value.actual == actual


def test_charset_field_keeps_a_bounded_value():
    watch = watch_for(Part(0, b"_charset_", None, None))
    with pytest.raises(MalformedError, match="charset_field"):
        watch.feed(memoryview(bytes(1 << 20)))
    assert len(watch._value) == 33


def test_empty_file_input_may_end_without_data():
    watch = watch_for(Part(0, b"f", b"", None))
    watch.end()
    with pytest.raises(MalformedError, match="filename_empty_with_data"):
        watch.feed(b"x")


@pytest.mark.parametrize(
    ("part", "actual"),
    [(Part(0, b"json", b"", None), "data in the part json"), (Part(0, b"_charset_", b"a.txt", None), "a file")],
)
def test_what_is_in_a_file_is_not_told(part, actual):
    watch = watch_for(part)
    with pytest.raises(MalformedError) as caught:
        watch.feed(memoryview(b'{"secret": 1}' * 9))
    assert caught.value.actual == actual
    assert caught.value.rule.advice != grammar.NAME_CONTROL.advice
