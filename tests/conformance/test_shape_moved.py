"""Fields that put another method or target in place of those of the request line: the strictest reading holds."""

import pytest

from tests.conformance.asking import asked, code_of, raw

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
