"""The name of a file that is a body counts wherever it stands."""

import pytest

from tests.conformance.asking import IMAGE, PICTURES, asked, code_of, raw
from tests.wire import Wire

ANY = {"any": {}}


@pytest.mark.parametrize(
    ("fields", "target", "code"),
    [
        ((), "/upload/shell.php", "suffix_forbidden"),
        ((), "/upload/shell%2ephp", "suffix_forbidden"),
        ((), "/upload/shell.php/", "suffix_forbidden"),
        ((), "/upload/shell.php%00.png", "name_control"),
        ((), "/upload/shell.php;a=b", "suffix_forbidden"),
        ((), "/upload/shell.php;x=.png", "suffix_forbidden"),
        ((), "/upload/run.exe;x=.png", "suffix_forbidden"),
        ((), "/upload/shell.php/;", "suffix_forbidden"),
        ((), "/upload/shell.php/;x", "suffix_forbidden"),
        ((), "/upload/shell.php;/;", "suffix_forbidden"),
        ((), "/upload/shell.php/x/..;/", "file_name_path"),
        ((), "/upload/shell.php/%20", "suffix_forbidden"),
        ((), "/upload/shell.php/%09", "suffix_forbidden"),
        ((), "/upload/shell%252ephp", "suffix_forbidden"),
        ((), "/upload/a.png;/shell.php", "suffix_forbidden"),
        ((), "/upload/a.png;b.txt", "file_names_differ"),
        ((), "/upload/" + "".join(f"%{'25' * number}3b;/..\\" for number in range(12)) + "a", "file_names_differ"),
        ((), "/upload/.htaccess", "file_name_reserved"),
        ((), "/upload/a.png/.", "filename_blank"),
        ((), "/upload?filename=shell.php", "suffix_forbidden"),
        ((), "/upload?x=1&qqfile=shell%2Ephp", "suffix_forbidden"),
        ((b"X-Filename: shell.php",), "/upload", "suffix_forbidden"),
        ((b"X-Filename: shell%2Ephp",), "/upload", "suffix_forbidden"),
        ((b"X-File-Name: shell.php",), "/upload", "suffix_forbidden"),
        ((b"X_Filename: shell.php",), "/upload", "suffix_forbidden"),
        ((b"X-File_Name: shell.php",), "/upload", "suffix_forbidden"),
        ((b"X-Filename: a.png", b"X_Filename: b.png"), "/upload", "file_names_differ"),
        ((), "/upload?filename[]=shell.php", "suffix_forbidden"),
        ((), "/upload?filename%5B0%5D=shell.php", "suffix_forbidden"),
        ((), "/upload?+filename=shell.php", "suffix_forbidden"),
        ((), "/upload?%20filename=shell.php", "suffix_forbidden"),
        ((), "/upload?filename%00x=shell.php", "suffix_forbidden"),
        ((), "/upload?file+name=shell.php", "suffix_forbidden"),
        ((), "/upload?file.name=shell.php", "suffix_forbidden"),
        ((), "/upload?file[name=shell.php", "suffix_forbidden"),
        ((), "/upload?x=1?filename=shell.php", "suffix_forbidden"),
        ((b'Content-Disposition: attachment; filename="shell.php"',), "/upload", "suffix_forbidden"),
        ((b"Content-Disposition: attachment; filename=shell.php",), "/upload", "suffix_forbidden"),
        ((b"Content-Disposition: inline; filename*=UTF-8''shell%2Ephp",), "/upload", "suffix_forbidden"),
        ((b'Content-Disposition: form-data; name="f"; filename="shell.php"',), "/upload", "suffix_forbidden"),
        ((b'Content-Disposition: attachment; filename="../../x.png"',), "/upload", "file_name_path"),
        ((b'Content-Disposition: attachment; filename="/tmp/x.png"',), "/upload", "file_name_path"),
        ((b"Content-Disposition: attachment; filename",), "/upload", "disposition_invalid"),
        ((b"Content-Disposition: x.png",), "/upload", "disposition_invalid"),
        ((b"Content-Disposition: inline", b"Content-Disposition: inline"), "/upload", "disposition_duplicate"),
        ((b"X-Filename: a.png",), "/upload/b.png", "file_names_differ"),
        ((b"X-Filename: a.png", b"X-Filename: b.png"), "/upload", "file_names_differ"),
        ((b"X-Filename: a.png", b'Content-Disposition: inline; filename="b.png"'), "/upload", "file_names_differ"),
        ((b"Content-Disposition: inline; filename=\"a.png\"; filename*=UTF-8''b.png",), "/upload", "filename_conflict"),
    ],
)
@pytest.mark.parametrize("content_type", [b"image/png", b"application/json"])
async def test_a_bad_name_is_refused_wherever_it_stands(sidecar, service, fields, target, code, content_type):
    body = IMAGE if content_type == b"image/png" else b'{"a": 1}'
    answer = await asked(sidecar, service, raw(body, *fields, b"Content-Type: " + content_type, target=target), ANY)
    assert code_of(answer) == code
    assert service.connections == 0


@pytest.mark.parametrize(
    ("fields", "target"),
    [
        ((), "/upload/a.png"),
        ((), "/upload/my%20caf%C3%A9.png"),
        ((), "/upload/a.png;jsessionid=F00.node1"),
        ((), "/upload/No.%205;%20final.png"),
        ((), "/upload/No.%205%3B%20final.png"),
        ((), "/upload/100%25.png"),
        ((b"X-Filename: a.png",), "/upload/a.png/;v=1"),
        ((b"X-Filename: a.png",), "/upload/a.png"),
        ((b"X-Filename: my%20a.png",), "/upload/my%20a.png"),
        ((b"X-Filename: a.png", b"X_Filename: a.png"), "/upload?filename[]=a.png"),
        ((b"X-Filename: a.png",), "/upload?files[filename]=b.png&x?y=1"),
        ((b"Content-Disposition: attachment; filename=\"a.png\"; filename*=UTF-8''a.png",), "/upload?filename=a.png"),
        ((b"X-Filename: \xc3\xa4.png",), "/upload"),
        ((b"X-Filename: 100%.png",), "/upload"),
        ((b"Content-Disposition: attachment",), "/upload"),
    ],
)
async def test_a_good_name_passes_and_the_head_is_forwarded_as_it_was(sidecar, service, fields, target):
    request = raw(IMAGE, *fields, b"Content-Type: image/png", b"X-Odd:  kept ", target=target)
    assert (await asked(sidecar, service, request)).status == 200
    (sent,) = service.requests
    assert sent.start == f"PUT {target} HTTP/1.1".encode()
    assert set(fields) <= set(sent.lines)
    assert sent.body == IMAGE


async def test_the_script_that_a_route_names_is_not_the_name_of_a_file(sidecar, service):
    request = raw(IMAGE, b"X-Filename: a.png", target="/upload.php", method="POST")
    port = await sidecar(service, routes=[{"path": "/upload.php", "policy": "pictures"}], policies=PICTURES)
    assert (await (await Wire.open(port)).ask(request)).status == 200
