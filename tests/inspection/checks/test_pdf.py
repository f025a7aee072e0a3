"""`pdf` sees what a document can do, however it is written, and lets honest ones pass."""

import io
import random
import re
import zlib

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from reportlab.pdfgen import canvas

from sidecar.inspection.file import File
from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.pdf.actions import TELLING
from sidecar.inspection.formats.pdf.features import survey
from sidecar.inspection.formats.pdf.syntax import read_object
from sidecar.inspection.types.content import HEAD_SIZE
from sidecar.inspection.whole import Whole
from tests.inspection.checks.examining import judged_pdf
from tests.inspection.judging import make, part_of
from tests.inspection.pdf_files import JS, attached, object_stream, pdf, stream
from tests.pace import processor_time


@pytest.mark.parametrize(
    ("data", "code", "setting"),
    [
        (pdf(catalog=b"/OpenAction " + JS), "pdf_javascript", "javascript"),
        (pdf(JS), "pdf_javascript", "javascript"),
        (pdf(b"<< /S /Java#53cript /JS 5 0 R >>"), "pdf_javascript", "javascript"),
        (pdf(b"<< /S 5 0 R /JS (x) >>", b"/JavaScript"), "pdf_javascript", "javascript"),
        (pdf(b"<</S%c\n/JavaScript/JS<6170>>>"), "pdf_javascript", "javascript"),
        (pdf(b"<< /X (endobj) /S /JavaScript >>"), "pdf_javascript", "javascript"),
        (pdf(b"<< /X (\\)\\() /S /JavaScript >>"), "pdf_javascript", "javascript"),
        (pdf(b"[[<< /S /GoTo /S /JavaScript >>]]"), "pdf_javascript", "javascript"),
        (pdf(object_stream(JS)), "pdf_javascript", "javascript"),
        (pdf(object_stream(b"<< /A 1 >>", JS, entries=b"")), "pdf_javascript", "javascript"),
        (pdf(stream(b"9 0 obj " + JS + b" endobj")), "pdf_javascript", "javascript"),
        (pdf() + b"4 0 obj\n" + JS + b"\nendobj\n%%EOF", "pdf_javascript", "javascript"),
        (pdf(JS).partition(b" >>\nendobj\ntrailer")[0], "pdf_javascript", "javascript"),
        (pdf(b"<< /S /Launch /F (cmd.exe) >>"), "pdf_launch", "launch"),
        (pdf(b"<< /S /SubmitForm /F (http://a.example/) >>"), "pdf_form_action", "form_actions"),
        (pdf(b"<< /S /ImportData /F (a.fdf) >>"), "pdf_form_action", "form_actions"),
        (pdf(b"<< /S /GoToE /F (\\\\\\\\10.0.0.1\\\\share) /D [0 /Fit] >>"), "pdf_remote", "remote"),
        (pdf(b"<< /S /GoToR /F 5 0 R >>", b"<< /Type /Filespec /F (//host/a.pdf) >>"), "pdf_remote", "remote"),
        (pdf(catalog=b"/OpenAction << /S /URI /URI (http://a.example) >>"), "pdf_remote", "remote"),
        (pdf(b"<< /S /URI /URI (x) >>", catalog=b"/AA << /WC 4 0 R >>"), "pdf_remote", "remote"),
        (pdf(b"<< /S /GoTo /Next 5 0 R >>", b"<< /S /URI >>", catalog=b"/OpenAction 4 0 R"), "pdf_remote", "remote"),
        (pdf(b"<< /Subtype /RichMedia >>"), "pdf_rich_media", "rich_media"),
        (pdf(catalog=b"/AcroForm << /XFA [(a) 4 0 R] >>"), "pdf_xfa", "xfa"),
        (pdf(b"<< /X } /S /Launch >>"), "pdf_launch", "launch"),
        (pdf(b"<< /X <ab <<( > /S /Launch >>"), "pdf_launch", "launch"),
        (pdf(b"<< /S 5 0 R >>", b"/Launch").replace(b"5 0 obj", b"5.0 0 obj"), "pdf_launch", "launch"),
        (pdf(b"<< /S 6 0R >>", b"/Launch", b"+0000000000005 0 R"), "pdf_launch", "launch"),
        (pdf(b"<< /S 5 0. R >>", b"/Launch"), "pdf_not_examined", "unread"),
        (pdf(b"<< /S 4294967301 0 R >>", b"/Launch"), "pdf_not_examined", "unread"),
        (pdf(b"<< /S 5 ) 0 R >>", b"/Launch"), "pdf_not_examined", "unread"),
        (pdf(b"<< /S 6 0 R >>", b"/Launch", b"5+0R"), "pdf_not_examined", "unread"),
        (pdf(object_stream(JS, entries=b"/Filter /LZWDecode")), "pdf_not_examined", "unread"),
        (pdf(stream(b"\x78\x9cbroken", b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")), "pdf_not_examined",
         "unread"),
    ],
)  # fmt: skip
def test_what_it_can_do_is_refused_and_can_be_allowed(data, code, setting):
    assert judged_pdf(data) == [code]
    assert judged_pdf(data, {setting: "pass"}) == []


def by_reportlab():
    out = io.BytesIO()
    page = canvas.Canvas(out)
    page.drawString(10, 10, "/S /JavaScript (in a text)")
    page.linkURL("https://example.com", (0, 0, 9, 9))
    page.bookmarkPage("a")
    page.addOutlineEntry("a", "a")
    page.acroForm.textfield(name="b")
    page.save()
    return out.getvalue()


@pytest.mark.parametrize(
    "data",
    [
        pdf(),
        by_reportlab(),
        pdf(catalog=b"/OpenAction [3 0 R /Fit]"),
        pdf(catalog=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>"),
        pdf(b"<< /Subtype /Link /A << /S /URI /URI (https://example.com) >> >>"),
        pdf(b"<< /Title (How /S /JavaScript and /Launch work) >>"),
        pdf(b"<< /Font << /JS 5 0 R /AA 6 0 R >> >>"),
        pdf(b"<< /S /GoToR /F (chapter2.pdf) /D [0 /Fit] >>"),
        pdf(stream(b"<< /S /JavaScript >> in a stream that is no object")),
        pdf(object_stream(b"<< /Type /Font >>")),
        pdf(trailer=b"/Encrypt null"),
        pdf(b"<< /Title (How to /Encrypt) /Encrypt true >>"),
        b"%PDF-1.4",
    ],
)
def test_honest_document_passes(data):
    assert judged_pdf(data) == []


@pytest.mark.parametrize(
    ("objects", "found"),
    [
        ([], []),
        ([b"<< /Type /Font >>"], []),
        ([stream(b"?" * 40, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")], ["encrypted"]),
        ([stream(bytes(9), b"/Type /EmbeddedFile")], ["encrypted"]),
    ],
)
def test_an_encrypted_document_is_judged_by_what_can_be_read_of_it(objects, found):
    data = pdf(b"<< /Filter /Standard /V 2 >>", *objects, trailer=b"/Encrypt 4 0 R")
    told = make("pdf").examine(File(part_of("a.pdf"), data[:HEAD_SIZE]), Whole(data))
    assert [finding.actual for finding in told] == found
    assert judged_pdf(data, {"encrypted": "pass"}) == []
    assert judged_pdf(data, {"encrypted": "refuse"}) == ["pdf_not_examined"]


def test_what_an_encrypted_document_shows_is_judged():
    assert judged_pdf(pdf(JS, trailer=b"/Encrypt 9 0 R")) == ["pdf_javascript"]


def test_an_attachment_is_judged_as_a_file_of_its_own():
    seen = []
    assert (
        judged_pdf(attached(b"invoice.xml", b"<a/>"), inside=lambda name, data: seen.append((name, *data)) or ()) == []
    )
    assert seen == [(b"invoice.xml", b"<a/>")]
    assert judged_pdf(attached(b"a.xml", b"<a/>"), {"attachments": "refuse"}) == ["pdf_attachment"]
    assert judged_pdf(attached(b"a.xml", b"<a/>"), {"attachments": "pass"}, inside=None) == []


@pytest.mark.parametrize("start", [0, 1000, 1025, 4096])
def test_what_begins_where_a_reader_looks_for_it_is_wanted(start):
    check = make("pdf")
    assert check.wants(File(part_of("a.jpg"), (bytes(start) + pdf())[:HEAD_SIZE]))
    assert not check.wants(File(part_of("a.jpg"), (bytes(4097) + pdf())[:HEAD_SIZE]))
    assert not check.wants(File(part_of("a.pdf"), b"\x89PNG"))


@pytest.mark.parametrize(
    "data",
    [
        b"1 0 obj%" * 100_000, b"1 0 obj<<" * 100_000, b"1 0 obj(" * 100_000, b"1 0 obj[" * 100_000, b"obj" * 500_000,
        b"1 0 obj " + b" " * 1_000_000, b"trailer" * 200_000, b"1 0 obj<</Length 9>>stream " * 20_000,
        pdf(object_stream(b" " * 80_000_000)), b"4 0 obj/a 4 0 obj<</S 4 0 R/AA 4 0 R>>" * 20_000,
        b"1 0 obj<</First 1/N 1/F[/RL/X]>>stream\n" * 500 + b"\0a" * 40_000 + b"\nendstream\n",
        b"1 0 obj<</First 1/N 1/Filter[/RL/X]>>stream\n" * 500 + b"\0a" * 40_000 + b"\nendstream\n",
        b"1 0 obj<</First 1/N 1/Filter[/A85/X]>>stream\n" * 500 + b"a" * 40_000 + b"\nendstream\n",
        b"1 0 obj<</First 1/N 1/Filter/Fl>>stream\n" * 9 + zlib.compress(bytes(70_000_000)) + b"\nendstream\n",
        b"obj<" * 200_000, b"obj" + b"0" * 1_000_000 + b"x", b"1 0 obj" + b" 1 0R" * 200_000,
        b"1 0 obj<<" + b"} " * 500_000, b"1 0 obj<<" + b"/S/GoToR/F(a)" * 20_000,
        (b"obj " * 250 + b"endobj ") * 2000, (b"obj " * 250 + b"endobj %x ") * 2000,
        b"1 0 obj<<" + b"/EF 4 0 R/F(a)" * 20_000, b"1 0 obj<<" + b"/S 4 0 R/F(a)" * 20_000,
        b"1 0 obj<<" + b"/S 1. 0 R" * 100_000, b"%1 0 obj<<>>" * 20_000 + b"\n%" * 20_000,
        b"9 0 obj<<%b/UF 1>>" % (b"/F(a)" * 10_000) + b"4 0 obj<</S/GoToR/F 9 0 R>>" * 10_000,
    ], ids=lambda data: repr(data[:9]),
)  # fmt: skip
def test_hostile_documents_take_a_bounded_time(data):
    for each in (data, data + b" /JS "):  # a name for which every object is read
        with processor_time(below=8):
            assert set(judged_pdf(each)) <= {"pdf_not_examined"}


@pytest.mark.parametrize("data", [b"3obj\n" * 2000, b"obj[ " * 98 + b"1 a " * 20_000], ids=["numbers", "lists"])
def test_small_documents_whose_objects_never_end_do_not_take_long(data):
    with processor_time(below=3):
        assert judged_pdf(b"%PDF-1.7\n/AA " + data) == ["pdf_not_examined"]


@pytest.mark.parametrize("each", [b"1 0 obj<</S/GoTo/JS(a)>>endobj ", b"1 0 obj\n<</A/B>>\nendobj\n" * 30])
def test_objects_that_stand_there_again_cost_a_small_part(each):
    data = b"%PDF-1.7\n" + each * (6_000_000 // len(each)) + b"/OpenAction"
    with processor_time(below=1.5):
        assert set(judged_pdf(data)) <= {"pdf_javascript"}


def test_an_object_that_stands_there_again_is_read_by_what_stands_round_it():
    same = b"<</S/URI>>"
    data = pdf(*[same] * 5, catalog=b"/OpenAction 4 0 R") + (b" " * 50 + b"obj" + same + b"endobj") * 3
    assert judged_pdf(data) == ["pdf_remote"]
    assert judged_pdf(pdf(*[same] * 3, catalog=b"/OpenAction 6 0 R")) == ["pdf_remote"]
    hidden = (b" " * 40 + b"4 0 obj<</A 1>>%endobj\n") * 2 + object_stream(JS)[20:]
    twice = b"4 0 obj <</A(endobj)>> " * 3 + b"4 0 obj <</A(endobj) /S/Launch>>"
    assert judged_pdf(b"%PDF-1.7\n" + hidden + twice) == ["pdf_launch"]


@pytest.mark.parametrize("data", [pdf(JS), pdf(object_stream(JS)), attached(b"a", b"b"), by_reportlab()])
def test_cut_and_damaged_documents_never_raise(data):
    dice = random.Random(1)
    for at in range(0, len(data), max(1, len(data) // 50)):
        judged_pdf(data[:at])
    for _ in range(100):
        judged_pdf(data[: (at := dice.randrange(len(data)))] + dice.randbytes(3) + data[at + 3 :])


TOKENS = [
    b"1 0 obj", b"<<", b">>", b"/S", b"/JS", b"(", b")", b"[", b"]", b"stream\n", b"R", b"1 ", b"%", b"\n", b"endobj",
    b"/Type/ObjStm/First 1/N 1", b"#41", b"<4", b"\\",
]  # fmt: skip


NAMES = [
    b"JavaScript",
    b"JS",
    b"S",
    b"URI",
    b"OpenAction",
    b"AA",
    b"GoToR",
    b"F",
    b"EF",
    b"Type",
    b"EmbeddedFile",
    b"XFA",
]


@st.composite
def spelled(draw, names=NAMES):
    """A name in one of its spellings, or one that only looks like it."""
    name = draw(st.sampled_from(names))
    escaped = draw(st.sets(st.integers(0, len(name) - 1)))
    hexadecimal = draw(st.sampled_from([b"#%02x", b"#%02X"]))
    letters = (hexadecimal % byte if at in escaped else bytes([byte]) for at, byte in enumerate(name))
    return b"/" + b"".join(letters) + draw(st.sampled_from([b" ", b"(", b"x", b"#20", b""]))


@given(
    st.lists(
        st.one_of(spelled(), st.sampled_from([b"<<", b">>", b"[", b"]", b"1 0 obj", b"(a)", b"2 0 R", b"3", b"%\n"]))
    )
)
def test_where_no_name_tells_anything_reading_every_object_tells_nothing(tokens):
    data = b"".join(tokens)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("sidecar.inspection.formats.pdf.features.TELLING", re.compile(b""))
        every = survey(data)
    assert (survey(data).features, survey(data).attached) == (every.features, every.attached)


@given(spelled([b"JavaScript", b"AA"]))
def test_a_name_is_found_however_it_is_spelled(text):
    name = read_object(text, 0, Budget(10_000, "")).value
    assert bool(TELLING.search(text)) == (name in {b"JavaScript", b"AA"})


@example([b"1 0 obj", b"<<", b"/S", b"<<"])
@given(st.lists(st.sampled_from(TOKENS)))
def test_no_sequence_of_tokens_makes_it_raise(tokens):
    judged_pdf(b"".join(tokens))
