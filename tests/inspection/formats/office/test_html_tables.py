"""A page that is called .xls is a table: each cell a line, formulas in attributes among them."""

import pytest

from sidecar.inspection.formats.office.html_tables import cells_of_page


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        (b"<table><tr><td>=A1</td><td>b<b>c</b></td></table>", ["=A1", "bc"]),
        ("<td>=HYPER\nLINK(1)</td>".encode("utf-16"), ["=HYPER LINK(1)"]),
        (b"<td fmla='=X(1)'>2", ["=X(1)'>2"]),
        (b"<td>a<!-- <td> -->b</td><!-- never ends =C", ["ab", "=C"]),
        (b"\xef\xbb\xbf <p>&#61;1 &lt;", ["=1 <"]),
    ],
)
def test_cells(page, lines):
    told = cells_of_page(page).decode()
    first, *rest = told.split("\n")
    assert first == "sep=\1"
    assert all(any(line in each for each in rest) for line in lines), told


@pytest.mark.parametrize("table", [b"", b"a,b\n=1", b"=<td>", b"ID;P"])
def test_other_tables_are_no_pages(table):
    assert cells_of_page(table) is None
