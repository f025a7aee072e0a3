import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.loading.mode_text import MAX_SIZE, mode_in
from sidecar.policy.settings.model import Mode

KEY = "upload-sidecar/mode"
OTHERS = 'app="shop"\nkubectl.kubernetes.io/last-applied-configuration="{\\"mode\\":\\"off\\"}\\n"\n'


@pytest.mark.parametrize(
    ("text", "mode"),
    [
        (b"off", Mode.OFF),
        (b" Monitor\r\n", Mode.MONITOR),
        (b"enforce\n\n", Mode.ENFORCE),
        (b"", None),
        (b" \n", None),
        (f'{OTHERS}{KEY}="off"\n'.encode(), Mode.OFF),
        (f'{KEY}=" Monitor "'.encode(), Mode.MONITOR),
        (f'{KEY}=""\n'.encode(), None),
        (OTHERS.encode(), None),
        (b'other/mode="off"\n', None),
        (f'{KEY}="off"\n{KEY}="off"\n'.encode(), Mode.OFF),
    ],
)
def test_one_word_or_an_annotation(text, mode):
    assert mode_in(text, KEY) is mode


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (b"of", "says of; expected off, monitor or enforce"),
        (b"off monitor", "expected off"),
        (b"mode: off", "expected off"),
        (b"off\nenforce", "expected off"),
        (b"\xff\xfeo\x00f\x00f", "expected off"),
        (b"\0" * 20, "expected off"),
        (b"off" + b" " * MAX_SIZE, "too large"),
        (f'{KEY}="offf"'.encode(), "says offf in the annotation upload-sidecar/mode"),
        (f'{KEY}="off"\nnonsense'.encode(), "no annotation"),
        (f'{KEY}="off"\n{KEY}="enforce"'.encode(), "twice"),
        (b"<script>alert(1)</script>" * 100, "expected off"),
    ],
)
def test_anything_else_is_said_clearly_and_briefly(text, said):
    with pytest.raises(ValueError, match=said) as wrong:
        mode_in(text, KEY)
    assert len(str(wrong.value)) < 250
    assert str(wrong.value).isascii()
    assert str(wrong.value).isprintable()


@given(st.binary(max_size=200))
def test_no_file_makes_it_fail_otherwise(text):
    with contextlib.suppress(ValueError):
        mode_in(text, KEY)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=50))
def test_no_value_of_another_annotation_is_taken_for_the_mode(value):
    quoted = json.dumps(value)
    assert mode_in(f'a={quoted}\n{KEY}="monitor"\n'.encode(), KEY) is Mode.MONITOR
