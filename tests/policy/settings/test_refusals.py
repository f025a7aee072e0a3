"""Settings of refusals."""

import pytest


@pytest.mark.parametrize(
    ("written", "origin"),
    [
        ("https://App.Example.org", "https://app.example.org"),
        ("https://app.example.org:443", "https://app.example.org"),
        ("http://localhost:3000", "http://localhost:3000"),
        ("http://[::1]:80", "http://[::1]"),
    ],
)
def test_an_origin_is_kept_as_browsers_write_it(read, written, origin):
    assert read(f"refusals: {{origins: ['{written}']}}").refusals.origins == (origin,)


@pytest.mark.parametrize(
    "written", ["*", "null", "app.example.org", "https://app.example.org/", "https://a b", "ftp://a"]
)
def test_what_is_no_origin_is_an_error_that_shows_one(only, written):
    problem = only(f"refusals: {{origins: ['{written}']}}")
    assert problem.path == "refusals.origins[0]"
    assert "https://app.example.org" in problem.expected
