import pytest

from sidecar.policy.values.media_range import narrower, parse_media_range
from sidecar.policy.values.words import parse_label, parse_method, parse_route_path, parse_suffix, switch


@pytest.mark.parametrize(
    ("text", "suffix"), [("php", "php"), (".PHP", "php"), (" jsp ", "jsp"), ("library-ms", "library-ms")]
)
def test_suffixes_lose_their_dot_and_their_capitals(text, suffix):
    assert parse_suffix(text) == suffix


@pytest.mark.parametrize("text", ["", ".", "..", "*.php", "tar.gz", "a b", "a/b", "a\\b", "x" * 65])
def test_what_is_no_suffix(text):
    with pytest.raises(ValueError, match="expected one suffix"):
        parse_suffix(text)


@pytest.mark.parametrize(("text", "method"), [("POST", "POST"), ("put", "PUT"), ("M-SEARCH", "M-SEARCH")])
def test_methods_are_written_in_capitals(text, method):
    assert parse_method(text) == method


@pytest.mark.parametrize("text", ["", "PO ST", "POST,PUT", "*", "X" * 33])
def test_what_is_no_method(text):
    with pytest.raises(ValueError, match="expected a method"):
        parse_method(text)


@pytest.mark.parametrize(
    "path", ["/", "/api/avatars", "/api/avatars/", "/caf%C3%A9", "/café", "/.well-known/x", "/a;b", "/..."]
)
def test_what_a_route_can_be(path):
    assert parse_route_path(path) == path


@pytest.mark.parametrize(
    "path",
    [
        "",
        "api",
        "/a?b",
        "/a#b",
        "/a b",
        "/a//b",
        "/a/../b",
        "/a/..",
        "/./a",
        "/a\\b",
        "/%zz",
        "/a\n",
        "/api/*",
        "/" + "x" * 1024,
    ],
)
def test_what_a_route_cannot_be(path):
    with pytest.raises(ValueError, match="expected a path such as /api/avatars"):
        parse_route_path(path)


def test_labels_are_printable():
    assert parse_label("avatars of users") == "avatars of users"
    with pytest.raises(ValueError, match="printable"):
        parse_label("a\nb")


@pytest.mark.parametrize(
    ("value", "switched"),
    [
        (True, "on"),
        (False, "off"),
        ("OFF", "off"),
        (" On ", "on"),
        ("false", "off"),
        ("TRUE", "on"),
        ("x", "x"),
        (3, 3),
        (None, None),
    ],
)
def test_switches_survive_tools_that_write_yaml_1_1(value, switched):
    assert switch(value) == switched


@pytest.mark.parametrize(
    ("text", "media_range"), [("*/*", "*/*"), ("Image/*", "image/*"), (" image/svg+xml", "image/svg+xml")]
)
def test_media_ranges_are_written_in_small_letters(text, media_range):
    assert parse_media_range(text) == media_range


@pytest.mark.parametrize(
    "text",
    [
        "",
        "image",
        "image/",
        "/png",
        "*/png",
        "*",
        "image/png; q=1",
        "image/p*",
        "image/png/x",
        "im age/png",
        "text/plain, image/png",
    ],
)
def test_what_is_no_media_range(text):
    with pytest.raises(ValueError, match="expected a content type such as"):
        parse_media_range(text)


@pytest.mark.parametrize(
    ("one", "other", "both"),
    [
        ("*/*", "image/*", "image/*"),
        ("image/*", "image/png", "image/png"),
        ("image/png", "image/png", "image/png"),
        ("image/png", "image/jpeg", None),
        ("image/*", "text/*", None),
        ("*/*", "*/*", "*/*"),
    ],
)
def test_what_two_ranges_both_let_in(one, other, both):
    assert narrower(one, other) == both
    assert narrower(other, one) == both
