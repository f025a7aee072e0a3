"""The views of a name."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.inspection.names import MAX_BYTES, ascii_only, base_of, remnants, segments, separators_in, text_of, views


@pytest.mark.parametrize("name", ["photo.png", "a b (1).txt", "C:\\a\\b.png", "a;b:c.txt", ""])
def test_a_plain_name_has_one_view(name):
    assert views(name.encode()) == (name,)


@pytest.mark.parametrize(
    ("sent", "seen"),
    [
        ("a%2ephp", "a.php"),
        ("a%252ephp", "a.php"),
        ("a%u002ephp", "a.php"),
        ("a%c0%aephp", "a.php"),
        ("a%e0%80%aephp", "a.php"),
        ("a%f0%80%80%aephp", "a.php"),
        ("a&#46;php", "a.php"),
        ("a&#x2e;php", "a.php"),
        ("a&period;php", "a.php"),
        ("a&#65582;php", "a.php"),
        ("a&#131118;php", "a\U0002002ephp"),
        ("a%26%2346%3Bphp", "a.php"),
        ("a\uff0ephp", "a.php"),
        ("a\uff052ephp", "a.php"),
        ("a%EF%BC%8Ephp", "a.php"),
        ("\u2025/a", "../a"),
        ("caf%C3%A9", "café"),
        ("cafe\u0301", "café"),
    ],
)
def test_every_way_of_decoding_is_a_view(sent, seen):
    assert views(sent.encode())[0] == sent
    assert seen in views(sent.encode())


@pytest.mark.parametrize(
    ("raw", "text"),
    [
        ("ü".encode(), "ü"),
        (b"\xc0\xae", "."),
        (b"\xc1\x9c", "\\"),
        (b"\xe0\x80\xaf", "/"),
        (b"\xf0\x80\x80\xaf", "/"),
        (b"\xf8\x80\x80\x80\xaf", "/"),
        (b"a\xffb", "a\ufffdb"),
        (b"\xed\xa0\x80", "\ufffd\ufffd\ufffd"),
    ],
)
def test_overlong_sequences_are_what_they_stand_for(raw, text):
    assert text_of(raw) == text


@pytest.mark.parametrize(
    ("text", "left"),
    [("é\u200b.ph\u00fep", "e.php"), ("日本語.pdf", ".pdf"), ("\uff50hp", "php"), ("plain", "plain")],
)
def test_accents_and_all_else_can_be_dropped(text, left):
    assert ascii_only(text) == left


@pytest.mark.parametrize(
    ("view", "left"),
    [
        ("plain-name_1.txt", []),
        ("a/b\\c.txt", []),
        ("a.p!hp", ["a.php"]),
        ("x!/a (1).txt", ["x/a1.txt"]),
        ("phé.txt", ["ph.txt", "phe.txt"]),
        ("a.p!h\u0300p", ["a.php", "a.p!hp"]),
        ("a.(p)\u2003", ["a.p", "a.(p) ", "a.(p)"]),
    ],
)
def test_what_is_left_where_characters_are_deleted(view, left):
    assert list(remnants(view)) == left


@pytest.mark.parametrize(
    ("view", "base"),
    [
        ("a.txt", "a.txt"),
        ("x/a.txt", "a.txt"),
        ("C:\\x\\a.txt", "a.txt"),
        ("C:a.txt", "a.txt"),
        ("a.txt/", "a.txt"),
        ("a.txt/.", "."),
        ("/", ""),
        ("", ""),
        ("C:", "C:"),
    ],
)
def test_the_base_is_the_last_segment_that_is_not_empty(view, base):
    assert base_of(view) == base


def test_both_slashes_part_segments():
    assert segments("a/b\\c") == ["a", "b", "c"]
    assert separators_in("a/b\\c") == 2


def test_long_names_are_looked_at_from_both_ends():
    (view,) = views(b"start" + b"x" * 9000 + b"end.php")
    assert view.startswith("start")
    assert view.endswith("end.php")
    assert len(view) == MAX_BYTES


@given(st.binary(max_size=3000) | st.text("%25&#;eE\uff05\uff120aph.x", max_size=400).map(str.encode))
def test_the_views_are_few_and_first_comes_the_name_as_sent(raw):
    seen = views(raw)
    assert 1 <= len(seen) <= 40
    assert len(raw) > MAX_BYTES or seen[0] == text_of(raw)


@pytest.mark.parametrize(
    "pattern", ["%25", "&#37;", "\uff05\uff12\uff15&#37;25", "&amp;amp;%2526é", "%c0%ae", "&#46;%2eé"]
)
def test_no_name_takes_long(pattern):
    raw = pattern.encode() * 900
    spent = []
    for _ in range(5):
        began = time.thread_time()
        views(raw)
        spent.append(time.thread_time() - began)
    assert min(spent) < 0.02
