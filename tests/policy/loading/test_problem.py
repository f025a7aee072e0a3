import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.loading.problem import ConfigError, Problem, nearest, one_of, path_text, shown


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ((), ""),
        (("mode",), "mode"),
        (("routes", 0, "policy"), "routes[0].policy"),
        (("policies", "a b", "x"), "policies.a b.x"),
    ],
)
def test_paths_as_people_write_them(path, text):
    assert path_text(path) == text


@pytest.mark.parametrize(
    ("problem", "text"),
    [
        (Problem("mode", 3, "is wrong", "off", "of"), "f.yaml:3: mode: is wrong; expected off, got of"),
        (Problem("mode", None, "is wrong", "off"), "f.yaml: mode: is wrong; expected off"),
        (Problem("", 3, "is no YAML"), "f.yaml:3: is no YAML"),
        (Problem("SIDECAR_MODE", None, "is wrong", "off", "of"), "SIDECAR_MODE: is wrong; expected off, got of"),
        (Problem("--mode", None, "is wrong"), "--mode: is wrong"),
    ],
)
def test_one_line_with_the_place_first(problem, text):
    assert problem.text("f.yaml") == text


def test_an_error_tells_all_its_problems():
    error = ConfigError([Problem("a", 1, "x"), Problem("b", 2, "y")])
    assert str(error) == "line 1: a: x\nline 2: b: y"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "nothing"),
        (True, "true"),
        (False, "false"),
        ("", '""'),
        ("off", "off"),
        (5, "5"),
        ({}, "an empty mapping"),
        ({"a": 1}, "a mapping"),
        ([], "an empty list"),
        (["a"], "a list"),
        ("a\nb", "a\\nb"),
        ("\x1b[31m", "\\u001b[31m"),
        ("\u202eexe", "\\u202eexe"),
        ('say "x"', 'say "x"'),
    ],
)
def test_values_are_shown_on_one_safe_line(value, text):
    assert shown(value) == text


@given(st.text())
def test_whatever_is_shown_is_short_printable_ascii(value):
    assert len(shown(value)) <= 60
    assert shown(value).isascii()
    assert shown(value).isprintable()
    assert path_text((value,)).isprintable()


@pytest.mark.parametrize(
    ("name", "meant"),
    [
        ("max_fil", "max_file"),
        ("max-file", "max_file"),
        ("MaxFile", "max_file"),
        ("zzz", None),
        ("", None),
        ("x" * 100_000, None),
    ],
)
def test_what_was_probably_meant(name, meant):
    assert nearest(name, ("max_file", "mode", "listen")) == meant


def test_choices_are_joined_as_a_sentence():
    assert (one_of(["a"]), one_of(["a", "b"]), one_of(["a", "b", "c"])) == ("a", "a or b", "a, b or c")
