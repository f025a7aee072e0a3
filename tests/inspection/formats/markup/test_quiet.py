"""Tags that are passed without a look change nothing of what is found, and nothing of where namespaces end."""

import random

import pytest

from sidecar.inspection.formats.bounds import Budget, TooMuchError
from sidecar.inspection.formats.markup import quiet
from sidecar.inspection.formats.markup.active import Survey
from sidecar.inspection.formats.markup.active_names import ADDRESSES, NAMED
from sidecar.inspection.formats.markup.elements import Reader
from sidecar.inspection.formats.markup.features import Form

XHTML, SVG = b"http://www.w3.org/1999/xhtml", b"http://www.w3.org/2000/svg"
NAMES = (
    b"a", b"g", b"p", b"image", b"link", b"base", b"use", b"x:script", b"x:b", b"script", b"Style", b"title", b"x:meta",
    b"iframe", b"include", b"x:y:script", b"foreignObject", b"noscript", b"set", b"no", b"i:include", b"!--", b"?a",
)  # fmt: skip
ATTRIBUTES = (
    b"href", b"xlink:href", b"HREF", b"src", b"onload", b"on", b"style", b"x:style", b"d", b"x", b"transform", b"xmlns",
    b"xmlns:x", b"xmlns:i", b"to", b"attributeName", b"http-equiv", b"rel", b"srcset", b"data-a", b"a/b", b"a:b:href",
)  # fmt: skip
VALUES = (
    b"#a", b"a", b"javascript:x", b"//a.example", b"url(#a)", b"url(//a.example)", b"matrix(1 0,0)", b"x(:", b"onclick",
    XHTML, SVG, b"refresh", b"stylesheet", b"&#106;avascript:x", b"--a:'//b'", b"expression(1)", b"<b>", b"a>b", b"",
    b"\\75rl(//a)", b"data:text/css,@import '//b'", b"a (b", b"http://www.w3.org/2001/XInclude", b"a\vb", b"fill:x(1)",
)  # fmt: skip
ENDS = (b">", b"/>", b" >", b" />", b"", b"></g>", b"></a>", b"></p x='>'>", b"></x:b\n>", b">a/>b", b"></ a>")


def attribute(chance):
    quote = chance.choice([b'"', b'"', b"'", b""])
    between = chance.choice([b" ", b"\n", b"\t ", b"/", b"", b"\v"])
    value = b"=" + quote + chance.choice(VALUES) + quote
    return between + chance.choice(ATTRIBUTES) + chance.choice([value, value, value, b"", b" " + value])


def document(chance):
    tags = (
        b"<" + chance.choice(NAMES) + b"".join(attribute(chance) for _ in range(chance.choice([0, 0, 1, 2, 3])))
        + chance.choice(ENDS) for _ in range(chance.randrange(12))
    )  # fmt: skip
    return b"<a>" + chance.choice([b"", b"<i:include/>"]) + b"".join(tags)


def found(text, form):
    survey = Survey()
    survey.read(text, form, Reader())
    return survey.found


@pytest.mark.parametrize("form", [Form.SVG, Form.HTML, Form.XML])
@pytest.mark.parametrize("start", range(4))
def test_what_is_found_is_what_is_found_when_each_tag_is_looked_at(monkeypatch, form, start):
    chance = random.Random(start)
    documents = [document(chance) for _ in range(1500)]
    with_quiet = [found(each, form) for each in documents]
    monkeypatch.setattr(quiet, "run_from", lambda _text, at, _budget: at)
    for text, seen in zip(documents, with_quiet, strict=True):
        assert found(text, form) == seen, text


@pytest.mark.parametrize("name", sorted(NAMED | {b"style", b"include", b"title", b"textarea", b"xmp", b"noembed"}))
def test_elements_that_tell_are_looked_at(name):
    for each in (name, name.upper(), b"x:" + name):
        assert quiet.run_from(b"<" + each + b">", 0, Budget(9, "")) == 0


@pytest.mark.parametrize("name", sorted(ADDRESSES | {b"style", b"srcdoc", b"attributename", b"onload", b"onbegin"}))
def test_attributes_that_tell_are_looked_at(name):
    for each in (name, name.upper(), b"x:" + name):
        assert quiet.run_from(b"<a b='c' " + each + b'="a:(">', 0, Budget(9, "")) == 0


@pytest.mark.parametrize("tag", [
    b'<path d="M0 0h9" fill="#fff" stroke-width=\'1.5\' transform="matrix(1 0 0 1 -2.5 3e-4)"/>', b"<svg:g\n id='a'\t>",
    b'<use xlink:href="#a" x="1" style="fill:red;stroke-width:2"/>', b"<tspan>a = b</tspan>", b'<use href="#a"/>',
    b'<rect clip-path="url(#a)" class="b c" />', b'<path id="a" data-name="Path 1"/>',
])  # fmt: skip
def test_tags_of_honest_drawings_are_passed(tag):
    assert quiet.run_from(tag * 20_000, 0, Budget(200_000, "")) == len(tag) * 20_000


def test_tags_that_are_passed_are_paid_for():
    with pytest.raises(TooMuchError):
        quiet.run_from(b"<a b='' c=\"\">" * 20_000, 0, Budget(50_000, ""))
