"""What is referred to is found, in whichever version of an object it stands."""

import pytest

from tests.inspection.checks.examining import judged_pdf
from tests.inspection.pdf_files import pdf, stream
from tests.pace import processor_time


def files_of(data):
    seen = []
    found = judged_pdf(data, inside=lambda name, text: seen.append((name, *text)) or ())
    return found, seen


SPEC = b"<< /Type /Filespec /F (a.txt) /EF << /F 5 0 R >> >>"


@pytest.mark.parametrize(
    ("data", "files"),
    [
        (pdf(SPEC, stream(b"a")) + b"5 0 obj " + stream(b"b") + b" endobj", [(b"a.txt", b"a"), (b"a.txt", b"b")]),
        (pdf(SPEC, stream(b"a")) + b"5 %c\n0 obj " + stream(b"b"), [(b"a.txt", b"a"), (b"attachment", b"b")]),
        (pdf(SPEC, stream(b"a")) + b"5 0 %c\n obj " + stream(b"b"), [(b"a.txt", b"a"), (b"attachment", b"b")]),
        (pdf(SPEC, stream(b"a")) + b"5%b 0 obj " % (b" " * 60) + stream(b"b"),
         [(b"a.txt", b"a"), (b"attachment", b"b")]),
        (pdf(SPEC, stream(b"5 0 obj" + stream(b"b"), b"/A 1")),
         [(b"a.txt", b"5 0 obj" + stream(b"b")), (b"attachment", b"b")]),
        (pdf(b"<< /F (a.txt) /EF 6 0 R >>", stream(b"a"), b"<< /F 5 0 R /A 1 >>"), [(b"a.txt", b"a")]),
        (pdf(b"<< /F (a.txt) /EF 6 0 R >>", stream(b"a"), b"7 0 R", b"<< /UF 5 0 R >>"), [(b"a.txt", b"a")]),
        (pdf(b"<< /UF 6 0 R /EF << /F 5 0 R >> >>", stream(b"a"), b"(a.bat)"), [(b"a.bat", b"a")]),
        (pdf(b"<< /UF (a.txt) /F (a.bat) /EF << /F 5 0 R >> >>", stream(b"a")), [(b"a.txt", b"a"), (b"a.bat", b"a")]),
        (pdf(SPEC, stream(b"a"), SPEC.replace(b"txt", b"bat")), [(b"a.txt", b"a"), (b"a.bat", b"a")]),
        (pdf(SPEC, stream(b"a", b"/N 1 /First 0")), [(b"a.txt", b"a")]),
    ],
)  # fmt: skip
def test_every_attachment_is_judged_under_every_name_that_readers_could_give_it(data, files):
    found, seen = files_of(data)
    assert sorted(seen) == sorted(files)
    assert found in ([], ["pdf_not_examined"])


@pytest.mark.parametrize(
    "data", [pdf(SPEC), pdf(SPEC, b"6 0 R", stream(b"a")), pdf(SPEC) + b"5 %\n0 obj" + stream(b"a")]
)
def test_an_attachment_that_is_not_found_is_not_examined(data):
    assert files_of(data)[0] == ["pdf_not_examined"]


def test_attachments_that_overlap_take_a_bounded_time():
    every = b"".join(b"%d 0 obj<</Type/EmbeddedFile/Filter[/A85/X]>>stream\n" % number for number in range(5000))
    specs = b"".join(b"%d 0 obj<</F(%d)/EF 9 0 R>>" % (number, number) for number in range(6000, 16000))
    refs = b"9 0 obj<<" + b"/F 1 0 R" * 10_000 + b">>"
    for data in (every + b"a" * 100_000 + b"endstream", specs + refs):
        with processor_time(below=3):
            assert files_of(b"%PDF-1.7\n" + data)[0] == ["pdf_not_examined"]


@pytest.mark.parametrize(
    "data",
    [
        pdf(b"<< /O 5 0 R /A 1 >>", b"<< /S /URI >>", catalog=b"/AA 4 0 R"),
        pdf(b"<< /O 5 0 R /S /GoTo >>", b"<< /S /URI >>", catalog=b"/AA 4 0 R"),
        pdf(b"<< /S /GoTo /Next 5 0 R >>", b"[ 6 0 R ]", b"<< /S /URI >>", catalog=b"/OpenAction 4 0 R"),
        pdf(b"5 0 R", b"<< /S /URI >>", catalog=b"/OpenAction 4 0 R"),
        pdf(catalog=b"/OpenAction 4 0 R") + b"4 %c\n0 obj << /S /URI >>",
        pdf(catalog=b"/OpenAction 4 0 R") + b"4 0 obj << /S 5 0 R >> 5 %c\n0 obj /URI",
        pdf(b"<< /S /GoToR /F 5 0 R >>", b"<< /F (//host/a.pdf) /A 1 >>"),
        pdf(b"<< /S /GoToR /F 5 0 R >>", b"<< /F 6 0 R /A 1 >>", b"(//host/a.pdf)"),
        pdf(b"<< /S 5 0 R /F (//host/a.pdf) >>", b"/GoToR"),
        pdf(b"<< /S /GoToR /F (\xef\xbb\xbf//host/a.pdf) >>"),
    ],
)
def test_an_address_is_found_whatever_leads_to_it(data):
    assert judged_pdf(data) == ["pdf_remote"]


def test_a_place_in_the_document_is_no_action():
    place = b"[ << /S /GoTo /D [4 0 R /Fit] /SD 4 0 R >> 4 0 R /Fit ]"
    assert judged_pdf(pdf(b"<< /S /URI >>", catalog=b"/OpenAction " + place)) == []


@pytest.mark.parametrize("stood", [b"<< /S /GoTo >>", b"<< /S /URI >>"])
def test_objects_with_one_number_are_all_looked_at(stood):
    other = {b"<< /S /GoTo >>": b"<< /S /URI >>", b"<< /S /URI >>": b"<< /S /GoTo >>"}[stood]
    assert judged_pdf(pdf(stood, catalog=b"/OpenAction 4 0 R") + b"4 0 obj\n" + other + b"\nendobj\n") == ["pdf_remote"]
    named = pdf(b"<< /S 5 0 R /JS (x) >>", b"/GoTo") + b"5 0 obj\n/JavaScript\nendobj\n5 0 obj\n/GoTo\nendobj\n"
    assert judged_pdf(named) == ["pdf_javascript"]
    assert judged_pdf(pdf(catalog=b"/AA 4 0 R") + b"4 0 obj 1 endobj\n" * 50) == []
    many = b"".join(b"4 0 obj %d endobj\n" % number for number in range(33))
    assert judged_pdf(pdf(catalog=b"/AA 4 0 R") + many) == ["pdf_not_examined"]
    assert judged_pdf(pdf(catalog=b"/AA 5 0 R") + many) == []
