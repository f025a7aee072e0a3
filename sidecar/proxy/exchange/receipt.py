"""The receipt of an inspected upload: header fields that tell the service what was found, and perhaps a signature."""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote

from sidecar.inspection.file import FileRecord
from sidecar.proxy.http.fields import Fields, plain

PREFIX: Final = b"upload-receipt"
MOST_BYTES: Final = 4096
"""Bytes of all fields of files together: services bound the size of a head, some at 8 KiB."""


@dataclass(frozen=True, slots=True)
class Facts:
    """What a receipt tells."""

    request_id: str
    verdict: str
    policy: str
    """Name of the policy."""
    policy_digest: str
    files: Sequence[FileRecord]
    time: int
    """Unix time in seconds."""


@lru_cache(maxsize=1024)
def is_receipt(name: bytes) -> bool:
    """Whether a field is one that only the sidecar may send, however a gateway would spell it."""
    return plain(name).startswith(PREFIX)


def receipt(facts: Facts, key: bytes, max_files: int) -> Fields:
    """The fields of a receipt; signed where the key is not empty."""
    told = _files(facts.files[:max_files])
    fields = (
        (b"Upload-Receipt-Verdict", facts.verdict.encode("ascii")),
        (b"Upload-Receipt-Policy", encoded(facts.policy)),
        (b"Upload-Receipt-Policy-Digest", facts.policy_digest.encode("ascii")),
        (b"Upload-Receipt-Time", b"%d" % facts.time),
        (b"Upload-Receipt-Files", b"%d; listed=%d" % (len(facts.files), len(told))),
        *told,
    )
    return (*fields, (b"Upload-Receipt-Signature", signature(fields, facts.request_id, key))) if key else fields


def signature(fields: Fields, request_id: str, key: bytes) -> bytes:
    """HMAC-SHA256, in hexadecimal, of one line for the request id and one for each field, in the order of names."""
    lines = sorted(name.lower() + b":" + value for name, value in fields)
    text = b"\n".join([b"x-request-id:" + request_id.encode("ascii"), *lines])
    return hmac.new(key, text, hashlib.sha256).hexdigest().encode("ascii")


def _files(files: Sequence[FileRecord]) -> Fields:
    told: list[tuple[bytes, bytes]] = []
    room = MOST_BYTES
    for number, file in enumerate(files, 1):
        value = _file(file)
        room -= len(value)
        if room < 0:
            break
        told.append((b"Upload-Receipt-File-%d" % number, value))
    return tuple(told)


def _file(file: FileRecord) -> bytes:
    """One file, as the service gets it."""
    sent = file.stripped or file
    return b"; ".join(
        (
            b"field=" + encoded(file.field),
            b"name=" + encoded(file.filename),
            b"type=" + encoded(file.content_type),
            b"size=%d" % sent.size,
            b"sha256=" + sent.sha256.encode("ascii"),
        )
    )


def encoded(text: str) -> bytes:
    """Text as percent-encoded UTF-8 (RFC 3986, section 2.1): no sign of it can end a parameter or a line."""
    return quote(text, safe="/", errors="backslashreplace").encode("ascii")
