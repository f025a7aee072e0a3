"""What a part says that its file is."""

import pytest

from sidecar.inspection.claims import claims_of
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
