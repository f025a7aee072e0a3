"""Whatever goes on is read alike by six form parsers that services use."""

from collections import defaultdict
from collections.abc import Sequence

import pytest
from hypothesis import assume, event, given, settings
from hypothesis import strategies as st

from sidecar.multipart.rules import MalformedError
from tests.corpus.multipart_cases import Case, case_names, load
from tests.corpus.multipart_reading import FRESH_BOUNDARY, Reading, encode, events_of, read
from tests.oracles.oracles import ORACLES, SeenPart

ACCEPTED = [case for case in map(load, case_names()) if not case.is_refused]
BOUNDARY = b"BB"
CONTENT_TYPE = [b"multipart/form-data; boundary=" + BOUNDARY]


def by_name(parts: list[SeenPart]) -> dict[tuple[str, bool], list[SeenPart]]:
    """Parts in the order in which a service can tell them: among the fields, or the files, of one name."""
    found = defaultdict(list)
    for part in parts:
        found[part.name, part.filename is not None].append(part)
    return dict(found)


def inspected(reading: Reading) -> list[SeenPart]:
    """What the sidecar inspected, as a service should see it."""
    return [
        SeenPart(
            part.name.decode(),
            None if part.filename is None else part.filename.decode(),
            (part.content_type or b"application/octet-stream").decode() if part.is_file else None,
            data,
        )
        for part, data in reading.parts
    ]


def disagreements(content_types: Sequence[bytes], body: bytes) -> list[str]:
    """What each parser makes of the forwarded body, where that is not what the sidecar inspected."""
    parts = inspected(read(content_types, [body]))
    forwarded = encode(events_of(content_types, body))
    found = []
    for oracle in ORACLES:
        seen, expected = (
            by_name(oracle.read(FRESH_BOUNDARY, forwarded)),
            by_name([shown for part in parts if (shown := oracle.shows(part))]),
        )
        found += [
            f"{oracle.name} sees {seen.get(name)}, not {expected.get(name)}"
            for name in {*seen, *expected}
            if seen.get(name) != expected.get(name)
        ]
    return found


@pytest.mark.parametrize("case", ACCEPTED, ids=[case.name for case in ACCEPTED])
def test_forwarded_body_is_read_alike_by_all(case: Case):
    assert disagreements(case.content_types, case.body) == []


LETTERS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=12)
TROUBLE = st.sampled_from([
    "%22", "%0D%0A", "%2F", "%00", "%", "&quot;", "&#233;", "'", "\\", '\\"', "/", "..", ".", " ", "  ", "\t", ";",
    "; ", "=", "*", "<", ">", ",", "(", "[0]", "[]", "=?utf-8?q?a?=", "utf-8''a", "name=", "; filename=", "filename*=",
    "\u00e9", "e\u0301", "\u0085", "\u00a0", "\u2028", "\u200b", "\u202e", "\ufeff", "\U0001f3d6", "a.txt",
])  # fmt: skip
NAMES = st.lists(TROUBLE | LETTERS, min_size=1, max_size=5).map("".join).map(str.encode)
FILENAMES = st.none() | st.just(b"") | NAMES
PARAMETERS = st.tuples(
    st.sampled_from([b";", b"; ", b" ;\t"]),
    st.sampled_from([b"charset", b"format", b"profile", b"a", b"a*", b"xfilename", b"boundary", b"filename", b"name"]),
    st.sampled_from([
        b"utf-8", b'"utf-8"', b'"; filename=x.php"', b'"\\\\"', b'"Content-Disposition: form-data; name=z"',
        b'"multipart/mixed; boundary=zz"', b'"a, b: c"', b"x.php",
    ]),
).map(lambda parameter: parameter[0] + parameter[1] + b"=" + parameter[2])  # fmt: skip
WITH_PARAMETERS = st.lists(PARAMETERS, min_size=1, max_size=3).map(lambda found: b"text/plain" + b"".join(found))
TYPES = st.none() | WITH_PARAMETERS | st.sampled_from([
    b"text/plain", b"text/plain; charset=utf-8", b'TEXT/HTML;charset="UTF-8"', b"application/octet-stream",
    b"image/*", b"message/rfc822", b'application/x; a="b;c"; d=e', b"text/plain ; format=flowed", b"text/vnd.a+json",
])  # fmt: skip
CHUNKS = st.sampled_from([
    b"\r\n", b"\n", b"\r", b"--", b"-", BOUNDARY, b"--BB", b"\r\n--B", b"--" + FRESH_BOUNDARY[:-1],
    b"\r\n\r\n", b"\0", b"\xff", b'Content-Disposition: form-data; name="x"\r\n\r\n', b" ", b"\t", b"%22", b"=3D",
])  # fmt: skip
DATA = st.lists(CHUNKS | st.binary(max_size=8), max_size=8).map(b"".join)
PARTS = st.lists(st.tuples(NAMES, FILENAMES, TYPES, DATA), max_size=6)


def form(parts: list[tuple[bytes, bytes | None, bytes | None, bytes]]) -> bytes:
    """A body as an honest client would write it that escapes nothing."""
    body = b""
    for name, filename, content_type, data in parts:
        body += b"--" + BOUNDARY + b'\r\nContent-Disposition: form-data; name="' + name + b'"'
        body += b"" if filename is None else b'; filename="' + filename + b'"'
        body += b"" if content_type is None else b"\r\nContent-Type: " + content_type
        body += b"\r\n\r\n" + (b"" if filename == b"" else data) + b"\r\n"
    return body + b"--" + BOUNDARY + b"--\r\n"


@settings(max_examples=300)
@given(PARTS)
def test_forwarded_form_is_read_alike_by_all_whatever_is_in_it(parts):
    body = form(parts)
    assume(FRESH_BOUNDARY not in body)  # nobody can guess the boundary of a body that goes on
    try:
        events_of(CONTENT_TYPE, body)
    except MalformedError as error:
        event(f"refused: {error.rule.code}")
        return
    event("forwarded")
    assert disagreements(CONTENT_TYPE, body) == []
