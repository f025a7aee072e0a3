"""Files in JSON are told alike, however its bytes are cut."""

from hypothesis import example, given, settings
from hypothesis import strategies as st

from sidecar.multipart.events import PartBegin, PartData
from sidecar.multipart.rules import MalformedError
from sidecar.policy.settings.bodies import Bodies
from sidecar.proxy.shapes.json_files import JsonFiles

BODIES = Bodies(json_files=("file", "/a/*/b"), json_names=("name",))
TOKENS = [
    *(b'{"file":', b'{"name":', b'{"a":[', b'{"b":', b"{", b"}", b"[", b"]", b",", b":", b'"', b" ", b"\n", b"null"),
    *(b"-1.5e3", b"1" * 1100, b'"aGk="', b'"aGk', b"aGk", b"=", b"\xc3\xa9", b"\xff", b"\\u0061"),
    *(b"\\ud83d", b"\\ude00", b'"data:image/png;', b"name=", b"x" * 1100, b";base64,", b"\\/"),
    b'"data:;name=\\ud83d\\ude00.png;base64,aGk="',
]  # fmt: skip


def read(body, cut):
    shape, events = JsonFiles(BODIES), []
    try:
        for at in range(0, len(body), cut):
            events += shape.feed(body[at : at + cut])
        events += shape.close()
    except MalformedError:
        return None
    files = []
    for event in events:
        match event:
            case PartBegin(part):
                files.append([part, b""])
            case PartData(data):
                files[-1][1] += data
    return files


@st.composite
def bodies(draw):
    """Whole JSON of these tokens more often than chance gives it."""
    inside = b"".join(draw(st.lists(st.sampled_from(TOKENS), max_size=6)))
    form = draw(st.sampled_from([b"%b", b'{"file":"%b"}', b'{"name":"%b","file":"aGk="}', b'[{"a":%b}]', b'"%b"']))
    return form.replace(b"%b", inside)


@settings(max_examples=300)
@example(body=b'{"file":"data:;name=\\ud83d\\ude00.png;base64,aGk="}', cut=1)
@example(body=b"[%b]" % (b"1" * 1100), cut=9)
@example(body=b'{"file":"data:;%b;base64,aGk="}' % (b"x" * 1100), cut=9)
@given(body=bodies(), cut=st.integers(1, 9))
def test_files_are_told_alike_however_the_body_is_cut(body, cut):
    assert read(body, cut) == read(body, 1 << 30)
