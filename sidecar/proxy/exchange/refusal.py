"""A Reason met at one place, as the answer that a client reads (RFC 9457)."""

import json
import math
from collections.abc import Mapping
from http import HTTPStatus
from typing import Final

from sidecar.inspection.finding import Finding
from sidecar.inspection.reason import Reason
from sidecar.proxy.exchange.audience import PROGRAM, Audience
from sidecar.proxy.exchange.refusal_page import FIELDS, page
from sidecar.proxy.http.answer_head import connection_field
from sidecar.proxy.http.fields import Fields, serialise

_RETRY_AFTER: Final = 5.0
_ALLOW: Final = ((b"Allow", b"GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS"),)
_EXTRA: Final[Mapping[int, Fields]] = {405: _ALLOW}
_UNAVAILABLE: Final = 503
_PROBLEM: Final[Fields] = ((b"Content-Type", b"application/problem+json"),)
_SAFE_FIELDS: Final = ((b"Cache-Control", b"no-store"), (b"X-Content-Type-Options", b"nosniff"))


def problem(finding: Finding, request_id: str) -> dict[str, object]:
    """The members of the problem object, the contract's names in the contract's order."""
    reason = finding.reason
    return {
        "type": f"urn:upload-sidecar:{reason.code}",
        "title": reason.title,
        "status": reason.status,
        "detail": detail(finding),
        "code": reason.code,
        "failed": reason.failed,
        "expected": finding.expectation,
        "actual": finding.actual or None,
        "part": finding.part,
        "retry": reason.retry.value,
        "request_id": request_id,
    }


def detail(finding: Finding) -> str:
    """One text for a person: what is wrong, where, what was expected, what to do."""
    where = f" (part `{finding.part}`)" if finding.part is not None else ""
    seen = f": {finding.actual}" if finding.actual else ""
    return f"{finding.reason.title}{where}{seen}. Expected: {finding.expectation}. {finding.reason.advice}"


def answer(
    finding: Finding,
    request_id: str,
    *,
    version: tuple[int, int],
    keep_alive: bool,
    head_only: bool = False,
    retry_after: float = _RETRY_AFTER,
    audience: Audience = PROGRAM,
) -> bytes:
    """The whole answer, head and body.

    Args:
        finding: what it says.
        request_id: also in its X-Request-ID field.
        version: what the client speaks.
        keep_alive: whether the connection stays open.
        head_only: for the answer to HEAD.
        retry_after: seconds after which a 503 may be tried again.
        audience: who reads it.
    """
    body = page(finding, request_id) if audience.wants_page else _problem(finding, request_id)
    fields = (
        *(FIELDS if audience.wants_page else _PROBLEM),
        *_SAFE_FIELDS,
        *audience.fields,
        (b"Content-Length", b"%d" % len(body)),
        (b"X-Request-ID", request_id.encode("ascii")),
        *_EXTRA.get(finding.reason.status, ()),
        *(_retry(retry_after) if finding.reason.status == _UNAVAILABLE else ()),
        *connection_field(version, keep_alive=keep_alive),
    )
    return serialise(status_line(finding.reason), fields) + (b"" if head_only else body)


def _problem(finding: Finding, request_id: str) -> bytes:
    return json.dumps(problem(finding, request_id), indent=2).encode() + b"\n"


def _retry(seconds: float) -> Fields:
    """RFC 9110, section 10.2.3: whole seconds, and never none, which would mean at once."""
    return ((b"Retry-After", b"%d" % max(1, math.ceil(seconds))),)


def status_line(reason: Reason) -> bytes:
    """The first line of the answer."""
    return f"HTTP/1.1 {reason.status} {HTTPStatus(reason.status).phrase}".encode("ascii")
