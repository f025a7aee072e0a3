"""What a part says that its file is."""

import pytest

from sidecar.inspection.types.claims import claims_of
from tests.inspection.judging import part_of


def title(kind):
    return None if kind is None else kind.title


@pytest.mark.parametrize(
    ("name", "declared", "by_suffix", "by_declared"),
    [
        ("a.png", b"image/png", "PNG image", "PNG image"),
        ("a.PNG", None, "PNG image", None),
        ("a.tar.gz", b"application/x-tar", "gzip archive", None),
        ("a.csv.gz", b"text/csv", "gzip archive", None),
        ("a.csv", b"application/vnd.ms-excel; x=y", "comma-separated values", "Excel workbook before 2007"),
        ("a.png", b"application/octet-stream", "PNG image", None),
        ("a.png", b"image/*", "PNG image", None),
        ("noext", b"IMAGE/JPG", None, "JPEG image"),
        ("a.xyz", b"application/x-foo", None, None),
        (".png", None, "PNG image", None),
        ("a.", b"\xff\xfe", None, None),
    ],
)
def test_suffix_and_declared_type_name_kinds(name, declared, by_suffix, by_declared):
    claims = claims_of(part_of(name, declared))
    assert (title(claims.by_suffix), title(claims.by_declared)) == (by_suffix, by_declared)
    assert len(claims.kinds) == (by_suffix is not None) + (by_declared is not None)


def test_dots_and_spaces_at_the_end_do_not_count():
    assert claims_of(part_of("folder/a.png. .")).suffix == "png"


@pytest.mark.parametrize(
    ("name", "declared", "verbatim"),
    [("a.txt", b"text/plain", True), ("a.txt", None, True), ("a.md", b"text/plain", True), ("a", b"text/plain", False),
     ("a.foo", b"text/plain", False), ("a.txt", b"text/html", False), ("a.html", b"text/plain", False)],
)  # fmt: skip
def test_text_is_shown_as_it_is_only_where_the_suffix_says_so(name, declared, verbatim):
    assert claims_of(part_of(name, declared)).verbatim is verbatim


@pytest.mark.parametrize(
    ("name", "served"),
    [("a.html.en", "HTML page"), ("a.txt.HTML.foo.bar", "HTML page"), ("a.html.txt.foo", "plain text"), ("a.foo", None),
     ("a.html.txt", None), ("html.foo", None), ("a.html", None), ("a.svg.", None)],
)  # fmt: skip
def test_an_earlier_suffix_counts_where_the_last_says_nothing(name, served):
    assert title(claims_of(part_of(name)).served) == served
