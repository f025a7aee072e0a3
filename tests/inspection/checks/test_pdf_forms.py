"""`pdf` judges films and figures in a PDF, and data for its forms (FDF, XDP), which readers of PDF open as well."""

import base64

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.whole import Whole
from tests.inspection.checks.examining import judged_pdf
from tests.inspection.judging import make, part_of
from tests.inspection.pdf_files import JS, pdf, stream
from tests.pace import processor_time

XDP = b'<?xml version="1.0"?><xdp:xdp xmlns:xdp="http://ns.adobe.com/xdp/">%b</xdp:xdp>'
FIGURE = b"/Type /3D /Subtype /U3D"


def fdf(entries: bytes) -> bytes:
    return b"%FDF-1.2\n1 0 obj << /FDF << " + entries + b" /Fields [<< /T (a) /V (b) >>] >> >> endobj\n%%EOF"


@pytest.mark.parametrize(
    ("data", "code", "setting"),
    [
        (pdf(stream(b"U3D\0", FIGURE + b"/OnInstantiate 5 0 R"), stream(b"x")), "pdf_javascript", "javascript"),
        (pdf(b"<< /Subtype /Movie /Movie << /F (//host/a.avi) >> >>"), "pdf_remote", "remote"),
        (pdf(b"<< /Subtype /Movie /Movie 5 0 R >>", b"<< /F << /F (//host/a.avi) >> >>"), "pdf_remote", "remote"),
        (pdf(b"<< /S /MCD /D << /Type /Filespec /FS /URL /F (http://host/a.mp4) >> >>"), "pdf_remote", "remote"),
        (fdf(b"/JavaScript << /After (x) >>"), "pdf_javascript", "javascript"),
        (fdf(b"/Java#53cript 2 0 R"), "pdf_javascript", "javascript"),
        (fdf(b"/F (http://host/a.pdf)"), "pdf_remote", "remote"),
        (fdf(b"/F << /Type /F /F (//host/a.pdf) >>"), "pdf_remote", "remote"),
        (XDP % b"<template><subform/></template>", "pdf_xfa", "xfa"),
        ((XDP % b"<x:template/>").decode().encode("utf-16"), "pdf_xfa", "xfa"),
        (XDP % b"<a/>" + pdf(JS), "pdf_javascript", "javascript"),
    ],
)
def test_each_is_found_and_can_be_allowed(data, code, setting):
    assert make("pdf").wants(File(part_of("a"), data[:4096]))
    assert judged_pdf(data) == [code]
    assert judged_pdf(data, {setting: "pass"}) == []


@pytest.mark.parametrize(
    "data",
    [
        pdf(stream(b"U3D\0", FIGURE)),
        pdf(b"<< /Subtype /Movie /Movie << /F (a.avi) /Poster true >> >>"),
        fdf(b"/F (a.pdf)"),
        fdf(b"/Fields [<< /T (skills) /V (HTML/CSS/JavaScript) >>]"),
        XDP % b"<xfa:datasets><a>b</a></xfa:datasets><pdf href='a.pdf'/>",
    ],
)
def test_honest_ones_pass(data):
    assert judged_pdf(data) == []


@pytest.mark.parametrize(
    "written", [b"%b", b"<![CDATA[%b]]>", b"<!-- --> %b", b"&#37;%b", b"&#x0a;%b", b"&#x20AC;%b", b"&#0;%b"]
)
def test_a_document_in_a_package_is_judged_as_a_file_of_its_own(written):
    seen = []
    data = XDP % (b"<pdf><document><chunk>%b</chunk></document></pdf>" % (written % base64.encodebytes(pdf(JS))))
    judged_pdf(data, inside=lambda _name, data: seen.append(*data) or ())
    assert seen == [pdf(JS)]


def test_a_reference_to_no_character_is_no_base64():
    assert judged_pdf(XDP % (b"<chunk>&#" + b"1" * 5000 + b";</chunk>")) == []


@pytest.mark.parametrize(
    "data",
    [
        b"<xdp>" + b"<chunk" * 500_000,
        b"<xdp>" + b"<chunk></chunk>" * 200_000,
        b"<xdp><chunk>" + b"<!--" * 500_000,
        b"%%PDF-9 0 obj<<%b>>8 0 obj<<%b>>4 0 obj<</S/GoToR/F 9 0 R>>" % (b"/F 8 0 R" * 2_000, b"/F(a)" * 2_000),
        b"%PDF-" + b"4 0 obj<</S/MCD/Movie 4 0 R/F 4 0 R/D 4 0 R>>" * 20_000,
    ],
    ids=lambda data: repr(data[:20]),
)
def test_hostile_ones_take_a_bounded_time(data):
    with processor_time(below=3):
        list(make("pdf").examine(File(part_of("a.pdf"), data[:4096]), Whole(data)))
