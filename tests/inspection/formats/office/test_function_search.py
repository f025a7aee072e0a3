"""Names of functions are found in every encoding in which a table could be read, and only before a bracket."""

import pytest

from sidecar.inspection.formats.office.function_names import NAMES
from sidecar.inspection.formats.office.function_search import UTF_8, encodings_with_names

_PADDING = b"1;2;3\n" * 200_000


@pytest.mark.parametrize("name", NAMES)
def test_each_name_is_found_in_large_and_small_letters_wherever_it_stands(name):
    for written in (name, name.lower()):
        if written.upper() == name:
            assert UTF_8 in encodings_with_names(_PADDING + f"={written} (".encode() + _PADDING)


@pytest.mark.parametrize(("name", "page"), [("HYPERLÄNK", "cp1252"), ("HIPERŁĄCZE", "cp1250"), ("KÖPRÜ", "cp1254")])
def test_names_that_are_other_bytes_in_a_code_page_are_found_there(name, page):
    found = encodings_with_names(f"={name.lower()}(".encode(page))
    assert page in found
    assert UTF_8 not in found


def test_a_name_without_a_bracket_is_none():
    assert encodings_with_names(b"WEBSERVICE and HYPERLINK; IMPORTXML\n") == ()
