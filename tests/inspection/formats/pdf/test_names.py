"""A name is what any reader takes it for: PDFium and poppler end names, and read escapes, in ways of their own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.pdf.names import Name, named
from sidecar.inspection.formats.pdf.syntax import Ref, read_object
from tests.inspection.checks.examining import judged_pdf
from tests.inspection.pdf_files import pdf

TELLS = named(b"JavaScript", b"JS", b"Top")


@pytest.mark.parametrize("action", [
    b"<</S\xff/JavaScript\xff/JS\xff(a)>>", b"<</S\x80/JavaScript\x80/JS\x80(a)>>",
    b"<</S/JavaScript#00/JS(a)>>", b"<</S/JavaScript#00zz/JS(a)>>", b"<</S/JavaScript#0z/JS(a)>>",
    b"<</S/JavaScript#0000/JS(a)>>", b"<</S/JavaScri#7tt/JS(a)>>", b"<</S/JavaScri#7Gt/JS(a)>>",
    b"<</S\xff5\x800\xffR/JS(a)>>",
])  # fmt: skip
def test_an_action_is_found_whichever_reader_reads_its_names(action):
    assert judged_pdf(pdf(action, b"/JavaScript")) == ["pdf_javascript"]


def test_an_object_is_found_behind_what_is_white_space_to_one_reader():
    catalog = b"/OpenAction 5 0 R"
    assert judged_pdf(pdf(catalog=catalog) + b"5\x800\xffobj\xff<</S/URI>>") == ["pdf_remote"]


# To poppler, half an escape takes in the byte behind it, whatever it is.
@pytest.mark.parametrize("action", [
    b"<</S/JavaScri#7 t/X(JS)>>", b"<</S/JavaScri#7/t/X 1>>", b"<</S/JavaScri#7[t/X 1>>",
    b"<</X#1(/S/JavaScript/JS<61>)>>", b"<</X#1%/S/JavaScript/JS<61>\n>>", b"<</X[/X#1]/AA 1>>",
])  # fmt: skip
def test_half_an_escape_that_takes_in_what_ends_the_name_is_not_examined(action):
    assert judged_pdf(pdf(action)) == ["pdf_not_examined"]


@pytest.mark.parametrize("entries", [
    b"/Name /PANTONE#20185#20C", b"/Name /Grau#1 /X [1]", b"/Name /#231", b"/BaseFont /\xcb\xce\x80\xe5,Bold",
    b"/Name /JS\xc3\xa9", b"/Name /JavaScript#20Tutorial", b"/Name /JS#30",
])  # fmt: skip
def test_honest_names_pass(entries):
    assert judged_pdf(pdf(b"<< /S /Span " + entries + b" >>", catalog=b"/OpenAction [3 0 R /Fit]")) == []


def test_numbers_end_where_names_do():
    assert read_object(b"[12\xff0\x80R/A]", 0, Budget(1000, "")).value == [Ref(12), Name(b"A")]


@given(
    st.lists(
        st.sampled_from(
            [
                b"J",
                b"S",
                b"Java",
                b"Scrip",
                b"t",
                b"To",
                b"p",
                b"#",
                b"#0",
                b"#00",
                b"#7",
                b"#53",
                b"#4a",
                b"\xff",
                b"\x80",
                b"\0",
                b" ",
                b"/",
                b"G",
                b"(",
            ]
        ),
        max_size=8,
    )
)
def test_what_is_read_as_a_name_is_found_before(parts):
    text = b"/" + b"".join(parts)
    stood = read_object(text, 0, Budget(10_000, ""))
    if isinstance(stood.value, Name) and stood.value in {b"JavaScript", b"JS", b"Top"}:
        assert TELLS.search(text)
