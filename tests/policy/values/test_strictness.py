"""Marks that say which values of a setting let in less."""

from typing import Annotated, Literal

import pytest

from sidecar.policy.values.kinds import at_least
from sidecar.policy.values.strictness import ALL, LOWER, ON, rising, stricter_of
from sidecar.policy.values.words import Lowered


@pytest.mark.parametrize(
    ("kind", "one", "other", "both"),
    [
        (Annotated[int, at_least(1), LOWER], 3, 4, 3),
        (Annotated[bool, ON], True, False, True),
        (Annotated[bool, ON], False, False, False),
        (Annotated[Literal["a", "m", "z"], Lowered, rising("z", "m", "a")], "z", "m", "m"),
        (Annotated[Literal["a", "m", "z"], rising("z", "m", "a")], "a", "m", "a"),
        (Annotated[tuple[str, ...], ALL], ("a", "b"), ("a", "b"), ("a", "b")),
        (Annotated[tuple[str, ...], ALL], ("a",), (), ("a",)),
    ],
)
def test_of_two_values_the_stricter_is_found_whichever_comes_first(kind, one, other, both):
    assert stricter_of(kind)(one, other) == both
    assert stricter_of(kind)(other, one) == both


def test_choices_of_the_same_words_in_another_order_are_told_apart():
    one, other = (Annotated[Literal["a", "b"], Lowered, rising(*words)] for words in ("ab", "ba"))
    assert (stricter_of(one)("a", "b"), stricter_of(other)("a", "b")) == ("b", "a")


def test_a_list_names_what_either_names_once():
    assert stricter_of(Annotated[tuple[str, ...], ALL])(("a", "b"), ("b", "c")) == ("a", "b", "c")


@pytest.mark.parametrize("kind", [int, tuple[str, ...], Annotated[int, at_least(1)], Annotated[Literal["a"], Lowered]])
def test_a_setting_that_does_not_say_it_is_told(kind):
    with pytest.raises(TypeError, match="does not say which of its values are stricter"):
        stricter_of(kind)
