import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.admin.visible import LONGEST, visible
from tests.admin.test_page import read

MARK = '<b class="code-point">U+{}</b>'


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        ("cat.png", "cat.png"),
        ("Übersicht 東京.pdf", "Übersicht 東京.pdf"),
        ("invoice\u202egnp.exe", f"invoice{MARK.format('202E')}gnp.exe"),
        ("a\u200bb\x00\n", f"a{MARK.format('200B')}b{MARK.format('0000')}{MARK.format('000A')}"),
        ("\ud800", MARK.format("D800")),
        ("<script>", "&lt;script&gt;"),
        ("e\u0301", "e\u0301"),
        ("e\u0301\u0301\u0301\u0301", f"e\u0301\u0301{MARK.format('0301') * 2}"),
    ],
)
def test_letters_stay_and_what_cannot_be_seen_is_its_code_point(text, inside):
    assert visible(text).text == f'<bdi class="name">{inside}</bdi>'


def test_ten_thousand_characters_are_cut_and_say_so():
    told = visible("x" * 10_000).text
    assert told == f'<bdi class="name">{"x" * LONGEST}<b class="code-point">cut</b></bdi>'


@given(st.text(alphabet=st.characters(codec=None)))
def test_whatever_the_text_nothing_of_it_is_markup_or_invisible(text):
    told = visible(text).text
    assert {tag for tag, _ in read(told).tags} <= {"bdi", "b"}
    assert not [char for char in told if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}]
    told.encode()
