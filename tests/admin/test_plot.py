import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.admin.hour_view import hour
from sidecar.admin.plot import Bar, Kind, ceiling, level, plot
from sidecar.telemetry.last_hour import Sums
from tests.admin.test_page import read

KINDS = (Kind("forwarded", "calm"), Kind("refused", "bad"))


@pytest.mark.parametrize(("value", "top"), [(0, 1), (1, 1), (3, 5), (5, 5), (6, 10), (11, 20), (1_234_567, 2_000_000)])
def test_the_scale_ends_at_a_round_number(value, top):
    assert ceiling(value) == top


def rects(html, style):
    pattern = rf'<rect x="([\d.]+)" y="([\d.]+)" width="[\d.]+" height="([\d.]+)" class="{style}">'
    return [tuple(map(float, found)) for found in re.findall(pattern, html)]


def test_bars_stand_on_each_other_and_fill_the_scale():
    html = plot("Uploads", KINDS, [Bar("12:00 UTC", (0, 0)), Bar("12:01 UTC", (4, 6))], ("12:00", "12:01 UTC")).text
    assert rects(html, "calm") == [(11, 60, 40)]
    assert rects(html, "bad") == [(11, 0, 60)]
    assert "12:01 UTC: 4 forwarded, 6 refused" in read(html).texts
    assert html.count("<g>") == 1


def test_sums_and_scale_are_text_of_the_page():
    texts = read(plot("Uploads", KINDS, [Bar("a", (1000, 7)), Bar("b", (234, 0))], ("12:00", "13:00")).text).texts
    assert texts[texts.index("Uploads") + 1 : texts.index(" refused") + 1] == [
        "1\u202f234", " forwarded", "7", " refused"
    ]  # fmt: skip
    assert "2\u202f000" in texts
    assert "Uploads: 1\u202f234 forwarded, 7 refused" in texts


@given(st.lists(st.tuples(st.integers(0, 10**9), st.integers(0, 10**9)), max_size=60))
def test_no_bar_leaves_the_drawing(values):
    html = plot("a", KINDS, [Bar("b", pair) for pair in values], ("", "")).text
    for _, y, height in (*rects(html, "calm"), *rects(html, "bad")):
        assert 0 <= y <= 100
        assert y + height <= 100.02


def test_no_attribute_of_a_style_is_used_as_the_policy_forbids_them():
    html = hour([(60.0 * minute, Sums(good=minute, refused=2)) for minute in range(60)]).text
    assert " style=" not in html
    assert html.count("<figure>") == 3


def test_requests_that_nobody_was_left_to_have_answered_are_not_drawn_as_answered():
    html = hour([(0.0, Sums(requests=10, failed=2, unanswered=5))]).text
    assert "00:00 UTC: 3 answered, 5 left unanswered, 2 failed (5xx)" in read(html).texts


@pytest.mark.parametrize(("share", "width"), [(-1, "0"), (0.5, "50"), (7, "100")])
def test_a_level_is_filled_to_its_share(share, width):
    assert rects(level(share, "calm").text, "calm") == [(0, 0, 4)]
    assert f'width="{width}"' in level(share, "calm").text.rpartition("<rect")[2]
