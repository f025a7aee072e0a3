"""Plain data as settings: what fits is made, and everything that does not is told at once."""

import datetime as dt
from typing import Annotated, Any, Literal

import pytest

from sidecar.policy.loading.reading import UNKNOWN, UnfitError, read
from sidecar.policy.settings.base import Mode, Settings
from sidecar.policy.values.kinds import after, at_least, at_most, before, characters, entries, form


class Inner(Settings):
    needed: int
    spare: str = ""


class Group(Settings):
    text: str = ""
    whole: int = 0
    number: float = 0.0
    switch: bool = False
    anything: Any = None
    choice: Literal["one", "two"] = "one"
    mode: Mode = Mode.OFF
    perhaps: Mode | None = None
    either: Literal["off"] | dict[str, Any] = "off"
    items: tuple[int, ...] = ()
    lists: list[list[int]] = []  # noqa: RUF012 - as a file has them
    names: dict[Annotated[str, form("^[a-z]+$", "small letters")], Inner] = {}  # noqa: RUF012 - nobody changes it
    inner: Inner = Inner(needed=1)
    groups: tuple[Inner, ...] = ()
    bounded: Annotated[int, at_least(2), at_most(4)] = 2
    formed: Annotated[str, form("^/.*$", "a path")] = "/"
    short: Annotated[str, characters(least=1, most=3)] = "a"
    few: Annotated[tuple[str, ...], entries(2)] = ()
    steps: Annotated[str, before(str.upper), after(lambda text: f"<{text}>"), after(lambda text: text * 2)] = ""


def made(value, **options):
    return read(Group, value, **options)


def faults(value, group=Group, **options):
    with pytest.raises(UnfitError) as caught:
        read(group, value, **options)
    return [(fault.path, fault.message, fault.expected) for fault in caught.value.faults]


@pytest.mark.parametrize("value", [{}, None])
def test_nothing_is_all_defaults(value):
    assert made(value) == Group()


@pytest.mark.parametrize(
    ("name", "value", "becomes"),
    [
        ("text", "a", "a"), ("text", 5, "5"), ("whole", "5", 5), ("number", 5, 5.0), ("switch", "on", True),
        ("anything", [{"a": None}], [{"a": None}]), ("choice", "two", "two"), ("mode", "enforce", Mode.ENFORCE),
        ("mode", Mode.ENFORCE, Mode.ENFORCE), ("perhaps", None, None), ("perhaps", "off", Mode.OFF),
        ("either", "off", "off"),
        ("either", {"a": [1]}, {"a": [1]}), ("items", [1, "2"], (1, 2)), ("items", (), ()),
        ("lists", [[1], []], [[1], []]),
        ("names", {"a": {"needed": 1}}, {"a": Inner(needed=1)}), ("inner", {"needed": "3"}, Inner(needed=3)),
        ("groups", [{"needed": 1}, Inner(needed=2)], (Inner(needed=1), Inner(needed=2))), ("bounded", 4, 4),
        ("formed", "/a", "/a"), ("short", "abc", "abc"), ("few", ["a", "b"], ("a", "b")), ("steps", "a", "<A><A>"),
    ],
)  # fmt: skip
def test_each_kind_takes_what_fits(name, value, becomes):
    found = getattr(made({name: value}), name)
    assert (found, type(found)) == (becomes, type(becomes))


SCALARS = ("text", "whole", "number", "switch", "choice", "mode", "perhaps", "bounded", "formed", "short")


@pytest.mark.parametrize("value", [[], [[]], {}, {"a": [1]}, b"", b"on", dt.date(2020, 1, 1), ("a",), {"a"}], ids=repr)
@pytest.mark.parametrize("name", SCALARS)
def test_no_scalar_takes_what_none_of_them_is(name, value):
    ((path, message, expected),) = faults({name: value})
    assert (path, message) == ((name,), "is not valid")
    assert expected


@pytest.mark.parametrize("name", [name for name in SCALARS if name != "perhaps"])
def test_only_a_group_takes_nothing(name):
    assert len(faults({name: None})) == 1


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("text", [], "text"), ("whole", "x", "a whole number"), ("number", "x", "a number"),
        ("switch", "x", "on or off"),
        ("choice", "x", "one or two"), ("choice", ["one"], "one or two"), ("choice", None, "one or two"),
        ("mode", "x", "off, monitor or enforce"), ("mode", {}, "off, monitor or enforce"),
        ("perhaps", "x", "off, monitor or enforce"), ("either", 5, "off"), ("items", "12", "a list"),
        ("items", {}, "a list"),
        ("items", None, "a list"), ("items", {1}, "a list"), ("names", [], "a mapping"), ("names", None, "a mapping"),
        ("inner", "x", "a mapping of settings"), ("inner", [], "a mapping of settings"), ("bounded", 1, "at least 2"),
        ("bounded", 5, "at most 4"), ("bounded", 10**400, "at most 4"), ("formed", "a", "a path"),
        ("formed", "/a\n", "a path"),
        ("short", "", "text that is not empty"), ("short", "abcd", "at most 3 characters"),
        ("few", ["a", "b", "c"], "at most 2 entries"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_in_words(name, value, expected):
    assert faults({name: value}) == [((name,), "is not valid", expected)]


@pytest.mark.parametrize("value", ["x", 5, [], [1], True, Inner(needed=1)])
def test_a_group_is_a_mapping(value):
    assert faults(value) == [((), "is not valid", "a mapping of settings")]


def test_everything_that_is_wrong_is_told_with_its_path():
    told = faults(
        {
            "whole": "x",
            "unheard": 1,
            "items": [1, "x", [], 2],
            "inner": {"spare": []},
            "names": {"A": {"needed": "x"}, "b": None},
            "groups": [{"needed": 1, "more": 2}, {}],
            "lists": [[1], 5, [[]]],
        }
    )
    assert sorted(told, key=str) == sorted(
        [
            (("whole",), "is not valid", "a whole number"),
            (("unheard",), UNKNOWN, told[0][2]),
            (("items", 1), "is not valid", "a whole number"),
            (("items", 2), "is not valid", "a whole number"),
            (("inner", "needed"), "is missing", "a value; it has no default"),
            (("inner", "spare"), "is not valid", "text"),
            (("names", "A"), "is not a usable name", "small letters"),
            (("names", "A", "needed"), "is not valid", "a whole number"),
            (("names", "b", "needed"), "is missing", "a value; it has no default"),
            (("groups", 0, "more"), UNKNOWN, "needed or spare"),
            (("groups", 1, "needed"), "is missing", "a value; it has no default"),
            (("lists", 1), "is not valid", "a list"),
            (("lists", 2, 0), "is not valid", "a whole number"),
        ],
        key=str,
    )


def test_the_error_says_all_of_it():
    with pytest.raises(UnfitError, match=r"'whole'.*a whole number; .*'text'.*expected text"):
        made({"whole": "x", "text": []})


def test_unknown_settings_are_shown_by_their_name_whatever_it_is():
    with pytest.raises(UnfitError) as caught:
        made({5: 1, None: 2, "\ud800": 3})
    assert [fault.actual for fault in caught.value.faults] == ["`5`", "`None`", "`\\ud800`"]


def test_deep_nesting_in_the_wrong_place_is_one_fault():
    deep: list = []
    for _ in range(100_000):
        deep = [deep]
    assert faults({"text": deep}) == [(("text",), "is not valid", "text")]
    assert made({"anything": deep}).anything is deep


def test_groups_that_were_made_before_stay_what_they_are():
    inner = Inner(needed=1)
    assert made({"inner": inner}).inner is inner
    group = Group()
    assert made(group) is group


def test_data_is_not_changed():
    data = {"items": [1, "2"], "inner": {"needed": "3"}}
    made(data)
    assert data == {"items": [1, "2"], "inner": {"needed": "3"}}


def test_in_files_that_programs_write_text_is_no_number():
    assert made({"text": "5", "whole": 5, "number": 5, "switch": True, "items": [1]}, strict=True)
    told = faults({"text": 5, "whole": "5", "number": "5", "switch": "on", "items": ["1"]}, strict=True)
    assert [path for path, *_ in told] == [("text",), ("whole",), ("number",), ("switch",), ("items", 0)]


def test_both_ways_of_reading_stay_apart():
    assert made({"whole": "5"}).whole == 5
    assert faults({"whole": "5"}, strict=True)
    assert made({"whole": "5"}).whole == 5
