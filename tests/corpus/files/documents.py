"""PDFs that do more than show pages, and honest ones that look a little like them."""

import io
from typing import Final

from reportlab.pdfgen import canvas

from sidecar.inspection.checks.eicar import TEST_STRING
from tests.corpus.files.case import FileCase
from tests.inspection.pdf_files import attached, object_stream, pdf, stream

_PROGRAM: Final = b"MZ" + bytes(200)
_JS: Final = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"


def _case(name: str, data: bytes, *reasons: str) -> FileCase:
    return FileCase(f"{name}.pdf", lambda: data, frozenset(reasons))


def _written(compressed: int, pages: int = 3) -> bytes:
    out = io.BytesIO()
    page = canvas.Canvas(out, pageCompression=compressed, invariant=1)
    for number in range(pages):
        page.drawString(72, 720, f"Page {number}: /S /JavaScript and /Launch are names in PDF (so they say).")
        page.linkURL("https://example.com/", (72, 700, 200, 720))
        page.bookmarkPage(f"p{number}")
        page.addOutlineEntry(f"Chapter {number} /OpenAction", f"p{number}")
        page.showPage()
    page.save()
    return out.getvalue()


def _with_form() -> bytes:
    out = io.BytesIO()
    page = canvas.Canvas(out, invariant=1)
    page.acroForm.textfield(name="name", x=72, y=720)
    page.acroForm.checkbox(name="yes", x=72, y=690)
    page.drawString(72, 750, "A form")
    page.save()
    return out.getvalue()


def _attached_plain(data: bytes) -> bytes:
    spec = b"<< /Type /Filespec /F (a.pdf) /UF (a.pdf) /EF << /F 4 0 R >> >>"
    return pdf(stream(data, b"/Type /EmbeddedFile"), spec)


_JUNK: Final = {
    "a-brace": b"/X }", "an-opening-brace": b"/X {", "a-bracket": b"/X >", "a-parenthesis": b"/X )", "two": b"/X { }",
    "a-string-in-digits": b"/X <ab <<( >", "a-name-too-many": b"/X", "an-empty-name": b"/",
}  # fmt: skip
"""What some readers take for a value or a key, and others pass over."""
_REFERENCES: Final = {"a-sign": b"+%d 0 R", "zeros": b"000000000%03d 0 R", "a-short-reference": b"%d 0R"}
_DANGEROUS: Final = (
    _case("javascript-on-open", pdf(catalog=b"/OpenAction " + _JS), "pdf_javascript"),
    _case("javascript-in-escaped-names", pdf(b"<< /S /J#61v#61Script /J#53 (x) >>"), "pdf_javascript"),
    _case("javascript-in-names-of-pdfium", pdf(b"<< /S\xff/JavaScript\x80/JS\xff(x) >>"), "pdf_javascript"),
    _case("javascript-in-names-of-poppler", pdf(b"<< /S /JavaScript#00a /JS#0z (x) >>"), "pdf_javascript"),
    _case("javascript-in-half-an-escape", pdf(b"<< /S /JavaScri#7zt /JS (x) >>"), "pdf_javascript"),
    _case("encrypted-with-packed-objects",
          pdf(stream(b"?" * 40, b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"), trailer=b"/Encrypt 9 0 R"),
          "pdf_not_examined"),
    _case("half-an-escape-that-opens-a-string", pdf(b"<< /X#1( /S /JavaScript /JS <61> ) >>"), "pdf_not_examined"),
    _case("javascript-named-elsewhere", pdf(b"<< /S 5 0 R /JS (x) >>", b"/JavaScript"), "pdf_javascript"),
    _case("javascript-behind-a-comment", pdf(b"<</S%c\n/JavaScript/JS<6170>>>"), "pdf_javascript"),
    _case("javascript-behind-a-false-end", pdf(b"<< /X (endobj) /S /JavaScript /JS (x) >>"), "pdf_javascript"),
    _case("javascript-under-a-key-given-twice", pdf(b"<< /S /GoTo /S /JavaScript /JS (x) >>"), "pdf_javascript"),
    _case("javascript-in-an-object-stream", pdf(object_stream(b"<< /A 1 >>", _JS)), "pdf_javascript"),
    _case("javascript-in-an-object-within-a-stream", pdf(stream(b"9 0 obj " + _JS + b" endobj")), "pdf_javascript"),
    _case("javascript-in-a-later-version", pdf() + b"4 0 obj\n" + _JS + b"\nendobj\n%%EOF", "pdf_javascript"),
    _case("javascript-when-printed", pdf(catalog=b"/AA << /WP " + _JS + b" >>"), "pdf_javascript"),
    *(_case(f"javascript-behind-{name}", pdf(b"<< %b /S /JavaScript /JS (x) >>" % junk), "pdf_javascript")
      for name, junk in _JUNK.items()),
    *(_case(f"launch-by-{name}", pdf(b"<< /S %b /F (cmd.exe) >>" % (written % 5), b"/Launch"), "pdf_launch")
      for name, written in _REFERENCES.items()),
    *(_case(f"attached-program-by-{name}", attached(b"a.exe", b"MZ").replace(b"/F 4 0 R", b"/F " + written % 4),
            "suffix_forbidden")
      for name, written in _REFERENCES.items()),
    _case("launch-by-a-reference-read-in-two-ways", pdf(b"<< /S 5. 0 R /F (cmd.exe) >>", b"/Launch"),
          "pdf_not_examined"),
    _case("launch-of-a-number-read-in-two-ways",
          pdf(b"<< /S 5 0 R /F (cmd.exe) >>", b"/Launch").replace(b"5 0 obj", b"5.0 0 obj"), "pdf_launch"),
    _case("launch", pdf(b"<< /S /Launch /Win << /F (cmd.exe) >> >>"), "pdf_launch"),
    _case("submit-form", pdf(b"<< /S /SubmitForm /F (https://a.example/) >>"), "pdf_form_action"),
    _case("import-data", pdf(b"<< /S /ImportData /F (a.fdf) >>"), "pdf_form_action"),
    _case("share", pdf(b"<< /S /GoToE /F (\\\\\\\\10.0.0.1\\\\share) >>"), "pdf_remote"),
    _case("share-in-utf-16", pdf(b"<< /S /GoToR /F <FEFF002F002F0061002F0062> >>"), "pdf_remote"),
    _case("share-in-utf-16-of-the-other-order", pdf(b"<< /S /GoToR /F <FFFE2F002F0061002F006200> >>"), "pdf_remote"),
    _case("address-on-open", pdf(catalog=b"/OpenAction << /S /URI /URI (http://a.example) >>"), "pdf_remote"),
    _case("address-after-a-jump", pdf(b"<< /S /GoTo /Next 5 0 R >>", b"<< /S /URI >>", catalog=b"/OpenAction 4 0 R"),
          "pdf_remote"),
    _case("rich-media", pdf(b"<< /Type /Annot /Subtype /RichMedia >>"), "pdf_rich_media"),
    _case("xfa", pdf(catalog=b"/AcroForm << /XFA [(template) 4 0 R] >>"), "pdf_xfa"),
    _case("unknown-filter", pdf(object_stream(_JS, entries=b"/Filter /LZWDecode")), "pdf_not_examined"),
    _case("javascript-in-a-stream-behind-comments",
          pdf(object_stream(_JS).replace(b">>\nstream", b">>" + b"%c\n" * 9 + b"stream")), "pdf_javascript"),
    _case("filter-of-two-keys", pdf(object_stream(_JS, entries=b"/Filter /FlateDecode /F /A85", before=b"%~\n")),
          "pdf_not_examined"),
    _case("two-beginnings-of-objects", pdf(stream(b"5 0 " + _JS + b" " * 99 + b"1", b"/N 1 /First 99 /First 4")),
          "pdf_not_examined"),
    _case("attached-program", attached(b"a.exe", b"MZ" + bytes(200)), "suffix_forbidden"),
    _case("attached-test-file", attached(b"a.txt", TEST_STRING), "eicar_found"),
    _case("attached-program-in-an-earlier-version",
          attached(b"a.txt", _PROGRAM) + b"4 0 obj\n" + stream(b"hello") + b"\nendobj\n", "content_not_as_named"),
    _case("attached-program-behind-a-comment", attached(b"a.txt", _PROGRAM).replace(b"4 0 obj", b"4 %\n0 obj"),
          "content_runs"),
    _case("attached-program-by-way-of-a-table", attached(b"a.exe", b"MZ").replace(b"<< /F 4 0 R >>", b"6 0 R")
          + b"6 0 obj << /F 4 0 R >>", "suffix_forbidden"),
    _case("attached-program-named-elsewhere", attached(b"a.txt", b"calc").replace(b"(a.txt)", b"6 0 R")
          + b"6 0 obj (a.bat)", "suffix_forbidden"),
    _case("address-on-open-in-a-table", pdf(b"<< /O 5 0 R /A 1 >>", b"<< /S /URI >>", catalog=b"/AA 4 0 R"),
          "pdf_remote"),
    _case("share-by-way-of-a-table", pdf(b"<< /S /GoToR /F 5 0 R >>", b"<< /F (//host/a.pdf) /A 1 >>"), "pdf_remote"),
    _case("attached-pdf-with-javascript", attached(b"a.pdf", pdf(_JS)), "pdf_javascript"),
)  # fmt: skip
_HONEST: Final = (
    _case("empty-page", pdf()),
    _case("written-compressed", _written(1)),
    _case("written-plain", _written(0)),
    _case("form", _with_form()),
    _case("opens-at-a-page", pdf(catalog=b"/OpenAction << /S /GoTo /D [3 0 R /Fit] >>")),
    _case("link", pdf(b"<< /Subtype /Link /A << /S /URI /URI (https://example.com) >> >>")),
    _case("next-chapter", pdf(b"<< /S /GoToR /F (chapter2.pdf) /D [0 /Fit] >>")),
    _case("fonts-called-like-actions", pdf(b"<< /Font << /JS 3 0 R /AA 3 0 R /URI 3 0 R >> >>")),
    _case("talks-of-javascript", pdf(b"<< /Title (How /S /JavaScript works) >>")),
    _case(
        "references-in-all-places", pdf(b"<< /W [+5 0 R 05 0R 1.5 5 0 R] /L +9 /R [0 0 1. -.5] /N R >>", b"[5. 0 R]")
    ),
    _case("brackets-too-many", pdf(b"<< /X } /S /GoTo /D [3 0 R /Fit] >>", catalog=b"/OpenAction 4 0 R")),
    _case("encrypted-but-readable", pdf(b"<< /Filter /Standard /V 2 >>", trailer=b"/Encrypt 4 0 R")),
    _case("object-stream", pdf(object_stream(b"<< /Type /Font >>"))),
    _case("invoice", attached(b"invoice.xml", b"<?xml version='1.0'?><invoice><total>7</total></invoice>")),
    _case("attached-pdf-as-it-is", _attached_plain(pdf(stream(b"(of page)"), stream(b"0 0 m")))),
    _case("attached-text", attached(b"notes.txt", b"The notes of the meeting.\n")),
)
CASES: Final[tuple[FileCase, ...]] = _DANGEROUS + _HONEST
