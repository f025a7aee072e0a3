"""Text that is made to be dear ends in a finding, after a bounded number of steps."""

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.formats import delegates
from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.formats.markup.active import Survey
from sidecar.inspection.formats.markup.elements import Reader
from sidecar.inspection.formats.markup.features import Feature, Form
from sidecar.inspection.formats.office.formulas import Deed, deeds
from sidecar.inspection.whole import Whole
from tests.inspection.judging import codes, make, part_of
from tests.pace import processor_time


def survey(text):
    found = Survey()
    found.read(text, Form.SVG, Reader())
    return found.found


@pytest.mark.parametrize(
    "inside",
    [
        b'<animate values="%b"/>' % (b"a:;" * 400_000),
        b'<i srcset="%b"/>' % (b"a," * 400_000),
        b"<style>%b</style>" % (rb"\61" * 300_000),
        b"<style>%b</style>" % (b"&#97;" * 300_000),
        b"<style>%b</style>" % (b"/**/" * 300_000),
        b"<style>%b</style>" % (b"url(#a)" * 300_000),
        b"<style>%b</style>" % (b"@import " * 300_000),
        b'<a style="(/**/url(#a)"/>' * 150_000,
        b'<a href="&#97;&#97;&#97;"/>' * 150_000,
        b'<image href="data:image/svg+xml,%b"/>' % (b"%61" * 500_000),
        b"<a/>" * 3_500_000,
        b"<a b/>" * 400_000,
        b"</a>" * 3_500_000,
        b"<??>" * 700_000,
    ],
    ids=[
        "values",
        "sets",
        "escapes",
        "references",
        "comments",
        "addresses",
        "imports",
        "styles",
        "hrefs",
        "drawings within",
        "elements",
        "elements that are looked at",
        "ends",
        "instructions",
    ],
)
def test_markup_that_would_take_long_is_told_as_unread(inside):
    assert Feature.UNREAD in survey(b"<svg>" + inside + b"</svg>")


@pytest.mark.parametrize(
    "declarations", [b'<!ENTITY a "x">' * 110_000, b"%a;" * 110_000, b"<!ATTLIST a %b>" % (b'b CDATA "" ' * 110_000)]
)
def test_a_document_type_without_end_is_told_as_unread(declarations):
    assert Feature.UNREAD in survey(b"<!DOCTYPE a [" + declarations + b"]><svg/>")


def test_links_of_many_attributes_are_not_asked_for_their_relation_at_each():
    with processor_time(below=2):
        assert survey(b"<svg><link" + b" href=a" * 100_000 + b"/></svg>") == {}


@pytest.mark.parametrize(
    "inside",
    [
        b'<a href="?a&amp;b">b</a>' * 100_000,
        b'<path d="M0 0h9" style="fill:red"/>' * 400_000,
        b"<style>%b</style>" % (b"e{}" * 1_000_000),
    ],
)
def test_much_honest_markup_is_read_to_its_end(inside):
    assert set(survey(b"<svg>" + inside + b"<script/></svg>")) == {Feature.SCRIPT}


@pytest.mark.parametrize("unit", [b"null ", b"(/etc/", b"deletefil null "])
def test_postscript_of_nothing_but_beginnings_is_given_up(unit):
    with pytest.raises(TooMuchError):
        delegates.in_postscript(b"%!PS\n" + unit * 200_000)


@pytest.mark.parametrize("unit", [b" text:", b"https:", b";|"])
def test_a_drawing_of_nothing_but_beginnings_is_given_up(unit):
    with pytest.raises(TooMuchError):
        delegates.in_drawing(b"<svg>" + unit * 1_100_000)


@pytest.mark.parametrize(
    "text",
    [b"(/etc/passwd) (r) file", b"x .forceput y", b"null restore", b"(%pipe%id)", b"/SAFER false", b".loaddevice "],
)
def test_what_the_pattern_finds_the_search_finds(text):
    long = b"%!PS\n" + b"0 0 moveto\n" * 100 + text + b"\n" * 9
    assert delegates.in_postscript(long) == delegates.IN_POSTSCRIPT.search(long).group()


@pytest.mark.parametrize(
    "text",
    [
        b'<image href="MSL:/x"',
        b"fill='         text:/etc'",
        b"url(ephemeral:/x)",
        b"&quot; | ls",
        b"&#x22;|/x",
        b"`|id",
        b"<g clip-path         =         '         ephemeral:/x'",
        b'src = "label:@x',
    ],
)
def test_what_the_pattern_finds_in_a_drawing_the_search_finds(text):
    spread = text.replace(b" | ", b"|").replace(b"|", b"%b|%b" % (b" " * 9, b" " * 9))
    assert delegates.in_drawing(b"<svg>" + spread) == delegates.IN_ADDRESS.search(spread).group()
    long = b"<svg>" + b"<a href='https://a/'/>" * 100 + text + b"/>" * 9
    assert delegates.in_drawing(long) == delegates.IN_ADDRESS.search(long).group()


@pytest.mark.parametrize("label", [b"<text>a | b</text>", b"<text>a text: b</text>", b"<!-- https://a/ -->"])
def test_labels_of_an_honest_drawing_are_not_looked_at_closely(monkeypatch, label):
    monkeypatch.setattr(delegates, "_CLOSELY", 1000)
    assert delegates.in_drawing(b"<svg>" + label * 100_000) == b""


def test_a_table_without_brackets_and_bars_is_not_read_cell_by_cell(monkeypatch):
    monkeypatch.setattr("sidecar.inspection.formats.office.formulas.cells", None)
    assert list(deeds(b"=1,2,3\n" * 1000)) == []


@pytest.mark.parametrize("unit", [b"=|", b"=(,", b"=a|b,", b"=xEXEC(,", b'"(" ,=(,'], ids=lambda unit: unit.decode())
def test_a_table_of_nothing_but_beginnings_is_given_up(monkeypatch, unit):
    monkeypatch.setattr("sidecar.inspection.formats.office.formulas.MOST_CELLS", 1000)
    with pytest.raises(TooMuchError):
        list(deeds(unit * 20_000 + b"\n|HYPERLINK("))


def test_a_table_that_is_given_up_is_not_examined(monkeypatch):
    monkeypatch.setattr("sidecar.inspection.formats.office.formulas.MOST_CELLS", 1000)
    check, data = make("spreadsheet_formulas"), b"=|\n" * 2000
    assert codes(check.examine(File(part_of("a.csv"), data[:4096]), Whole(data))) == ["formulas_not_examined"]


@pytest.mark.parametrize(
    "cell", [b"=A1+B1", b"-1.5", b"=SUM(A1:B1)", b"a (b)", b'"=SUM(A1,B1)"'], ids=lambda cell: cell.decode()
)
def test_all_of_a_long_honest_table_is_judged(cell):
    honest = b"\n".join([cell] * 200_000)
    assert list(deeds(honest + b"\nHYPERLINK(\na|b")) == []
    assert [deed for deed, _ in deeds(honest + b"\n=HYPERLINK(A1)\na|b")] == [Deed.LINK]


def test_cells_that_do_nothing_are_passed_without_a_step_each(monkeypatch):
    monkeypatch.setattr("sidecar.inspection.formats.office.formulas.MOST_CELLS", 100)
    table = b'-1,=A1+B1,"a, (b)",call (me),"=1"\n' * 10_000
    assert [deed for deed, _ in deeds(table + b"=HYPERLINK(A1)")] == [Deed.LINK]
