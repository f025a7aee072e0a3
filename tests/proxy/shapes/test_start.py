"""What the first bytes of a body show."""

import pytest

from sidecar.proxy.shapes.start import LOOK, is_form, looks_like_json, looks_like_text, looks_urlencoded
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
    "body", [b"x", b"\x89PNG", b"- item", b"--\n\n", b"---\na: b\n\n", b"-----BEGIN X-----\n\n", b"\n" * LOOK]
)
def test_what_is_no_form_is_told_too(body):
    assert is_form(body) is False


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
