"""`image_delegates` finds what converters would run, and lets talk about it be."""

import pytest

from tests.corpus.files.images import CASES
from tests.inspection.checks.examining import found, judged
from tests.inspection.judging import make, on_name
from tests.pace import processor_time

DELEGATE = ["image_delegate"]


@pytest.mark.parametrize("name", ["msl:a.png", "MVG:x", "ephemeral:x.jpg", "https:x.png", "label:@x", "|id", "ps:x"])
def test_names_that_converters_read_as_commands_are_refused(name):
    assert on_name(make("image_delegates"), name) == DELEGATE


@pytest.mark.parametrize(
    "name", ["a.png", "Re: label.png", "text: notes.txt", "label.png", "ps.txt", "@me.png", "a|b.png"]
)
def test_honest_names_pass(name):
    assert on_name(make("image_delegates"), name) == []


def test_postscript_can_be_refused_as_a_whole():
    drawing = next(case for case in CASES if case.name == "drawing.eps").data()
    assert found("image_delegates", "application/postscript", drawing) == []
    assert found("image_delegates", "application/postscript", drawing, {"postscript": "refuse"}) == DELEGATE


@pytest.mark.parametrize(
    ("content_type", "data"),
    [("image/svg+xml", b"<svg>" + b'href="' * 300_000), ("image/svg+xml", b"<svg>" + b'fill = "url(' * 200_000),
     ("image/svg+xml", b"<svg>" + b"&#20013;" * 400_000), ("image/svg+xml", b"<svg>" + b"&#99;" * 900_000),
     ("application/postscript", b"%!PS\n" + b"(/etc/ " * 200_000),
     ("text/plain", b"#" * 5000), ("text/plain", b"<!-" * 5000),
     ("text/plain", b"<image " * 5000)],
)  # fmt: skip
def test_nothing_takes_long(content_type, data):
    with processor_time(below=1):
        found("image_delegates", content_type, data)


@pytest.mark.parametrize("attribute", [b'href="&#116;ext:/a"', b'fill="ur&#x6C;(&#109;sl:/a)"', b'fill="&#x60;|id"'])
def test_an_address_in_references_is_that_address(attribute):
    drawing = b'<svg xmlns="http://www.w3.org/2000/svg"><image %b/></svg>'
    assert found("image_delegates", "image/svg+xml", drawing % attribute) == DELEGATE
    assert found("image_delegates", "image/svg+xml", drawing % b'desc="&#20013;&#x6587;ext:" href="#a"') == []


def test_the_finding_shows_what_was_found():
    (finding,) = judged("image_delegates", "text/plain", b"push graphic-context\nviewbox 0 0 1 1\n")
    assert finding.actual == "push graphic-context"
