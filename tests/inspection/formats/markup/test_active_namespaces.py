"""Elements of XML are judged by the namespace that they are in, as far as its declaration reaches."""

import pytest

from sidecar.inspection.formats.markup.active import Survey
from sidecar.inspection.formats.markup.active_namespaces import is_mere_data
from sidecar.inspection.formats.markup.elements import Reader
from sidecar.inspection.formats.markup.features import Form
from tests.pace import processor_time

XHTML = b"http://www.w3.org/1999/xhtml"


def found(text, form=Form.XML):
    survey = Survey()
    survey.read(text, form, Reader())
    return {feature.value for feature in survey.found}


@pytest.mark.parametrize("text", [
    b"<a><b xmlns='%b'/><script/></a>",
    b"<a><b xmlns='%b'><c/></b\n><script/></a>",
    b"<a><b xmlns='%b'><c x='>'/><d></d></b><script/></a>",
    b"<a><b xmlns='%b'><!-- <c> --><![CDATA[<c>]]><?c <c>?></b><script/></a>",
    b"<a xmlns:b='%b'><script xmlns='urn:b'/></a>",
    b"<b:a xmlns:b='%b'><c xmlns:b='urn:b'><b:script/></c></b:a>",
])  # fmt: skip
def test_a_declaration_ends_with_its_element(text):
    assert found(text % XHTML) == set()


@pytest.mark.parametrize("text", [
    b"<a xmlns='%b'><b/><script/></a>",
    b"<a xmlns='%b'><b></b\t><script/></a>",
    b"<a xmlns='%b'><b xmlns='urn:b'/><script/></a>",
    b"<a xmlns='%b'><b xmlns='urn:b'><c x='/'></c></b><script/></a>",
    b"<a xmlns='%b'><!-- </a> --><![CDATA[</a>]]><?b </a>?><script/></a>",
    b"<a xmlns='urn:b' xmlns='%b'><script/></a>",
    b"<a xmlns='%b' xmlns='urn:b'><script/></a>",
    b"<a><b xmlns:c='%b'><d xmlns:c='urn:b'/><c:script/></b></a>",
    b"<a><style xmlns='%b'>@import '//a.example';</style></a>",
])  # fmt: skip
def test_a_declaration_holds_until_then(text):
    assert found(text % XHTML) <= {"script", "reference"} != set()


def test_a_document_type_that_declares_namespaces_makes_everything_run():
    assert "script" in found(b"<!DOCTYPE a [<!ATTLIST b xmlns CDATA '%b'>]><a><script/></a>" % XHTML)


@pytest.mark.parametrize("text", [
    b"<a xmlns='urn:a' b='&amp;'>&lt;</a>", b"<a xmlns = \"urn:a\" xmlns:b='urn:b'>&amp; <b:c/></a>", b"<a>x</a>",
])  # fmt: skip
def test_data_without_a_word_that_tells_is_read_no_further(text):
    assert is_mere_data(text)


@pytest.mark.parametrize("text", [
    b"<a xmlns='%b'/>" % XHTML, b"<!dOcType a><a/>", b"<?xml-stylesheet href='a'?><a/>",
    b"<a xmlns='http://www.w3.org/1999/xht&#109;l'/>", b"<a xmlns:b\n=\n'%bhttp&#58;'/>" % (b" " * 5000),
    b"<a %b='http&#58;'/>" % (b"xmlns:" + b"b" * 5000), b"<a xmlns=&#104;ttp: />",
    b"<a xmlns:i='http://www.w3.org/2001/XInclude'/>",
])  # fmt: skip
def test_what_could_tell_is_read(text):
    assert not is_mere_data(text)


@pytest.mark.parametrize("text", [
    b"&" + b"xmlns" * 2_000_000, b"&" + b"xmlns='a' " * 1_000_000, b"&xmlns" + b" " * 10_000_000,
    b"<!doctyp" * 1_000_000, b"<a xmlns:b='%b'>" % XHTML + b"<a xmlns:a='x'>" * 300_000 + b"</a>" * 300_000,
])  # fmt: skip
def test_many_declarations_take_time_in_proportion(text):
    with processor_time(below=5):
        found(text)
