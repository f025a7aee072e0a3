"""`type_agreement` is quiet on honest files and sees what is not what it is called."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.inspection.types.content import HEAD_SIZE
from tests.inspection import samples
from tests.inspection.honest_files import FILES as HONEST
from tests.inspection.hostile_files import FILES as HOSTILE
from tests.inspection.judging import codes, make, on_content, part_of


def judged(identify, name, declared, data, settings=None):
    head = data[:HEAD_SIZE]
    part = part_of(name, None if declared is None else declared.encode())
    return codes(on_content(make("type_agreement", settings), part, identify(head) if head else "", head))


@pytest.mark.parametrize(("name", "declared", "data"), HONEST, ids=lambda value: str(value)[:30])
def test_honest_file_passes(identify, name, declared, data):
    assert judged(identify, name, declared, data) == []


@pytest.mark.parametrize(("name", "declared", "data", "reason"), HOSTILE, ids=lambda value: str(value)[:30])
def test_what_is_not_what_it_is_called_is_refused(identify, name, declared, data, reason):
    assert judged(identify, name, declared, data) == [reason]


@pytest.mark.parametrize("cut", [64, 512, 1024])
@pytest.mark.parametrize(("name", "declared", "data"), HONEST, ids=lambda value: str(value)[:30])
def test_the_start_of_an_honest_text_passes_too(identify, name, declared, data, cut):
    if name.endswith((".txt", ".csv", ".log", ".md", ".json", ".xml", ".yaml", ".svg", ".eml")):
        assert judged(identify, name, declared, data[:cut]) == []


def test_the_declared_type_can_be_left_out():
    assert judged(lambda _: "application/pdf", "a.pdf", "image/png", samples.pdf()) == ["content_not_as_declared"]
    assert judged(lambda _: "application/pdf", "a.pdf", "image/png", samples.pdf(), {"declared": "off"}) == []


def test_image_formats_need_not_be_told_apart():
    lenient = {"images": "off"}
    assert judged(lambda _: "image/jpeg", "a.png", "image/png", samples.jpeg(), lenient) == []
    assert judged(lambda _: "image/svg+xml", "a.png", None, samples.svg(), lenient) == ["content_not_as_named"]
    assert judged(lambda _: "image/jpeg", "a.pdf", None, samples.jpeg(), lenient) == ["content_not_as_named"]


def test_what_libmagic_could_not_tell_is_left_to_the_inspector():
    assert on_content(make("type_agreement"), part_of("a.png"), "", samples.PHP) == []


def test_the_finding_says_what_was_called_what_and_what_it_is():
    (finding,) = on_content(make("type_agreement"), part_of("a.png", name=b"avatar"), "text/x-php", samples.PHP)
    assert finding.expected == "PNG image, as the suffix .png says"
    assert finding.actual == "text/x-php (opens as: PHP script)"


@given(st.binary(max_size=40), st.binary(max_size=40), st.binary(max_size=300), st.text(max_size=30))
def test_no_file_makes_it_raise(name, declared, head, content_type):
    assert len(on_content(make("type_agreement"), part_of(name, declared), content_type, head)) <= 1
