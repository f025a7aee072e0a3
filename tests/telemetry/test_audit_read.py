"""Lines that are read again: what was written comes back, and nothing else is taken for a line."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.inspection.types.content import content_of
from sidecar.policy.settings.audit import Audit
from sidecar.policy.settings.model import Policy
from sidecar.telemetry.audit_line import line_of
from sidecar.telemetry.audit_read import AuditLineError, OtherVersionError
from tests.auditing import KEY, NOW, READER, line, outcome_of
from tests.inspection.judging import PNG, field, part_of

PARTS = [(field(b"title", 0), b"a cat"), (part_of("cat.png", b"image/png", index=1), PNG)]
RAW = line_of(outcome_of(PARTS, Policy(), lambda _: "image/png"), Audit(), KEY, NOW)


def changed(**changes):
    return json.dumps({**json.loads(RAW), **changes}).encode()


def test_what_was_written_comes_back():
    told = READER.read(RAW)
    assert (told.path, told.route, told.method, told.mode, told.action) == (
        "/upload",
        "route",
        "POST",
        "monitor",
        "forwarded",
    )
    file = told.upload.listed_files[0]
    assert (file.shape.suffixes, file.shape.size, file.size, file.content_type) == (("png",), 7, 16, "image/png")


@pytest.mark.parametrize(
    ("content_type", "head"),
    [
        ("image/png", PNG), ("text/html", b"<!DOCTYPE html><p>"), ("text/plain", b"a,b"), ("text/x-php", b"<?php 1"),
        ("application/zip", b"PK\3\4" + bytes(20)), ("application/octet-stream", bytes(9)), ("", b""),
        ("image/svg+xml", b"<svg xmlns='http://www.w3.org/2000/svg'/>"), ("application/x-dosexec", b"\xeb\x01\0"),
        ("application/octet-stream", b"\0\0\0\x14ftypzzzz"),
        ("application/pdf", b"hello"), ("application/x-dosexec", b"MZ\0\1"),
    ],
)  # fmt: skip
def test_what_a_head_shows_comes_back_as_it_was(content_type, head):
    upload = line([(part_of("a.bin"), head)], Policy(), lambda _: content_type).upload
    shown = upload.listed_files[0].content
    assert shown == content_of(upload.listed_files[0].content_type, head)


@pytest.mark.parametrize("version", [0, 2, "1", None, {"a": 1}, "\u202e<b>"])
def test_a_line_of_another_version_is_told_from_a_broken_one(version):
    with pytest.raises(OtherVersionError, match="expected version 1, got"):
        READER.read(changed(v=version))


@pytest.mark.parametrize(
    "raw",
    [
        b"", b"{}", b"[]", b"null", b"1", b'"v"', RAW[:-40], RAW[:1], b"\xff\xfe", b"[" * 100_000,
        b'{"ts":"2026","event":"upload","level":"info"}', changed(size=-1), changed(size=True), changed(size=1.5),
        changed(size=10**30), changed(listed=None), changed(listed=[1]), changed(listed=[{}]), changed(fields="abc"),
        changed(findings=[{"code": 1, "refuses": True}]), changed(findings=[{}]), changed(path=1), changed(path=["/"]),
        changed(prefixes=[1]), changed(prefixes="/"), changed(ts=None), changed(listed=[{}] * 5000),
        changed(listed=[{**json.loads(RAW)["listed"][0], "suffixes": ["x" * 100]}]),
        changed(listed=[{**json.loads(RAW)["listed"][0], "suffixes": [["x"]]}]),
        changed(listed=[{**json.loads(RAW)["listed"][0], "sha256": "no digest"}]),
        changed(listed=[{**json.loads(RAW)["listed"][0], "content": [1]}]),
        changed(listed=[{**json.loads(RAW)["listed"][0], "content": {"text": True, "opens_as": 1}}]),
        changed(listed=[{**json.loads(RAW)["listed"][0], "content": {"text": True, "begins_as": [1]}}]),
        changed(listed=[{**json.loads(RAW)["listed"][0], "name_bytes": 10**9}]),
        changed(path="\ud800"), changed(more=["\udfff"]), changed(more={"\ud800": 1}), b"\xef\xbb\xbf" + RAW,
        RAW.decode().encode("utf-16"), RAW.decode().encode("utf-32"), RAW.replace(b'"size":', b'"size":NaN,"x":', 1),
        RAW.replace(b'"size":', b'"size":Infinity,"x":', 1),
        RAW.replace(b'"size":', b'"size":' + b"9" * 5000 + b',"x":', 1),
        RAW.rstrip()[:-1] + b',"more":"a\tb"}', RAW + b"{}", RAW.rstrip()[:-1] + b',"more":' + b"[" * 100_000 + b"}",
    ],
)  # fmt: skip
def test_what_is_no_line_is_refused(raw):
    with pytest.raises(AuditLineError):
        READER.read(raw)


@given(st.integers(0, len(RAW) - 1), st.binary(max_size=3))
def test_damage_is_refused_or_harmless_and_never_an_outage(at, damage):
    with contextlib.suppress(AuditLineError):
        READER.read(RAW[:at] + damage + RAW[at + len(damage) :])


def test_what_a_line_has_besides_is_not_looked_at():
    assert READER.read(changed(more=["a", {"b": "\U0001f600"}, 1.5])) == READER.read(RAW)


def test_the_last_of_two_of_a_name_counts():
    twice = RAW.rstrip()[:-1] + b',"path":"/other"}'
    assert READER.read(twice).path == "/other"


def test_a_reason_that_this_version_does_not_have_still_refuses():
    told = READER.read(changed(findings=[{"code": "of_the_future", "refuses": True}]))
    assert told.upload.findings[0].refuses(forward_not_examined=True)
