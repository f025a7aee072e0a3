"""The example on the page about receipts verifies real ones, and nothing else."""

import re
from pathlib import Path

import pytest

from tests.wire import PNG, Wire, form, post

PAGE = Path(__file__).parents[2] / "docs" / "receipt.md"
KEY = b"0123456789abcdef"


@pytest.fixture(scope="module")
def verified():
    module = {}
    exec(re.search(r"```python\n(.*?)```", PAGE.read_text(), re.DOTALL)[1], module)  # noqa: S102 - the page is ours
    return module["verified"]


@pytest.fixture
async def headers(sidecar, service, tmp_path):
    """What a service gets with an upload of two files."""
    key = tmp_path / "key"
    key.write_bytes(KEY + b"\n")
    port = await sidecar(service, receipt={"send": "on", "key_file": str(key)})
    body = form(
        ("avatar", "cat ü; size=0.png", "image/png", PNG), ("text", None, None, b"x"), ("b", "b.txt", None, b"b")
    )
    assert (await (await Wire.open(port)).ask(post(body))).status == 200
    lines = (line.decode().partition(": ") for line in service.requests[0].lines)
    return {name: value for name, _, value in lines}


async def test_the_example_verifies_a_real_receipt(verified, headers):
    files = verified(headers, KEY)
    assert [(file["field"], file["name"], file["size"]) for file in files] == [
        ("avatar", "cat ü; size=0.png", str(len(PNG))),
        ("b", "b.txt", "1"),
    ]


async def test_a_changed_receipt_is_refused(verified, headers):
    signed = [name for name in headers if name.startswith(("Upload-Receipt-", "X-Request-ID"))]
    assert len(signed) == 9
    for name in signed:
        assert verified({**headers, name: headers[name] + "0"}, KEY) is None, name
        assert verified({key: value for key, value in headers.items() if key != name}, KEY) is None, name


async def test_a_receipt_with_another_key_or_of_long_ago_is_refused(verified, headers):
    assert verified(headers, b"another key, also 16 bytes") is None
    assert verified(headers, KEY, longest=-1) is None


def test_a_request_without_a_receipt_is_refused(verified):
    assert verified({"Host": "a"}, KEY) is None
