"""The receipt of an inspected upload."""

import hashlib
import hmac

import pytest

from sidecar.inspection.file import FileRecord
from sidecar.policy.routing.digest import digest_of
from sidecar.policy.settings.model import Files, Policy
from sidecar.proxy.exchange.receipt import MOST_BYTES, Facts, encoded, is_receipt, receipt

KEY = b"0123456789abcdef"


def record(name="cat.png", field="avatar"):
    return FileRecord(field, name, "image/png", "image/png", 21, "ab" * 32)


def facts(*files):
    return Facts("request-1", "clean", "avatars", "cd" * 32, files, 1700000000)


def test_it_tells_verdict_policy_and_files():
    assert receipt(facts(record()), b"", 10) == (
        (b"Upload-Receipt-Verdict", b"clean"),
        (b"Upload-Receipt-Policy", b"avatars"),
        (b"Upload-Receipt-Policy-Digest", b"cd" * 32),
        (b"Upload-Receipt-Time", b"1700000000"),
        (b"Upload-Receipt-Files", b"1; listed=1"),
        (b"Upload-Receipt-File-1", b"field=avatar; name=cat.png; type=image/png; size=21; sha256=" + b"ab" * 32),
    )


def test_the_signature_covers_every_field_and_the_request_id():
    fields = receipt(facts(record()), KEY, 10)
    lines = sorted(name.lower() + b":" + value for name, value in fields[:-1])
    text = b"\n".join([b"x-request-id:request-1", *lines])
    assert fields[-1] == (
        b"Upload-Receipt-Signature",
        hmac.new(KEY, text, hashlib.sha256).hexdigest().encode(),
    )


@pytest.mark.parametrize("name", ["a; size=0", "a\r\nX: 1", 'q"u', "ü€", "\udcff", "a,b", "a=b", "%41", "\0"])
def test_no_name_can_end_its_parameter_or_its_line(name):
    text = encoded(name)
    assert not set(text) & set(b'\r\n;=," \0')
    assert text.isascii()


def test_files_beyond_the_limit_are_only_counted():
    fields = dict(receipt(facts(*[record()] * 5), b"", 2))
    assert fields[b"Upload-Receipt-Files"] == b"5; listed=2"
    assert b"Upload-Receipt-File-3" not in fields


def test_long_names_leave_the_head_within_bounds():
    fields = receipt(facts(*[record("ü" * 255)] * 100), KEY, 100)
    assert sum(len(value) for name, value in fields if b"-File-" in name) <= MOST_BYTES
    assert dict(fields)[b"Upload-Receipt-Files"] == b"100; listed=2"


@pytest.mark.parametrize(
    "name",
    [b"Upload-Receipt-Verdict", b"upload-receipt", b"UPLOAD_RECEIPT_VERDICT", b"Upload.Receipt.X", b"upload-receipts"],
)
def test_a_receipt_from_a_client_is_known_however_it_is_spelled(name):
    assert is_receipt(name)


@pytest.mark.parametrize("name", [b"Upload-Length", b"X-Upload-Receipt", b"Upload-Metadata"])
def test_fields_of_others_stay(name):
    assert not is_receipt(name)


def test_the_digest_of_a_policy_changes_with_what_is_allowed():
    policies = [Policy(), Policy(max_files=1), Policy(files=Files(types=("image/png",))), Policy(checks="off")]
    assert len({digest_of(policy) for policy in policies}) == len(policies)
    assert digest_of(Policy()) == digest_of(Policy())
