"""File names in their extended and encoded forms."""

from urllib.parse import quote

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sidecar.multipart.filename import extended_filename, field_name, judged_filename, plain_filename
from sidecar.multipart.rules import MalformedError

NAIVE = "naïve.txt".encode()
EXTENDED = b"utf-8''na%C3%AFve.txt"

ALONE = {
    "UTF-8": (EXTENDED, NAIVE),
    "upper case": (b"UTF-8''na%c3%afve.txt", NAIVE),
    "with a language": (b"utf-8'fr-CA'na%C3%AFve.txt", NAIVE),
    "ISO 8859-1": (b"iso-8859-1''na%EFve.txt", NAIVE),
    "quote": (b"utf-8''a%22b", b"a%22b"),
    "line break": (b"utf-8''a%0D%0Ab", b"a%0D%0Ab"),
    "percent sign": (b"utf-8''100%25", b"100%"),
}

INVALID = {
    "no charset": (b"''a", "filename_extended_invalid"),
    "no quotes": (b"a.txt", "filename_extended_invalid"),
    "one quote": (b"utf-8'a.txt", "filename_extended_invalid"),
    "empty": (b"utf-8''", "filename_extended_invalid"),
    "unknown charset": (b"utf-16''a", "filename_extended_invalid"),
    "windows-1252": (b"windows-1252''a", "filename_extended_invalid"),
    "half an escape": (b"utf-8''a%C", "filename_extended_invalid"),
    "no hexadecimal": (b"utf-8''a%GG", "filename_extended_invalid"),
    "raw character": (b"utf-8''a*b", "filename_extended_invalid"),
    "invalid UTF-8": (b"utf-8''a%EF", "filename_extended_invalid"),
    "overlong": (b"utf-8''%C0%AE%C0%AE%2Fa", "filename_extended_invalid"),
    "surrogate": (b"utf-8''%ED%A0%80", "filename_extended_invalid"),
    "control of ISO 8859-1": (b"iso-8859-1''a%80", "filename_extended_invalid"),
    "NUL": (b"utf-8''a%00.png", "name_control"),
    "NUL escaped twice": (b"utf-8''a%2500.png", "name_control"),
    "escape": (b"utf-8''a%1B", "name_control"),
    "encoded word": (b"utf-8''%3D%3Futf-8%3FB%3FLi4vLi4veC5waHA%3D%3F%3D", "encoded_word"),
}

SAME = {
    "raw UTF-8": NAIVE,
    "percent escapes": b"na%C3%AFve.txt",
    "encoded word in Base64": b"=?utf-8?B?bmHDr3ZlLnR4dA==?=",
    "encoded word as quoted-printable": b"=?UTF-8?q?na=C3=AFve.txt?=",
}

DIFFERENT = {
    "other name": b"a.txt",
    "transliterated": b"naive.txt",
    "empty": b"",
    "question mark": b"na?ve.txt",
    "other word": b"=?utf-8?B?YS50eHQ=?=",
    "word in another charset": b"=?iso-8859-1?Q?na=EFve.txt?=",
    "broken word": b"=?utf-8?B?bmHDr3ZlLnR4dA?=",
    "word of unknown encoding": b"=?utf-8?X?bmHDr3ZlLnR4dA==?=",
    "two words": b"=?utf-8?Q?na=C3=AF?= =?utf-8?Q?ve.txt?=",
}


@pytest.mark.parametrize(("value", "filename"), ALONE.values(), ids=ALONE)
def test_extended_file_name_goes_on_as_plain_utf8(value, filename):
    notes: set[str] = set()
    assert extended_filename(value, None, notes) == filename
    assert notes == {"filename_extended"}


@pytest.mark.parametrize(("value", "code"), INVALID.values(), ids=INVALID)
def test_extended_file_name_is_refused(value, code):
    with pytest.raises(MalformedError) as caught:
        extended_filename(value, None, set())
    assert caught.value.rule.code == code


@pytest.mark.parametrize("plain", SAME.values(), ids=SAME)
def test_plain_file_name_beside_it_may_say_the_same(plain):
    assert extended_filename(EXTENDED, plain, set()) == NAIVE


@pytest.mark.parametrize("plain", DIFFERENT.values(), ids=DIFFERENT)
def test_plain_file_name_beside_it_may_not_differ(plain):
    with pytest.raises(MalformedError) as caught:
        extended_filename(EXTENDED, plain, set())
    assert caught.value.rule.code == "filename_conflict"


def test_quotes_beside_it_may_be_escaped_in_every_way():
    for plain in (b'a\\"b', b"a%22b"):
        assert extended_filename(b"utf-8''a%22b", plain, set()) == b"a%22b"


# Tomcat, commons-fileupload, Poco and Python's email package read another name in each.
ENCODED_WORDS = [
    b"=?utf-8?B?eC5waHA=?=",
    b"=?utf-8?Q?a?.=70h=70?=",
    b"=?utf-8?Q?a?.=2e=2f=2e?=",
    b"a =?x?q??= b.txt",
    b"=?=?utf-8?Q?x.=70hp?=",
    b"a.txt =?utf-8*en?Q?.=70hp?=?",
]

NO_ENCODED_WORDS = [
    b"=?a?b?=",
    b"2+2=?.png",
    b"what=?or=?.txt",
    b"a?=b?=c?.txt",
    b"?=?=?",
    b"=?utf-8?=",
    b"x=?b?=y?z.txt",
]


@pytest.mark.parametrize("word", ENCODED_WORDS)
def test_an_encoded_word_is_refused_whichever_way_it_comes(word):
    extended = b"utf-8''" + quote(word, safe="").encode()
    for read in (
        lambda: field_name(word, set()),
        lambda: plain_filename(word, set()),
        lambda: judged_filename(word),
        lambda: extended_filename(extended, None, set()),
        lambda: extended_filename(extended, word, set()),
    ):
        with pytest.raises(MalformedError) as caught:
            read()
        assert caught.value.rule.code == "encoded_word"


@pytest.mark.parametrize("name", NO_ENCODED_WORDS)
def test_question_marks_and_equals_signs_alone_are_no_encoded_word(name):
    assert field_name(name, set()) == plain_filename(name, set()) == judged_filename(name) == name


LETTERS = st.sampled_from(["=?", "?=", "?", "utf-8", "B", "=", '"', "%22", "\\", "; name=", "\r\n", "/", ".", " ", "é"])


@given(st.lists(LETTERS | st.text(max_size=3), max_size=9).map("".join))
@example("=?utf-8?B?YQ==?=")
def test_what_filename_extended_becomes_is_accepted_as_a_plain_one_and_left_as_it_is(name):
    try:
        written = extended_filename(b"utf-8''" + quote(name.encode(errors="replace"), safe="").encode(), None, set())
    except MalformedError:
        return
    notes = set()
    assert plain_filename(written, notes) == written
    assert notes == set()
