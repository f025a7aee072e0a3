"""Shapes of names: what a policy is judged by stays, what people write into names goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.inspection.name_shape import like, shape_of
from sidecar.policy.settings.model import Files, Policy
from sidecar.policy.values.suffixes import DEFAULT_DENY_SUFFIXES
from tests.inspection.judging import codes, make, part_of


def shape(name: str):
    part = part_of(name)
    return shape_of(part.filename, part.filename_as_sent)


def standing_for(told):
    return like(told.suffixes, told.hidden, told.size)


def test_words_of_people_are_not_in_the_shape():
    told = repr(shape("Anna.Schmidt.HIV-positiv.2026.pdf"))
    assert not any(word in told.lower() for word in ("anna", "schmidt", "hiv", "positiv", "2026"))
    assert shape("Anna.Schmidt.pdf").suffixes == ("*", "pdf")


@pytest.mark.parametrize(
    ("name", "suffixes", "hidden"),
    [
        ("cat.PNG", ("png",), ()),
        ("cat.tar.gz", ("tar", "gz"), ()),
        ("shell.php.jpg", ("php", "jpg"), ()),
        ("shell.php;.jpg", ("php;", "jpg"), ()),
        ("shell.%70hp", ("*",), ("php",)),
        ("shell.\uff50\uff48\uff50", ("*",), ("php",)),
        ("shell.php/.jpg", ("jpg",), ("php",)),
        ("README", (), ()),
        ("._Anna.jpg", ("_", "jpg"), ()),
        ("._Anna", ("_",), ()),
        ("._.jpg", ("_", "jpg"), ()),
    ],
)
def test_suffixes_are_told_in_every_dress(name, suffixes, hidden):
    assert (shape(name).suffixes, shape(name).hidden) == (suffixes, hidden)


@pytest.mark.parametrize("name", ["._Anna.jpg", "._Anna.S.tar.gz", "._Anna"])
def test_a_name_beside_another_stands_for_itself(name):
    (standing,) = standing_for(shape(name))
    assert standing.startswith(b"._x")
    assert (len(standing), standing.count(b".")) == (len(name), name.count("."))


def test_kinds_of_characters_are_told():
    assert shape("Übung 1.pdf").classes == ("lower", "digit", "space", "punctuation", "beyond_ascii")


DENY = Policy(files=Files(deny_suffixes=DEFAULT_DENY_SUFFIXES))
DENY_PICTURES = Policy(files=Files(deny_suffixes=("jpg", "pdf")))
NAMES = [
    "cat.png", "shell.php", "shell.PHP", "shell.php.jpg", "shell.php;.jpg", "a.asp:.jpg", "shell.%70hp",
    "shell.\uff50\uff48\uff50", "shell.php/.jpg", "meeting.do.pdf", "john.pl.smith.jpg", "example.com.pdf",
    "a.php ", "a.php.", "a.cer;.jpg", "..",
    "C:\\fake\\x.exe", "dir/sub/x.sh", "x.phip", "a.b.c.d.e.f.g.h.php.i.j.k.jpg", "x" * 300 + ".exe", "x.jpg%00.php",
    "x.php&period;jpg", "Übung.PDF", "noext", ".htaccess", "x.jpeg", "a&#46;php", "\u202efdp.exe",
]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("policy", [DENY, DENY_PICTURES], ids=["default", "pictures"])
def test_a_name_of_the_same_shape_is_judged_as_the_name_itself(name, policy):
    check, part = make("forbidden_suffixes", policy=policy), part_of(name)
    itself = set(codes(check.begin(part)))
    standing = {code for other in standing_for(shape(name)) for code in codes(check.begin(part_of(other)))}
    assert standing == itself


@given(st.text(max_size=400))
def test_no_name_makes_it_raise_and_the_shape_is_bounded(name):
    told = shape_of(name.encode("utf-8", "replace"))
    assert len(told.suffixes) <= 8
    assert len(told.hidden) <= 8
    assert all(len(suffix) <= 24 for suffix in told.suffixes)


@given(st.lists(st.sampled_from([*"aB1. %;/\\&", "php", "jpg", "%2e", "\uff50", "\u0131"]), min_size=1, max_size=12))
def test_what_is_refused_by_its_name_is_refused_by_its_shape(pieces):
    check, part = make("forbidden_suffixes", policy=DENY), part_of("".join(pieces))
    if codes(check.begin(part)):
        shaped = shape_of(part.filename, part.filename_as_sent)
        assert any(codes(check.begin(part_of(other))) for other in standing_for(shaped))
