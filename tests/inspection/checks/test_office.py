"""`office` sees what a document can do, however it is packed, and lets honest ones pass."""

import random

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.whole import Whole
from tests.corpus.files import office, office_namespaces, word_fields, workbooks
from tests.inspection.judging import codes, make, part_of
from tests.inspection.office_files import (
    active_mime,
    docx,
    field,
    in_one_file,
    odt,
    relationship,
    web_archive,
    word_2003,
    xlsx,
    zipped,
)
from tests.inspection.ole_files import ole
from tests.pace import processor_time

CASES = (*office.CASES, *office_namespaces.CASES, *word_fields.CASES, *workbooks.CASES)
SETTINGS = ("macros", "activex", "dde", "remote", "doctype", "programs", "embedded", "unread")


def judged(data, settings=None, inside=None):
    whole = Whole(data) if inside is None else Whole(data, inside)
    return codes(make("office", settings).examine(File(part_of("a.docx"), data[:4096]), whole))


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES])
def test_the_corpus_is_judged_by_the_check_alone(case):
    assert bool(judged(case.data())) == bool(case.reasons)
    assert set(judged(case.data())) >= case.reasons


@pytest.mark.parametrize("case", [pytest.param(case, id=case.name) for case in CASES if case.reasons])
def test_each_feature_can_be_allowed(case):
    assert judged(case.data(), dict.fromkeys(SETTINGS, "pass")) == []


def test_documents_within_are_judged_as_files_of_their_own():
    seen = []
    data = docx(word__embeddings__a_dot_xlsx=xlsx())
    judged(data, inside=lambda path, chunks: seen.append((path, b"".join(chunks))) or ())
    assert seen == [(b"word/embeddings/a.xlsx", xlsx())]
    assert judged(data, {"embedded": "refuse"}) == ["office_object"]


def test_an_object_is_judged_without_the_suffix_that_office_gives_to_all_of_them():
    seen = []
    data = docx(word__embeddings__oleObject1_dot_bin=ole(), word__embeddings__a_dot_exe_dot_bin=ole({"a": b"x"}))
    judged(data, inside=lambda path, chunks: seen.append((path, b"".join(chunks))) or ())
    assert seen == [(b"word/embeddings/oleobject1", ole()), (b"word/embeddings/a.exe", ole({"a": b"x"}))]


def test_a_zip_that_is_no_document_is_not_judged():
    assert judged(zipped({"word/vbaProject.bin": b"x", "a.xml": "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>"})) == []


def test_what_could_be_a_document_is_wanted():
    check = make("office")
    assert check.wants(File(part_of("a.zip"), docx()[:4096]))
    assert not check.wants(File(part_of("a.docx"), b"\x89PNG"))


def test_a_part_that_unpacks_to_far_too_much_is_not_examined():
    with processor_time(below=8):
        assert judged(docx(word__settings_dot_xml=b"<a>" + bytes(140_000_000))) == ["office_not_examined"]


def test_an_ordinary_document_takes_milliseconds():
    data = next(case.data() for case in CASES if case.name == "report.docx")
    with processor_time(below=0.5):
        for _ in range(10):
            judged(data)


@pytest.mark.parametrize("data", [
    docx("<w:r>" * 100_000), docx(field("D") * 20_000), xlsx("<c><f>a|" * 100_000), xlsx("<f>" * 200_000),
    docx(rels=relationship("frame", "\\" * 500_000)), docx(field("D" * 5_000_000)),
        xlsx("<f " * 1_000_000), xlsx("<c><f>" + "a" * 5_000_000 + "|"),
    xlsx("<c><f>" + "DDE" * 1_000_000 + " " * 1_000_000 + "</f>"),
    docx(field("</w:instrText><z:a><w:t>D</w:t></z:a><w:instrText>" * 150_000)), docx("<z:a>" * 300_000 + field("D")),
    docx(field(*(f"</w:instrText><{each}><w:t>D</w:t></{each}><w:instrText>" for each in ("a", "w:del") * 70_000))),
    docx('<w:r><w:fldChar w:fldCharType="begin"/><w:t>QUOTE 68 </w:t></w:r>' * 100_000),
    docx("".join(f'<z:a xmlns:z="urn:{each}"><w:t>{each}</w:t></z:a>' for each in range(100_000)) + field("D")),
    docx(rels="<Relationship " + " ".join(f"p{n}:Type='a' p{n}:Target='b'" for n in range(50_000)) + "/>"),
    xlsx("<c><f>&#68;DE" + "WEBSERVICE " * 500_000 + "</f>"), xlsx("<c><f>DDE(" + '"a' * 1_000_000 + "</f>"),
], ids=lambda data: str(len(data)))  # fmt: skip
def test_hostile_documents_take_a_bounded_time(data):
    with processor_time(below=8):
        judged(data)


@pytest.mark.parametrize("data", [docx(field("DDE a")), xlsx(), odt("<text:a/>"), docx(word__vbaProject_dot_bin=b"x")])
def test_cut_and_damaged_documents_never_raise(data):
    dice = random.Random(1)
    for at in range(0, len(data), max(1, len(data) // 50)):
        judged(data[:at])
    for _ in range(100):
        judged(data[: (at := dice.randrange(len(data)))] + dice.randbytes(3) + data[at + 3 :])


@pytest.mark.parametrize("part", ["word__a_dot_xml", "styles_dot_xml"])
def test_elements_without_end_are_not_examined(part):

    make_document = docx if part.startswith("word") else odt
    with processor_time(below=8):
        assert judged(make_document(**{part: b"<a>&#32;" + b"<a/>" * 4_000_000 + b"</a>"})) == ["office_not_examined"]


def test_a_sheet_of_many_cells_is_read_to_its_end():
    cells = "".join(f'<c r="A{number}" t="inlineStr"><is><t>a&#10;{number}</t></is></c>' for number in range(50_000))
    assert judged(xlsx(cells)) == []
    assert judged(xlsx(cells + "<c><f>cmd|'/c calc'!A0</f></c>")) == ["office_dde"]


MACROS = ole({"_VBA_PROJECT": b"x"}, {"VBA": ""})


@pytest.mark.parametrize(
    "data",
    [
        web_archive(active_mime(MACROS)),
        b"%PDF-1.7 " + web_archive(active_mime(MACROS)),
        web_archive(active_mime(MACROS)).replace(b"QWN0", b"Q W\nN0"),
        word_2003(active_mime(MACROS)),
        word_2003(active_mime(MACROS)).replace(b"QWN0", b"&#81;WN0"),
        in_one_file("/word/a.bin", "x", MACROS),
    ],
)
def test_files_within_documents_that_are_text_are_judged_as_files_of_their_own(data):
    seen = []
    assert make("office").wants(File(part_of("a.doc"), data[:4096]))
    assert judged(data, inside=lambda path, chunks: seen.append((path, b"".join(chunks))) or ()) == []
    assert seen == [(b"binary", MACROS)]


def test_a_letter_that_talks_of_office_is_no_document_of_it():
    letter = b"See http://schemas.microsoft.com/office/word/2003/wordml and ActiveMime."
    assert not make("office").wants(File(part_of("a.txt"), letter))
    assert not make("office").wants(File(part_of("a.csv"), "\ufeffa;b\r\n".encode("utf-16-le")))


@pytest.mark.parametrize("data", [
    b"<!DOCTYPE html><p>a&#160;b urn:schemas-microsoft-com:office:spreadsheet</p>", b"<html><p>&#160;<br>",
    b"<a", b"<&#",
    b"<!-- " + b"x" * 9000 + b"--><svg xmlns='http://www.w3.org/2000/svg'/>", b"<a>" + b"&#32;" * 20_000_000,
    b"<!--" * 2000, b"<?" * 3000, b"<a b='" * 2000, "<a>\u2028</a>".encode("utf-16"), b"\0<" * 3000,
], ids=lambda data: repr(data[:20]))  # fmt: skip
def test_text_that_is_no_document_is_looked_at_as_far_as_tells_that(data):
    with processor_time(below=0.5):
        assert make("office").wants(File(part_of("a.xml"), data[:4096]))
        assert judged(data) == []


def test_markup_that_tells_in_its_head_what_it_is_is_not_wanted():
    for data in (b"<?xml version='1.0'?><svg a='>'>" + b"x" * 9000, b"<!DOCTYPE html><html>", b"{}", b"a <b>&#1;"):
        assert not make("office").wants(File(part_of("a.svg"), data[:4096]))


def test_files_within_a_web_archive_take_a_bounded_time():
    data = web_archive(active_mime(MACROS + bytes(60_000_000)) + b"\0" * 3) * 9
    with processor_time(below=8):
        assert judged(data, inside=lambda *_: ()) == ["office_not_examined"]
