"""A page that is called .xls is a table: each cell a line, formulas in attributes among them."""

import pytest

from sidecar.inspection.formats.office.html_tables import cells_of_page, gives_names, is_page


@pytest.mark.parametrize(
    ("page", "lines"),
    [
        (b"<table><tr><td>=A1</td><td>b<b>c</b></td></table>", [b"=A1", b"bc"]),
        (b"<td>=HYPER\nLINK(1)</td>", [b"=HYPER LINK(1)"]),
        (b"<td fmla='=X(1)'>2", [b"=X(1)'>2"]),
        (b"<td>a<!-- <td> -->b</td><!-- never ends =C", [b"ab", b"=C"]),
        (b"<p>&#61;1 &lt;", [b"=1 <"]),
        (b"<p>&#%b;=1 &#%b61;1" % (b"1" * 5000, b"0" * 5000), [b"\xef\xbf\xbd=1 =1"]),
    ],
)
def test_each_cell_is_a_line(page, lines):
    told = b"".join(cells_of_page(page)).split(b"\n")
    assert all(any(line in each for each in told) for line in lines), told


@pytest.mark.parametrize(
    ("table", "page"), [(b"\xef\xbb\xbf <p>", True), (b"", False), (b"a,b\n=1", False), (b"=<td>", False)]
)
def test_a_page_begins_with_a_tag(table, page):
    assert is_page(table) is page


def test_a_page_of_excel_can_give_names():
    assert gives_names(b"<x:ExcelName><x:Name>a</x:Name>")
    assert not gives_names(b"<td>Excel</td>")
