"""An object is read once, and one that differs in its number, or whose end was not read, again."""

from sidecar.inspection.formats.pdf.repeats import Repeats

BEFORE = 8


def document(*objects: bytes) -> tuple[bytes, list[int]]:
    data = b" " * BEFORE + b"".join(objects)
    starts, at = [], data.find(b"obj <")
    while at >= 0:
        starts.append(at)
        at = data.find(b"obj <", at + 1)
    return data, starts


def test_the_same_object_is_known_once_it_was_read_to_its_end():
    data, (first, second) = document(b"       1 0 obj <</S/JS>> endobj", b"       1 0 obj <</S/JS>> endobj")
    repeats = Repeats(BEFORE)
    text = repeats.text(data, first)
    assert text not in repeats
    repeats.keep(text, len(b"obj <</S/JS>>"))
    assert repeats.text(data, second) in repeats


def test_another_number_is_another_object():
    data, (first, second) = document(b"       1 0 obj <<>> endobj", b"       2 0 obj <<>> endobj")
    repeats = Repeats(BEFORE)
    repeats.keep(repeats.text(data, first), len(b"obj <<>>"))
    assert repeats.text(data, second) not in repeats


def test_what_was_read_in_part_is_read_again():
    data, (first,) = document(b"       1 0 obj <<>> stream endobj")
    repeats = Repeats(BEFORE)
    text = repeats.text(data, first)
    repeats.keep(text, len(b"obj <<>>"))
    assert text not in repeats


def test_a_long_one_and_one_at_the_beginning_are_never_known():
    data, (first,) = document(b"       1 0 obj <" + b"a" * 2000 + b"> endobj")
    repeats = Repeats(BEFORE)
    assert repeats.text(data, first) == b""
    assert repeats.text(b"1 0 obj <<>> endobj", 4) == b""
    repeats.keep(b"", 10)
    assert b"" not in repeats
