"""The table of kinds: what is called what, and what is a kind of what."""

import pytest

from sidecar.inspection.types.kind_table import ROWS
from sidecar.inspection.types.kinds import KINDS, Risk, bare, canonical, kind_of_suffix, kind_of_type, says_nothing
from sidecar.policy.values.suffixes import DEFAULT_DENY_SUFFIXES

FLAGS = {"text", "verbatim", "readable", "wraps", "active", "program"}


@pytest.mark.parametrize(
    ("name", "registered"),
    [
        ("image/jpg", "image/jpeg"),
        ("IMAGE/JPEG; q=1", "image/jpeg"),
        ("application/x-zip-compressed", "application/zip"),
        ("application/x-rar-compressed", "application/vnd.rar"),
        ("application/xml", "text/xml"),
        ("audio/x-m4a", "audio/mp4"),
        ("image/heif", "image/heif"),
        ("application/x-ndjson", "application/x-ndjson"),
        ("application/x-unheard-of", "application/x-unheard-of"),
        ("", ""),
    ],
)
def test_all_names_of_a_type_become_one(name, registered):
    assert canonical(name) == registered


def test_a_type_is_bared_of_case_and_parameters():
    assert bare(" Text/HTML ; charset=utf-8") == "text/html"


@pytest.mark.parametrize(
    ("suffix", "content_type"),
    [("png", "image/png"), ("JPEG", "image/jpeg"), ("odt", "application/vnd.oasis.opendocument.text"),
     ("csv", "text/csv"), ("svg", "image/svg+xml"), ("tgz", "application/gzip"), ("php", "text/x-php")],
)  # fmt: skip
def test_suffixes_name_kinds(suffix, content_type):
    assert kind_of_suffix(suffix) is kind_of_type(content_type) is not None


def test_what_the_table_does_not_have_is_none():
    assert kind_of_suffix("xyz") is kind_of_suffix("") is kind_of_type("a/b") is kind_of_type("") is None


@pytest.mark.parametrize(
    "declared", ["", "application/octet-stream", "APPLICATION/OCTET-STREAM; x=y", "*/*", "image/*"]
)
def test_some_declared_types_say_nothing(declared):
    assert says_nothing(declared)


@pytest.mark.parametrize("declared", ["image/png", "text/plain", "application/x-foo"])
def test_others_say_something(declared):
    assert not says_nothing(declared)


@pytest.mark.parametrize(("suffix", "within"), [("docx", "application/zip"), ("odt", "application/zip"),
    ("svg", "text/xml"), ("jar", "application/zip"),
    ("doc", "application/x-ole-storage"), ("epub", "application/zip")])  # fmt: skip
def test_the_table_knows_what_is_a_kind_of_what(suffix, within):
    assert within in kind_of_suffix(suffix).within


@pytest.mark.parametrize("suffix", ["html", "svg", "php", "jsp", "sh", "py"])
def test_what_browsers_and_servers_run_is_active(suffix):
    assert kind_of_suffix(suffix).risk is Risk.ACTIVE


@pytest.mark.parametrize("suffix", ["exe", "so", "class", "jar", "apk", "lnk", "msi", "swf"])
def test_what_machines_run_is_a_program(suffix):
    assert kind_of_suffix(suffix).risk is Risk.PROGRAM


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.risk is Risk.PROGRAM], ids=lambda kind: kind.title)
def test_whatever_machines_run_is_denied_by_its_suffix(kind):
    assert kind.suffixes <= set(DEFAULT_DENY_SUFFIXES)


# The table itself


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.title)
def test_a_row_is_well_formed(row):
    words = [row.types, row.suffixes, row.within, row.holds]
    assert all(text == text.lower() for text in words)
    assert set(row.flags.split()) <= FLAGS
    assert all(name.count("/") == 1 for name in f"{row.types} {row.within} {row.holds}".replace("|", "").split())
    assert "verbatim" not in row.flags.split() or "text" in row.flags.split()
    assert not row.types.startswith("|")


def test_no_type_and_no_suffix_stands_twice():
    types = [name for row in ROWS for name in row.types.replace("|", "").split()]
    suffixes = [suffix for row in ROWS for suffix in row.suffixes.split()]
    assert len(types) == len(set(types))
    assert len(suffixes) == len(set(suffixes))


def test_titles_are_unique():
    assert len({kind.title for kind in KINDS}) == len(KINDS)


def test_every_type_of_a_kind_leads_back_to_it():
    for kind in KINDS:
        assert kind.type in kind.types
        assert {kind_of_type(name) for name in kind.types} == {kind}
        assert {kind_of_suffix(suffix) for suffix in kind.suffixes} <= {kind}
