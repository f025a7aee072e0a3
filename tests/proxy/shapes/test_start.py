"""What the first bytes of a body show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.proxy.shapes.start import LOOK, is_form, looks_like_json, looks_like_text, looks_urlencoded, may_be_json
from tests.wire import form

FORM = form(("f", "a.png", None, b"x"))


@pytest.mark.parametrize("before", [b"", b"\r\n", b"\n\n \t"])
@pytest.mark.parametrize("body", [FORM, FORM.replace(b"\r\n", b"\n"), FORM.replace(b"Content-D", b"X: y\r\ncontent-d")])
def test_a_form_is_told_as_soon_as_its_head_is_there_and_never_before(before, body):
    whole = before + body
    told = [is_form(whole[:end]) for end in range(len(whole) + 1)]
    first = told.index(True)
    assert set(told[:first]) == {None}
    assert set(told[first:]) == {True}


@pytest.mark.parametrize(
    "body", [b"x", b"\x89PNG", b"- item", b"--\n\n", b"---\na: b\n\n", b"-----BEGIN X-----\n\n", b"\n" * 20_000]
)
def test_what_is_no_form_is_told_too(body):
    assert is_form(body) is False


@pytest.mark.parametrize("cut", [1, 700])
@pytest.mark.parametrize(
    ("body", "form"),
    [
        (b"\r\n" * 300 + FORM, True),
        (b"\n" * 20_000 + FORM, False),
        (FORM.replace(b"\r", b"\r\nX: " + b"y" * 20_000, 1), False),
    ],
)
def test_a_form_is_told_alike_however_it_is_cut(body, form, cut):
    told = (is_form(body[:end]) for end in range(cut, len(body) + cut, cut))
    assert next(each for each in told if each is not None) is form
    assert is_form(body) is form


def test_a_head_without_end_is_not_waited_for():
    assert is_form(b"--" + b"x" * 1000) is None
    assert is_form(b"--" + b"x" * 20_000) is False


@pytest.mark.parametrize(
    ("start", "json", "urlencoded", "text"),
    [
        (b'{"a": 1}', True, False, True), (b" [1, 2]", True, False, True), (b"[AutoRun]", False, True, True),
        (b"{}", True, False, True), (b'"a"', True, False, True), (b"12", True, True, True), (b"", True, True, True),
        (b"a=b&c=d", False, True, True), (b"a%5B%5D=b", False, True, True), (b"token", False, True, True),
        (b"<?php", False, False, False), (b"<?xml version='1.0'?><a/>", False, False, True),
        (b"<html><body>", False, False, False), (b"#!/bin/sh", False, False, False),
        (b"\x89PNG\r\n\x1a", False, False, False), (b"%PDF-1.4", False, False, False),
        (b"GIF89a=1", False, False, False),
        (b"--x", False, False, False), (b"a=\0", False, False, False), (b"{\\rtf1", False, False, False),
        (b'{"a": "\0"}', False, False, False),
    ],
)  # fmt: skip
def test_the_first_bytes_bear_a_claim_out_or_not(start, json, urlencoded, text):
    found = (looks_like_json(start, whole=True), looks_urlencoded(start), looks_like_text(start))
    assert found == (json, urlencoded, text)


def test_a_scalar_is_json_only_if_it_is_all():
    assert not looks_like_json(b"12", whole=False)
    assert not looks_like_json(b" " * LOOK, whole=False)
    assert not looks_like_json(b"12 <?php", whole=True)


BLANK = b" " * LOOK
JSON = b'{"avatar": "QUFB"}'


@pytest.mark.parametrize(
    "start",
    [
        JSON, b"[1]", b"{}", b"[]", b"\xef\xbb\xbf" + JSON, b"\xef\xbb\xbf \xef\xbb\xbf" + JSON,
        *[JSON.decode().encode(f"utf-{name}") for name in ("16", "16-le", "16-be", "32", "32-le", "32-be")],
        ("\ufeff" + JSON.decode()).encode("utf-16-be"), " [1]".encode("utf-16-le"),
        BLANK + JSON, b"\r\n" * LOOK, b"{" + BLANK, b"[" + BLANK, b"/*x*/{" + BLANK,
        b"/*x*/" + JSON, b"//x\n" + JSON, b"# x\n\n" + JSON, b"/*\n*/ // }\r" + JSON, b"\f" + JSON, b"\v" + JSON,
        b"\xc2\xa0" + JSON, b"\x1e" + JSON, b")]}'\n" + JSON, b")]}',\n" + JSON, b"{'avatar': ''}", b"{avatar: ''}",
        b"{ $a /* */ : 1}", b"{avatar=1}", b"{,'a':1}", b"{/*x*/'a':1}", b"{\\u0061: 1}", b"[,{", b"[;{", b"['a'",
        b"[/**/{", b"[.5,{", b"[+1,{", b"[NaN,{", b"[new Date(), {", b'{"a": "\0"}', b"{" + b"a" * LOOK,
    ],
)  # fmt: skip
def test_whatever_some_reader_takes_for_json_may_be_json(start):
    assert may_be_json(start) is True


@pytest.mark.parametrize(
    "start",
    [
        b"", b"text", b"  ", b"12", b"a=b&c=d", b"[AutoRun]\nopen=x", b"[Unit]\n[Install]\n", b"[a](http://b/c)",
        b"{{ title }}", b"{% if a %}", b"{name}, hello", b"{: .no_toc }", b"{\\rtf1 }", b"# Title\n\nSome text {a: 1}",
        b"/* style */\nbody {\n}", b"// c\nint main() {}", b"<a/>", b"%PDF-1.4 {", b"\x89PNG\r\n\x1a\n", b"a: {b: 1}",
        "[AutoRun]".encode("utf-16"), b"#" * (LOOK - 1), b"/", b"\0\0", b"\xff\xfe", b"\xff" * LOOK,
    ],
)  # fmt: skip
def test_what_no_reader_takes_for_json_may_not_be(start):
    assert may_be_json(start) is False


@pytest.mark.parametrize("start", [b"/*" + BLANK, b" //" + BLANK, b"#" * LOOK, b"/**/\n# " + b"x" * LOOK])
def test_of_a_comment_that_goes_on_nothing_is_known(start):
    assert may_be_json(start) is None


@given(st.binary(max_size=2 * LOOK) | st.text("/*#{[]}'\"\n a,:=\ufeff\\", max_size=2 * LOOK).map(str.encode))
def test_no_start_makes_it_raise(start):
    assert may_be_json(start) in {True, False, None}
