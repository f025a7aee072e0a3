"""Fields that put another method or target in place of those of the request line: the strictest reading holds."""

import pytest

from tests.conformance.asking import IMAGE, PICTURES, asked, code_of, raw

ANY = {"any": {}}
JSON = (b'{"a": "<?php"}', b"Content-Type: application/json")
PAIRS = (b"a=<?php", b"Content-Type: application/x-www-form-urlencoded")


@pytest.mark.parametrize("body", [JSON, PAIRS])
@pytest.mark.parametrize(
    "field",
    [
        b"X-HTTP-Method-Override: PUT",
        b"X-HTTP-Method: put",
        b"X_Method_Override: PUT",
        b"X-HTTP-Method-Override: PUT, POST",
        b"X-HTTP-Method-Override:  POST ,PUT",
    ],
)
async def test_what_a_field_makes_a_put_is_judged_as_one(sidecar, service, body, field):
    answer = await asked(sidecar, service, raw(*body, field, method="POST", target="/upload/shell.php"), ANY)
    assert code_of(answer) == "suffix_forbidden"
    assert service.connections == 0


async def test_a_put_is_judged_as_one_whatever_a_field_makes_of_it(sidecar, service):
    request = raw(*JSON, b"X-HTTP-Method-Override: POST", target="/upload/shell.php")
    assert code_of(await asked(sidecar, service, request, ANY)) == "suffix_forbidden"


@pytest.mark.parametrize(
    ("override", "status"), [(b"PUT", 400), (b"post", 400), (b"DELETE", 200), (b"", 200), (b"get, head", 200)]
)
async def test_a_piece_is_one_if_any_of_its_methods_uploads(sidecar, service, override, status):
    fields = (b"Content-Range: bytes 0-8/99", b"X-HTTP-Method-Override: " + override, JSON[1])
    assert (await asked(sidecar, service, raw(JSON[0], *fields, method="GET"), ANY)).status == status


@pytest.mark.parametrize("kind", [b"text/plain", b"application/json"])
@pytest.mark.parametrize("name", [b"X-Original-URL", b"X_Rewrite_URL"])
@pytest.mark.parametrize(
    "target",
    [b"/upload/shell.php", b"/upload/shell%2ephp?x=a.png", b"http://a/upload/shell.php", b"/upload/shell.php/;"],
)
async def test_the_name_in_a_target_that_a_field_tells_is_judged(sidecar, service, kind, name, target):
    request = raw(JSON[0], b"Content-Type: " + kind, name + b": " + target)
    assert code_of(await asked(sidecar, service, request, ANY)) == "suffix_forbidden"
    assert service.connections == 0


async def test_the_query_of_a_target_that_a_field_tells_is_judged(sidecar, service):
    request = raw(JSON[0], b"X-Original-URL: /upload?filename=shell.php", JSON[1], method="POST")
    assert code_of(await asked(sidecar, service, request, ANY)) == "suffix_forbidden"


async def test_two_targets_with_different_names_are_refused(sidecar, service):
    request = raw(IMAGE, b"X-Original-URL: /upload/b.png", target="/upload/a.png")
    assert code_of(await asked(sidecar, service, request, ANY)) == "file_names_differ"


async def test_very_many_targets_are_refused(sidecar, service):
    request = raw(IMAGE, *(b"X-Original-URL: /upload/%d" % number for number in range(9)))
    assert code_of(await asked(sidecar, service, request, ANY)) == "file_names_differ"


async def test_what_honest_proxies_tell_of_a_target_changes_nothing(sidecar, service):
    fields = (b"X-Original-URL: /app/upload/a.png?v=1", b"X-Forwarded-Prefix: /app", b"X-Script-Name: /app")
    request = raw(IMAGE, *fields, b"Content-Type: image/png", target="/upload/a.png")
    assert (await asked(sidecar, service, request, PICTURES)).status == 200
