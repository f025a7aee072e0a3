"""The header block of a part: what is kept, what is dropped; refusals are in `refused.py`."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from sidecar.multipart.events import Part
from sidecar.multipart.limits import DEFAULT_LIMITS, Limits
from sidecar.multipart.part_head import common_head, parse_head
from sidecar.multipart.rules import MalformedError

FIELD = b'Content-Disposition: form-data; name="f"'
FILE = b'Content-Disposition: form-data; name="f"; filename="a.txt"'
PNG = b"Content-Type: image/png"
A_FIELD = Part(0, b"f", None, None)
A_PNG = Part(0, b"f", b"a.txt", b"image/png")

ACCEPTED = {
    "field": ([FIELD], A_FIELD, set()),
    "file": ([FILE, PNG], A_PNG, set()),
    "field with a type": ([FIELD, PNG], Part(0, b"f", None, b"image/png"), set()),
    "file without a type": ([FILE], Part(0, b"f", b"a.txt", None), {"part_type_missing"}),
    "type first": ([PNG, FILE], A_PNG, {"header_order"}),
    "lower case": ([FILE.replace(b"C", b"c"), PNG.lower()], A_PNG, {"header_case"}),
    "no space after the colon": ([FIELD.replace(b": ", b":")], A_FIELD, {"header_spacing"}),
    "spaces round the value": ([FILE + b" ", b"Content-Type: \timage/png\t"], A_PNG, {"header_spacing"}),
    "OkHttp": ([FILE, PNG, b"Content-Length: 3"], A_PNG, {"content_length_dropped"}),
    "length that is no number": ([FIELD, b"Content-Length: x"], A_FIELD, {"content_length_dropped"}),
    "Apache HttpClient": ([FILE, PNG, b"Content-Transfer-Encoding: binary"], A_PNG, {"transfer_encoding_dropped"}),
    "8bit": ([FIELD, b"content-transfer-encoding:8BIT"], A_FIELD, {"transfer_encoding_dropped"}),
    "other headers": ([b"MIME-Version: 1.0", FIELD, b"X-Any: \xe9"], A_FIELD, {"header_dropped"}),
    "empty header": ([FIELD, b"X-Any:"], A_FIELD, {"header_dropped"}),
    "every sign in a header's name": ([FIELD, b"!#$%&'*+.^`|~-09azAZ: y"], A_FIELD, {"header_dropped"}),
    "mail": ([FILE, b"Content-Type: message/rfc822"], Part(0, b"f", b"a.txt", b"message/rfc822"), set()),
    "16 headers": ([FIELD] + [b"X: y"] * 15, A_FIELD, {"header_dropped"}),
    "path": ([FILE.replace(b"a.", b"x/a."), PNG], A_PNG._replace(filename_as_sent=b"x/a.txt"), {"filename_path"}),
}  # fmt: skip


def parse(block, limits=DEFAULT_LIMITS):
    notes: set[str] = set()
    return parse_head(block, 0, limits, notes), notes


@pytest.mark.parametrize(("lines", "part", "notes"), ACCEPTED.values(), ids=ACCEPTED)
def test_accepted(lines, part, notes):
    assert parse(b"\r\n".join(lines)) == (part, notes)


TEXT = st.text(st.characters(max_codepoint=0x17F), max_size=12).map(str.encode) | st.sampled_from(
    [
        b"a.txt",
        b" ",
        b"  a",
        b"a/b",
        b"a\\b",
        b"a%22",
        b"a. ",
        b"..",
        b"",
        b"=?utf-8?Q?a?=",
        b"_charset_",
        b"a\xff",
        b'a"',
    ]
)
TYPE = (
    st.sampled_from(
        [b"image/png", b"multipart/mixed", b"Model/x", b"a/b;c=d", b"a", b"", b"a/x-multipart", b"xMU/a", b"/a", b"a/"]
    )
    | TEXT
)


@given(TEXT, st.none() | TEXT, st.none() | TYPE)
@example(b"f", b"a.txt", b"image/png")
@example(b"f", b"", b"image/png")
@example(b"f", None, None)
def test_common_head_is_read_as_any_other(name, filename, content_type):
    block = b'Content-Disposition: form-data; name="%b"' % name
    if filename is not None:
        block += b'; filename="%b"' % filename
    if content_type is not None:
        block += b"\r\nContent-Type: " + content_type
    chunk = b"..\r\n" + block + b"\r\n\r\n..."
    common = common_head(chunk, 2, 0, DEFAULT_LIMITS)
    if common is not None:
        assert common == (parse(block)[0], len(chunk) - 3)
        assert parse(block)[1] == set()


@pytest.mark.parametrize(
    "block",
    [
        FIELD,
        FILE + b"\r\n" + PNG,
        (FILE + b"\r\n" + PNG).replace(b"a.txt", b"a b (1).tar.gz"),
        FILE + b"\r\nContent-Type: application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        FIELD.replace(b'"f"', b'"f[]"'),
    ],
)
def test_what_browsers_send_is_read_by_the_short_path(block):
    assert common_head(b"\r\n" + block + b"\r\n\r\n", 0, 0, DEFAULT_LIMITS) is not None


@pytest.mark.parametrize("block", [FIELD, FILE + b"\r\n" + PNG])
def test_short_path_keeps_the_limit_of_the_block(block):
    chunk = b"\r\n" + block + b"\r\n\r\n"
    assert common_head(chunk, 0, 0, Limits(header_block=len(block))) is not None
    assert common_head(b"x" * 9000 + chunk, 9000, 0, Limits(header_block=len(block))) is not None
    assert common_head(chunk, 0, 0, Limits(header_block=len(block) - 1)) is None


def test_number_of_headers_is_a_limit():
    with pytest.raises(MalformedError):
        parse(FIELD + b"\r\nX: y", Limits(headers=1))
