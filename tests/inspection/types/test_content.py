"""What first bytes show, apart from libmagic's guess."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.inspection.types.content import agrees, content_of, may_pass_as
from sidecar.inspection.types.kinds import KINDS, kind_of_suffix
from tests.inspection import samples as s


def title(kind):
    return None if kind is None else kind.title


@pytest.mark.parametrize(
    ("head", "opener"),
    [
        (s.PHP, "PHP script"), (b"<?= 1 ?>", "PHP script"), (b"<? echo 1;", "PHP script"),
        (b"\n\t <?PHP\n", "PHP script"),
        (b"<% x %>", "server page"), (s.SHELL, "script"), (b"#! /usr/bin/env node\n", "script"),
        (s.HTML, "HTML page"), (b"<HTML>", "HTML page"), (b"<html", None), (b"<script>", "HTML page"),
        (b"<body onload=x>", "HTML page"), (b"<iframe src=x>", "HTML page"),
        (b"<!DOCTYPE  html SYSTEM 'x'>", "HTML page"),
        (b"<!-- c --> <!-- d --><head>", "HTML page"), (b"<?xml version='1.0'?><html>", "HTML page"),
        (b"<?xml version='1.0'?><h:html xmlns:h='x'>", "HTML page"), (b"\xef\xbb\xbf<html>", "HTML page"),
        ("\ufeff<html>".encode("utf-16-le"), "HTML page"), ("\ufeff<html>".encode("utf-16-be"), "HTML page"),
        ("<svg xmlns='x'>".encode("utf-16-le"), "SVG image"), ("<?xml?><html>".encode("utf-16-be"), "HTML page"),
        (b"<\0", None), ("<note/>".encode("utf-16-le"), None),
        (s.svg(), "SVG image"), (s.svg_with_prolog(), "SVG image"), (b"<x:svg >", "SVG image"),
        (b"<!DOCTYPE svg [ <!ENTITY a 'b>c'> ]><svg>", "SVG image"),
        (b"<?xml-stylesheet href='x'?><svg/>", "SVG image"),
        (b"words <html>", None), (b"<p>markdown</p>", None), (b"<htmlx>", None), (b"<!-- a comment -->\n# Title", None),
        (b"<?xml version='1.0'?><note/>", None), (b"<?mso-application x?><Workbook/>", None), (b"#!not a path", None),
        (b"# comment", None), (b"", None), (b"<", None), (b"<!--", None), (b"<!doctype", None), (b"<?xml", None),
    ],
)  # fmt: skip
def test_the_first_words_show_what_would_run(head, opener):
    assert title(content_of("text/plain", head).opener) == opener


@pytest.mark.parametrize(
    ("head", "is_text"),
    [
        (b"words\r\n\t", True), ("größe".encode(), True), ("größe".encode("latin-1"), True), (b"\x1b[1mx", True),
        ("\ufeffx".encode("utf-16-le"), True), ("größe, 5 €\r\n".encode("utf-16-le"), True),
        ("größe; x\n".encode("utf-16-be"), True),
        ("a,b\r\n".encode("utf-16-le")[:-1], True), (b"a\0b\0\1\0", False),
        (b"a\0b\0c\0\0\0", False), (b"\0a\0b\x81c", False),
        ("a,b\n".encode("utf-16-le") * 9 + b"<script>", False),
        (b"a\0b", False), (b"\x01", False), (b"\x7f", False), (s.png(), False),
    ],
)  # fmt: skip
def test_text_is_told_from_data_by_its_bytes(head, is_text):
    assert content_of("application/octet-stream", head).is_text is is_text


@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_its_mark_is_text_and_shows_what_would_run(encoding):
    assert may_pass_as(content_of("application/octet-stream", "a;b\r\n".encode(encoding))) == {"text/plain"}
    assert title(content_of("application/octet-stream", "\n <html><script>".encode(encoding)).opener) == "HTML page"


def test_no_bytes_are_an_empty_file():
    content = content_of("", b"")
    assert (content.seen, content.type, content.opener) == ("an empty file", "inode/x-empty", None)


@pytest.mark.parametrize(
    ("content_type", "head", "types"),
    [
        ("text/csv", b"a,b\n", {"text/csv", "text/plain"}),
        ("text/x-c", b"int x;\n", {"text/x-c", "text/plain"}),
        ("text/html", b"words <html>", {"text/html", "text/plain"}),
        ("text/html", s.HTML, {"text/html", "application/xhtml+xml"}),
        ("image/svg+xml", s.svg(), {"image/svg+xml"}),
        ("image/jpg", s.jpeg(), {"image/jpeg"}),
        ("application/java-archive", s.zipped(("a", b"x")), {"application/java-archive"}),
        ("application/epub+zip", s.epub(), {"application/epub+zip", "application/zip"}),
        ("application/x-dosexec", s.exe(), {"application/vnd.microsoft.portable-executable"}),
        ("application/x-dosexec", b"\xb8\1\0\0", {"application/octet-stream"}),
        ("application/pdf", s.pdf(), {"application/pdf"}),
        ("application/pdf", b"about %PDF-1.7", {"text/plain"}),
        ("", b"", {"inode/x-empty", "text/plain"}),
    ],
)
def test_content_passes_as_what_it_is_a_kind_of(content_type, head, types):
    assert may_pass_as(content_of(content_type, head)) == types


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.title)
def test_an_empty_file_agrees_with_every_name(kind):
    assert agrees(kind, content_of("", b""))


def test_markup_runs_where_no_name_says_otherwise_only_if_it_comes_first():
    assert title(content_of("text/html", b"<table><tr>").runs) == "HTML page"
    assert content_of("text/html", b"words <table>").runs is None


@given(
    st.binary(max_size=4096), st.sampled_from([name for kind in KINDS for name in kind.types]) | st.text(max_size=20)
)
def test_no_content_makes_it_raise(head, content_type):
    content = content_of(content_type, head)
    assert content.seen.isascii()
    assert all(isinstance(agrees(kind, content), bool) for kind in KINDS)
    assert kind_of_suffix("png") is not content.opener


@pytest.mark.parametrize(
    "start", [b"<!--x-->", b"<?a?>", b"<!doctype x[", b"<!doctype x ", b"<!--", b" ", b"<?a", b"<a:", b"<!doctype x[]"]
)
def test_no_prolog_takes_long(start):
    head = (start * 4096)[:4096]
    spent = []
    for _ in range(5):
        began = time.thread_time()
        content_of("text/plain", head)
        spent.append(time.thread_time() - began)
    assert min(spent) < 0.01
