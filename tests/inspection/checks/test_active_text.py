"""Markup that only shows something passes; what runs, loads or expands is told, and each thing can be let in."""

import gzip
import random

import pytest

from sidecar.inspection.file import File
from sidecar.inspection.formats.markup.elements import Reader
from sidecar.inspection.types.content import HEAD_SIZE
from sidecar.inspection.whole import Whole
from tests.corpus.files.active_text import CASES, page, svg
from tests.inspection.judging import codes, make, part_of
from tests.pace import processor_time

SETTINGS = {
    "scripts": svg(b"<script/>"),
    "handlers": svg(b"", b"onload='x'"),
    "addresses": svg(b"<a href='javascript:x'/>"),
    "foreign_objects": svg(b"<foreignObject/>"),
    "embedded": page(b"<iframe></iframe>"),
    "references": svg(b"<image href='//a.example'/>"),
    "entities": b"<!DOCTYPE svg [<!ENTITY a SYSTEM 'b'>]>" + svg(b""),
    "stylesheets": b"<?xml-stylesheet href='a.xsl'?>" + svg(b""),
    "refreshes": page(b"<meta http-equiv=refresh content=1>"),
}
HOSTILE = {
    "tags that never end": b"<a " * 300_000,
    "quotes that never end": b"<a b=\"'" * 300_000,
    "comments that never end": b"<!--" * 300_000,
    "attributes": b"<a" + b" a=" * 300_000,
    "spaces": b"<a a" + b" " * 1_000_000 + b"b",
    "styles that never end": b"<style>" * 100_000,
    "titles that never end": b"<title>" * 100_000,
    "comments of css that never end": b"<style>" + b"/*" * 300_000,
    "namespaces of css": b"<style>" + b"@namespace " * 100_000,
    "escapes of css": b"<style>" + b"\\" * 500_000,
    "references": b"<a href='" + b"&#" * 500_000 + b"'>",
    "digits": b"<a href='&#" + b"9" * 1_000_000 + b";'>",
    "document types": b"<!DOCTYPE a [" + b"<!ENTITY a 'b'>" * 50_000,
    "document types that never end": b"<!DOCTYPE a [" + b"<!--" * 300_000,
    "defaults": b"<!DOCTYPE a [<!ATTLIST a " + b"a CDATA (" * 100_000 + b">]>",
    "instructions": b"<?xml-stylesheet " + b" type=" * 200_000 + b"?>",
    "data sections": b"<![CDATA[" * 100_000,
    "end tags": b"</a " * 300_000,
}


def judge(name, data, settings=None):
    file = File(part_of(name), data[:HEAD_SIZE], "text/plain", len(data))
    check = make("active_text", settings)
    return codes(check.examine(file, Whole(data))) if check.wants(file) else []


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_file_is_judged_as_its_case_says(case):
    found = set(judge(case.name, case.data()))
    assert found & case.reasons if case.reasons else not found, found


@pytest.mark.parametrize("setting", SETTINGS)
def test_each_thing_can_be_let_in_alone(setting):
    name = "a.svg" if SETTINGS[setting].find(b"<svg") >= 0 else "a.html"
    assert len(judge(name, SETTINGS[setting])) == 1
    assert judge(name, SETTINGS[setting], {setting: "pass"}) == []


@pytest.mark.parametrize(
    ("name", "data", "found"),
    [("noext", b"<script>x</script>", ["active_script"]), ("y.foo", b" <p onclick=x>", ["active_handler"]),
     ("y.foo", b"<?xml version='1.0'?><a xmlns:h='http://www.w3.org/1999/xhtml'><h:script/></a>", ["active_script"]),
     ("noext", b"Write <html> and <script>x</script>", []), ("y.foo", b"log: <img src=x onerror=x>\n<script>", []),
     ("notes.txt", b"<script>x</script>", []), ("page.html.txt", b"<p onclick=x>", []), ("a.vue", b"<script>", [])],
)  # fmt: skip
def test_a_type_of_text_is_believed_only_of_what_does_not_begin_as_a_page(identify, name, data, found):
    file = File(part_of(name, b"text/plain"), data, identify(data), len(data))
    check = make("active_text")
    assert codes(check.examine(file, Whole(data)) if check.wants(file) else []) == found


@pytest.mark.parametrize("what", HOSTILE)
@pytest.mark.parametrize(("name", "before"), [("a.svg", b"<svg>"), ("a.html", b"<html>"), ("a.xml", b"")])
def test_hostile_text_takes_time_that_is_in_proportion(what, name, before):
    with processor_time(below=4):
        judge(name, before + HOSTILE[what])


def test_a_packed_drawing_of_many_members_is_read_by_position_and_not_without_end():
    empty, drawing = gzip.compress(b"", mtime=0), gzip.compress(svg(b"<script/>"), mtime=0)
    assert judge("a.svgz", empty * 900 + drawing) == ["active_script"]
    with processor_time(below=1):
        assert judge("a.svgz", empty * 400_000 + drawing) == ["active_not_read"]


def test_more_elements_than_are_looked_at_are_not_examined(monkeypatch):
    monkeypatch.setattr("sidecar.inspection.checks.active_text.Reader", lambda: Reader(10))
    assert judge("a.svg", svg(b"<g a/>" * 20)) == ["active_not_read"]


@pytest.mark.parametrize("many", [62, 63, 64, 65, 127, 128, 129, 1000])
@pytest.mark.parametrize("last", [b"onload='x'", b"onload=x", b'a="b"onload=x/'])
def test_an_attribute_behind_any_number_of_others_is_seen(many, last):
    other = b" ".join(b"a%d='>'" % number for number in range(many))
    assert judge("a.xml", svg(b"", other + b" x=y/ " + last)) == ["active_handler"]
    assert judge("a.html", page(b"<p " + other + b" " + last + b">x")) == ["active_handler"]


@pytest.mark.parametrize("case", CASES[::3], ids=lambda case: case.name)
def test_whatever_is_left_of_a_file_is_judged(case):
    data, chance = case.data()[:5000], random.Random(case.name)
    for cut in range(0, len(data), max(1, len(data) // 50)):
        judge(case.name, data[:cut])
    for _ in range(100):
        changed = bytearray(data)
        changed[chance.randrange(len(data))] = chance.randrange(256)
        judge(case.name, bytes(changed))
