import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.loading.problem import ConfigError
from sidecar.policy.settings.bounds import FIGURES, Against, Bound, parse_bound


@pytest.mark.parametrize(
    ("text", "figure", "route", "operator", "against", "limit"),
    [
        ("refused_ratio < 0.5%", "refused_ratio", "", "<", Against.VALUE, 0.005),
        ("p99 < +50ms", "p99", "", "<", Against.CHANGE, 0.05),
        ("p95[/api/avatars]<=1.5s", "p95", "/api/avatars", "<=", Against.VALUE, 1.5),
        ("cache_hit_ratio > -2%", "cache_hit_ratio", "", ">", Against.CHANGE, -0.02),
        ("db_calls[a b] <= x1.2", "db_calls", "a b", "<=", Against.FACTOR, 1.2),
        ("  requests_per_second >= 10  ", "requests_per_second", "", ">=", Against.VALUE, 10),
    ],
)
def test_a_bound_is_a_figure_an_operator_and_a_limit(text, figure, route, operator, against, limit):
    assert parse_bound(text) == Bound(text.strip(), figure, route, operator, against, pytest.approx(limit))


@pytest.mark.parametrize(
    ("text", "hint"),
    [
        ("", "expected a figure"),
        ("under 0.5 % of uploads refused", "expected a figure"),
        ("p99", "expected a figure"),
        ("p99 = 5ms", "expected a figure"),
        ("p99 < 5ms and p50 < 1ms", "expected a figure"),
        ("p99 < 1e9s", "expected a figure"),
        ("p98 < 5ms", "expected one of the figures p50"),
        ("p99 < 50", "a limit with ms or s"),
        ("p99 < 50%", "a limit with ms or s"),
        ("refused_ratio < 0.005", "a limit with %"),
        ("db_calls < 5ms", "a limit with no unit"),
        ("p99 < x1.5ms", "a limit with no unit"),
        ("cache_hit_ratio[avatars] > 50%", "without a route"),
    ],
)
def test_anything_else_is_explained(text, hint):
    with pytest.raises(ValueError, match="expected") as raised:
        parse_bound(text)
    assert hint in str(raised.value)


@given(st.text(max_size=400))
def test_any_text_is_a_bound_or_a_value_error(text):
    try:
        bound = parse_bound(text)
    except ValueError:
        return
    assert bound.figure in FIGURES


def test_the_free_text_of_the_example_goes_on_working_beside_bounds(read):
    text = "change: {expected: 'under 0.5 % of uploads refused, p99 under 50 ms more', bounds: ['p99 < +50ms']}"
    change = read(text).change
    assert (change.expected, change.bounds) == (
        "under 0.5 % of uploads refused, p99 under 50 ms more",
        ("p99 < +50ms",),
    )


def test_a_wrong_bound_is_found_with_its_line(read):
    with pytest.raises(ConfigError) as raised:
        read("change:\n  bounds:\n    - p99 < +50ms\n    - refused_ratio < 0.5\n")
    (problem,) = raised.value.problems
    assert (problem.path, problem.line) == ("change.bounds[1]", 4)
    assert problem.expected.startswith("a limit with %")
