"""Files in JSON are judged like others, however it is dressed."""

import base64
import gzip
import json

import pytest

from tests.conformance.asking import IMAGE, PHP, asked, code_of, raw
from tests.pace import turns_of_the_loop
from tests.wire import Wire

FILES = {"json_files": ["avatar", "/pages/*/scan"], "json_names": ["filename"]}
JSON = {"pictures": {"files": {"types": ["image/*"]}, "bodies": FILES}}
IN_BASE64, BAD = base64.b64encode(IMAGE).decode(), base64.b64encode(PHP).decode()


@pytest.mark.parametrize("delivery", ["hold", "stream"])
@pytest.mark.parametrize("content_type", [b"application/json", b"application/vnd.api+json", b"text/plain", b""])
@pytest.mark.parametrize(
    ("document", "code"),
    [
        ({"avatar": IN_BASE64}, None),
        ({"avatar": f"data:image/png;base64,{IN_BASE64}", "filename": "a.png"}, None),
        ({"filename": "a.png", "avatar": [IN_BASE64, IN_BASE64]}, None),
        ({"pages": [{"scan": None}, {"scan": IN_BASE64}]}, None),
        ({"other": BAD}, None),
        ({"avatar": ""}, None),
        ({"avatar": BAD}, "content_type_not_allowed"),
        ({"deep": [{"AVATAR": BAD}]}, "content_type_not_allowed"),
        ({"avatar": [IN_BASE64, [BAD]]}, "content_type_not_allowed"),
        ({"pages": [{"scan": IN_BASE64}, {"scan": BAD}]}, "content_type_not_allowed"),
        ({"avatar": IN_BASE64, "filename": "shell.php"}, "suffix_forbidden"),
        ({"filename": "shell.php", "avatar": IN_BASE64}, "suffix_forbidden"),
        ({"avatar": f"data:image/gif;base64,{IN_BASE64}"}, "content_not_as_declared"),
        ({"avatar": f"data:image/png;name=b.png;base64,{IN_BASE64}", "filename": "a.png"}, "file_names_differ"),
        ({"avatar": IN_BASE64, "filename": "/photos/a.png"}, "file_name_path"),
        ({"avatar": f"data:image/png;name=a.png;filename=b.png;base64,{IN_BASE64}"}, "file_names_differ"),
        ({"avatar": f"data:image/png;name*=utf-8''b.php;base64,{IN_BASE64}"}, "suffix_forbidden"),
        ({"avatar": f"data:image/png;file=b.php;base64,{IN_BASE64}"}, "suffix_forbidden"),
        ({"avatar": f"data:image/png;name=\ud800;base64,{IN_BASE64}"}, "name_not_utf8"),
        ({"avatar": f"data:\ud800;base64,{IN_BASE64}"}, "json_file_unreadable"),
        ({"avatar": "\ud800"}, "json_file_unreadable"),
        ({"\ud800": 1, "filename": "\ud800", "avatar": IN_BASE64}, "name_not_utf8"),
        ({"avatar": "https://example.com/a.png"}, "json_file_unreadable"),
        ({"avatar": list(PHP)}, "json_file_unreadable"),
        ({"avatar": {"data": BAD}}, "json_file_unreadable"),
    ],
)
async def test_files_in_json_are_judged_like_others(sidecar, service, document, code, content_type, delivery):
    body = json.dumps(document).encode()
    answer = await asked(
        sidecar, service, raw(body, b"Content-Type: " + content_type, method="POST"), JSON, delivery=delivery
    )
    if code is None:
        assert answer.status == 200
        assert service.requests[0].body == body
    else:
        assert code_of(answer) == code
        assert service.complete_requests == []


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b'{"avatar": "", "avatar": ""}', "json_key_duplicate"),
        (b'{"avatar": "", "\\u0061vatar": ""}', "json_key_duplicate"),
        (b"{'avatar': ''}", "json_malformed"),
        (PHP, "json_malformed"),
        (b"[" * 65 + b"]" * 65, "json_beyond_bound"),
        (b"[" + b"0," * 100_000 + b"0]", "json_beyond_bound"),
        (b'{"a": "' + b"x" * 20_000 + b'"}', "json_too_large"),
    ],
)
async def test_json_that_parsers_read_differently_or_that_is_too_much_is_refused(sidecar, service, body, code):
    size = "10KiB" if code == "json_too_large" else "16MiB"
    policies = {"any": {"bodies": {"json_files": ["avatar"], "json_max": size}}}
    answer = await asked(sidecar, service, raw(body, b"Content-Type: application/json", method="POST"), policies)
    assert code_of(answer) == code
    assert service.connections == 0


IN_JSON = json.dumps({"avatar": BAD})


@pytest.mark.parametrize(
    "fields",
    [(b"Content-Type: text/plain",), (b"Content-Type: text/csv", b"X-Filename: a.csv"), ()],
    ids=["text", "named", "untyped"],
)
@pytest.mark.parametrize(
    "body",
    [
        IN_JSON.encode("utf-8-sig"), IN_JSON.encode("utf-16"), IN_JSON.encode("utf-16-le"), IN_JSON.encode("utf-32"),
        b" " * 600 + IN_JSON.encode(), IN_JSON.replace("{", "{" + " " * 600).encode(), b"/*x*/" + IN_JSON.encode(),
        b"\f" + IN_JSON.encode(), b")]}'\n" + IN_JSON.encode(), b"\x1e" + IN_JSON.encode(),
        IN_JSON.replace('"', "'").encode(), IN_JSON.replace('"avatar"', "avatar").encode(), f"[,{IN_JSON}]".encode(),
    ],
)  # fmt: skip
@pytest.mark.parametrize("coding", [None, b"gzip"])
async def test_no_dress_of_json_hides_the_files_in_it(sidecar, service, body, fields, coding):
    policies = {"any": {"bodies": {**FILES, "encodings": ["gzip"]}}}
    packed, fields = (gzip.compress(body), (*fields, b"Content-Encoding: gzip")) if coding else (body, fields)
    answer = await asked(sidecar, service, raw(packed, *fields, method="POST"), policies)
    assert code_of(answer) in {"json_malformed", "content_runs"}
    assert service.complete_requests == []


@pytest.mark.parametrize(
    ("fields", "body"),
    [
        ((b"Content-Type: text/plain",), b"a note"),
        ((b"Content-Type: text/plain",), b"[AutoRun] is a section"),
        ((b"Content-Type: text/css", b"X-Filename: a.css"), b"/*" + b" licence" * 100 + b"*/ body {}"),
        ((b"Content-Type: image/png",), IMAGE),
        ((b"Content-Type: application/x-www-form-urlencoded",), b"a=b"),
    ],
)
async def test_other_bodies_pass_where_files_may_stand_in_json(sidecar, service, fields, body):
    answer = await asked(sidecar, service, raw(body, *fields, method="POST"), {"any": {"bodies": FILES}})
    assert answer.status == 200


async def test_a_large_file_in_json_does_not_hold_up_the_loop(sidecar, service):
    body = json.dumps({"avatar": base64.b64encode(bytes(11 * 1024 * 1024)).decode()}).encode()
    policies = {"any": {"bodies": {"json_files": ["avatar"]}}}
    port = await sidecar(service, routes=[{"path": "/upload", "policy": "any"}], policies=policies)
    wire = await Wire.open(port)
    async with turns_of_the_loop(below=0.25):  # the client's as well; the measured figure stands in docs/shapes.md
        answer = await wire.ask(raw(body, b"Content-Type: application/json", method="POST"))
    assert answer.status == 200
