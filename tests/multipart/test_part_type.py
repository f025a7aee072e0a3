"""Content-Type of a part: what goes on of it, or the rule that was broken."""

import encodings.aliases
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.multipart.part_type import is_text, kept_type, parse_part_type
from sidecar.multipart.rules import MalformedError

ACCEPTED = [
    b"image/png",
    b"IMAGE/PNG",
    b"application/octet-stream",
    b"application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    b"image/svg+xml",
    b"text/plain; charset=utf-8",
    b"text/plain;charset=UTF-8",
    b'text/plain; charset="utf-8"',
    b"text/plain; charset=iso-8859-1",
    b"text/plain; charset=windows-1252",
    b"text/plain; charset=shift_jis",
    b"text/plain; charset=ibm850",
    b"message/rfc822",
    b"image/*",
    b"video/webm;codecs=vp8,opus",
    b'video/mp4; codecs="avc1.42E01E, mp4a.40.2"',
    b"text/plain; format=flowed; delsp=yes",
    b"text/csv; header=present; charset=utf-8",
    b"application/vnd.acme+json;version=2.1",
    b"application/json; v=1",
    b'application/ld+json; profile="http://www.w3.org/ns/json-ld#compacted"',
    b"application/pdf; charset=binary",
    b"audio/L16; rate=16000; channels=1",
    b"text/calendar; method=REQUEST; component=VEVENT; charset=UTF-8",
    b"application/fhir+json; fhirVersion=4.0",
    b'application/xop+xml; type="text/xml"; charset=UTF-8',
    b"application/atom+xml;type=entry",
    b"application/json;odata=verbose",
    b"text/markdown; variant=GFM",
    b"application/dicom; transfer-syntax=1.2.840.10008.1.2.1",
    b'application/vnd.api+json; ext="https://jsonapi.org/ext/atomic"',
    *(
        b"text/plain; charset=" + name
        for name in (
            b"ANSI_X3.4-1968",
            b"646",
            b'"ISO_8859-1:1987"',
            b"iso-8859-8-i",
            b"x-mac-cyrillic",
            b"utf8mb4",
            b"cp943c",
            b"x-gbk",
        )
    ),
]

# What Rack 2, cgicc, CGI.pm and Mojolicious take for a file's name or a form within, and what is like it.
DROPPED = {
    b'image/png; name="a.png"': b"image/png",
    b"text/plain; filename=x.php": b"text/plain",
    b'text/plain; filename="../../x.php"; charset=utf-8': b"text/plain; charset=utf-8",
    b'text/plain;charset=utf-8; xfilename="x.php"': b"text/plain;charset=utf-8",
    b'text/plain; a="filename=x.php"': b"text/plain",
    b'text/plain; a*="; filename=x.php"': b"text/plain",
    b'text/plain; a%="; filename=x.php"': b"text/plain",
    b'text/plain; a="\\\\"; b="; filename=x.php; c="': b"text/plain",
    b'text/plain; charset*="utf-8"': b"text/plain",
    b'text/plain; format="; filename=x.php"': b"text/plain",
    b'text/plain; format="fl\\owed"': b"text/plain",
    b'text/plain; format=""': b"text/plain",
    b"text/plain; format='flowed'": b"text/plain",
    b'text/plain; a="multipart/mixed; boundary=zz"': b"text/plain",
    b'text/plain; profile="multipart/mixed"': b"text/plain",
    b"text/plain; profile=Multipart": b"text/plain",
    b"text/plain; boundary=zz": b"text/plain",
    b"audio/L16; rate=16000; size=99": b"audio/L16; rate=16000",
    b'application/xop+xml; type="multipart/related"': b"application/xop+xml",
    b'text/calendar; method="; filename=x.php"': b"text/calendar",
    b'text/plain; profile="Content-Disposition: form-data; name=admin"': b"text/plain",
    b'application/json; profile="a\\"b"; q=1': b"application/json",
}

REFUSED = {
    b"image/": "part_type_invalid",
    b"/png": "part_type_invalid",
    b"image/png/x": "part_type_invalid",
    b"image / png": "part_type_invalid",
    b"image/png text/html": "part_type_invalid",
    b"image/png, text/html": "part_type_invalid",
    b"image/png;;": "part_type_invalid",
    b"image/png; ; a=b": "part_type_invalid",
    b"image/png; a=b,image/png": "part_type_invalid",
    b"image/png; charset": "part_type_invalid",
    b"image/png; a=1; A=2": "part_type_invalid",
    b'image/png; a="x': "part_type_invalid",
    b'image/png; a="x"y': "part_type_invalid",
    b"image/p\xc3\xa9ng": "part_type_invalid",
    b'image/png; a="\xc3\xa9"': "part_type_invalid",
    b"multipart/mixed; boundary=x": "part_type_multipart",
    b"multipart/form-data; boundary=x": "part_type_multipart",
    b"multipart/form-data; charset=utf-8; boundary=x": "part_type_multipart",
    b"multipart/form-data;": "part_type_multipart",
    b"multipart/form-data; charset=": "part_type_multipart",
    b'multipart/form-data; charset="utf-8; boundary=x"': "part_type_multipart",
    b"multipart/form-data-x": "part_type_multipart",
    b"multipart/mixed": "part_type_multipart",
    b"multipart/form-data; charset=utf-7": "part_type_multipart",
    b"text/multipart": "part_type_multipart",
    b"text/multipart; boundary=zz": "part_type_multipart",
    b"text/x-multipart-report; boundary=zz": "part_type_multipart",
    b"x-Multipart/mixed; boundary=zz": "part_type_multipart",
    b"text/plain; charset=utf-7": "part_type_charset",
    b"text/plain; charset=cp875": "part_type_charset",
    b"text/plain; charset=ibm870": "part_type_charset",
    b"text/plain; charset=IBM-871": "part_type_charset",
    b"text/plain; charset=UTF-16": "part_type_charset",
    b"text/plain; charset=utf-16le": "part_type_charset",
    b'text/plain; charset="utf-32"': "part_type_charset",
    b"text/plain; charset=unicode-1-1-utf-7": "part_type_charset",
    b"text/plain; charset=ucs-2": "part_type_charset",
    b"text/plain; charset=iso-2022-jp": "part_type_charset",
    b"text/plain; charset=ibm037": "part_type_charset",
    b"text/plain; charset=cp500": "part_type_charset",
    b"text/plain; charset*=utf-8''utf-7": "part_type_charset",
    b"text/plain; charset=utf_7": "part_type_charset",
    b"text/plain; charset=hz": "part_type_charset",
    b"text/plain; charset=punycode": "part_type_charset",
    b"text/plain; charset=utf-8,utf-7": "part_type_charset",
    b"text/plain; charset=iso-8859-8-x": "part_type_charset",
    b"text/plain; charset=iso646-fr": "part_type_charset",
}


@pytest.mark.parametrize("value", ACCEPTED)
def test_accepted_type_of_a_file_is_kept_as_sent(value):
    assert parse_part_type(value, is_file=True, notes=set()) == value


@pytest.mark.parametrize("value", ACCEPTED)
def test_accepted_type_of_a_field_is_kept_as_sent(value):
    assert parse_part_type(value, is_file=False, notes=set()) == value


@pytest.mark.parametrize(("value", "written"), DROPPED.items())
def test_parameters_that_tell_something_else_are_dropped(value, written):
    notes = set()
    assert parse_part_type(value, is_file=True, notes=notes) == written
    assert notes == {"part_type_parameter_dropped"}


PIECES = st.sampled_from([
    b"text/plain", b"image/png", b"/", b";", b"; ", b"=", b'"', b"\\", b"'", b"*", b"%", b",", b":", b" ", b"\t", b"a",
    b"charset=utf-8", b'; charset="utf-8"', b"; format=flowed", b"; profile=", b"; a=", b"multipart", b"M", b"name=",
    b"filename=", b"boundary=", b"Content-Disposition: form-data; name=admin", b"; type=",
])  # fmt: skip


@given(st.lists(PIECES | st.binary(max_size=2), max_size=8).map(b"".join), st.booleans())
def test_what_goes_on_is_read_again_to_the_same_and_tells_nothing_else(value, is_file):
    try:
        written = parse_part_type(value, is_file=is_file, notes=set())
    except MalformedError:
        return
    if written is None:
        return
    notes = set()
    assert parse_part_type(written, is_file=False, notes=notes) == written
    assert notes == set()
    assert b"multipart" not in written.lower()
    for _, name in re.findall(rb'(\A|[;" \t])([^;" \t=]*)=', written):
        assert name.lower() in {
            b"channels", b"charset", b"codecs", b"component", b"delsp", b"ext", b"fhirversion", b"format", b"header",
            b"method", b"odata", b"profile", b"rate", b"transfer-syntax", b"type", b"v", b"variant", b"version",
        }  # fmt: skip


def test_every_accepted_charset_leaves_ascii_as_it_is():
    ascii_text = bytes(range(0x20, 0x7F))
    names = {*encodings.aliases.aliases, *encodings.aliases.aliases.values()}
    judged = [name for name in names if accepts_charset(name)]
    assert {"cp437", "cp850", "ibm866", "gbk", "shift_jis", "latin1", "utf_8", "big5"} <= {*judged}
    assert [name for name in judged if ascii_text.decode(name) != ascii_text.decode()] == []


def accepts_charset(name: str) -> bool:
    try:
        return parse_part_type(b"text/plain; charset=" + name.encode(), is_file=True, notes=set()) is not None
    except MalformedError:
        return False


@pytest.mark.parametrize(("value", "code"), REFUSED.items())
def test_refused(value, code):
    for is_file in (True, False):
        with pytest.raises(MalformedError) as caught:
            kept_type(value, is_file=is_file, notes=set())
        assert caught.value.rule.code == code


@pytest.mark.parametrize("value", [b"multipart/form-data", b"Multipart/Form-Data; charset=utf-8"])
def test_the_type_of_a_whole_form_is_refused_where_it_would_go_on(value):
    with pytest.raises(MalformedError) as caught:
        parse_part_type(value, is_file=True, notes=set())
    assert caught.value.rule.code == "part_type_multipart"


@pytest.mark.parametrize("value", [b"image/png;", b"image/png ; "])
def test_a_semicolon_at_the_end_is_dropped(value):
    notes = set()
    assert parse_part_type(value, is_file=True, notes=notes) == b"image/png"
    assert notes == {"trailing_semicolon"}


@pytest.mark.parametrize(
    "value", [b"text/plain", b"TEXT/html; charset=utf-8", b"application/json", b"application/ld+json;a=b"]
)
def test_types_of_text(value):
    assert is_text(value)
    assert not is_text(b"x" + value)
    assert not is_text(value.partition(b"/")[0] + b"/octet-stream" if b"json" in value else b"image/svg+xml")


@pytest.mark.parametrize("value", [b"image", b".pdf", b"null", b""])
def test_half_a_type_of_a_file_is_no_type(value):
    notes = set()
    assert parse_part_type(value, is_file=True, notes=notes) is None
    assert notes == {"part_type_halved"}


@pytest.mark.parametrize(
    "value",
    [
        b"multipart/form-data",
        b"Multipart/Form-Data",
        b"multipart/form-data; charset=utf-8",
        b'multipart/form-data;charset="ISO-8859-1"',
        b"application/x-www-form-urlencoded",
        b"Application/X-WWW-Form-URLEncoded ; charset=utf-8",
    ],
)
def test_the_type_of_a_whole_form_without_a_boundary_is_no_type_of_a_part(value):
    for is_file in (True, False):
        notes = set()
        assert kept_type(value, is_file=is_file, notes=notes) is None
        assert notes == {"part_type_form"}


@pytest.mark.parametrize("value", [b"image/png", b"application/x-www-form-urlencoded-x", b"text/plain; charset=utf-8"])
def test_any_other_type_of_a_part_goes_on(value):
    notes = set()
    assert kept_type(value, is_file=True, notes=notes) == value
    assert notes == set()


@pytest.mark.parametrize("value", [b"", b"image", b"multipart", b"message"])
def test_half_a_type_of_a_field_or_of_a_message_is_refused(value):
    with pytest.raises(MalformedError) as caught:
        parse_part_type(value, is_file=value in {b"multipart", b"message"}, notes=set())
    assert caught.value.rule.code == "part_type_invalid"


@pytest.mark.parametrize("value", [b'text/plain; name="a.php"', b"text/plain; FileName=a", b"a/b; name*0=a"])
def test_type_of_a_field_may_not_name_a_file(value):
    assert parse_part_type(value, is_file=True, notes=set()) == value.partition(b";")[0]
    with pytest.raises(MalformedError) as caught:
        parse_part_type(value, is_file=False, notes=set())
    assert caught.value.rule.code == "part_type_filename"
