"""The fuzzer runs, and finds nothing in a few thousand inputs: `make fuzz` asks for many more."""

import random

from fuzz.parser import CHOICES, SEEDS, check, mutated


def test_its_seeds_keep_every_promise():
    assert [seed for seed in SEEDS if check(bytes([1, 0]) + seed)]


def test_mutated_seeds_keep_every_promise():
    dice = random.Random(2046)
    accepted = sum(check(mutated(dice, SEEDS)) for _ in range(2000))
    assert accepted > 20


def test_an_input_of_choices_alone_is_judged():
    assert not check(bytes(CHOICES))
