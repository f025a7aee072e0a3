"""Pages that documents take in are read within bounds, whatever is written in them."""

import pytest

from tests.inspection.checks.examining import found
from tests.inspection.office_files import docx, relationship
from tests.pace import processor_time


def with_page(page: bytes) -> bytes:
    return docx(rels=relationship("aFChunk", "a.htm", external=False), word__a_dot_htm=page)


@pytest.mark.parametrize(
    "page",
    [
        b"<a style='" + b"u\\72l(a)" * 1_000_001 + b"'>",
        b"<style>" + b"url(//h/a)" * 1_000_001 + b"</style>",
        b"<img src='" + b"&#97;" * 1_000_001 + b"'>",
        b"<img src='a'>" * 200_000,
    ],
    ids=lambda page: repr(page[:16]),
)
def test_more_than_any_honest_page_has_is_told_as_not_examined(page):
    with processor_time(below=4):
        assert found("office", "application/zip", with_page(page), called="a.docx") == ["office_not_examined"]


def test_a_reference_of_many_digits_is_one_to_no_character():
    page = b"field-begin D&#" + b"0" * 5000 + b"68;E&#" + b"1" * 5000 + b"; field-end field-begin D&#0068;E field-end"
    assert found("office", "application/zip", with_page(page), called="a.docx") == ["office_dde"]
