"""Why the proxy itself refuses or fails: the head of the request, its pace, the spool, the service."""

from typing import Final

from sidecar.inspection.reason import Reason, Retry, reason_of, reasons_in
from sidecar.multipart.rules import Rule
from sidecar.proxy.rules import RULES

_HEAD: Final = "request head"
_SERVICE: Final = "the service"


_LIBRARY: Final = "Send the request with a common HTTP library."


def _head(
    code: str, title: str, expected: str, *, status: int = 400, source: str = "RFC 9112", advice: str = _LIBRARY
) -> Reason:
    return Reason(code, title, status, _HEAD, expected, advice, source=source)


HEAD_MALFORMED = _head("head_malformed", "The request is not HTTP", "a request head as RFC 9112 writes it")
HEAD_TOO_LARGE = _head(
    "head_too_large", "The request head is too large", "fewer and shorter header fields", status=431,
    source="RFC 6585, section 5",
    advice="Send fewer and shorter fields, cookies among them. "
    "Operators: see client.max_line, client.max_fields and client.max_head.",
)  # fmt: skip
TARGET_TOO_LONG = _head(
    "target_too_long", "The request target is too long", "a shorter path and query", status=414,
    source="RFC 9110, section 15.5.15",
    advice="Send what is long in the body of a POST. Operators: see client.max_line.",
)  # fmt: skip
VERSION_UNKNOWN = _head(
    "version_unknown", "This HTTP version is not spoken here", "HTTP/1.1 or HTTP/1.0", status=505,
    source="RFC 9110, section 15.6.6",
)  # fmt: skip
METHOD_REFUSED = _head(
    "method_refused", "This method is not forwarded", "a method of HTTP other than TRACE and CONNECT", status=405,
    source="RFC 9110, section 9.3",
)  # fmt: skip
TARGET_MALFORMED = _head(
    "target_malformed", "The request target has an unexpected form", "a path that begins with / and has no #fragment",
    source="RFC 9112, section 3.2",
)  # fmt: skip
HOST_MALFORMED = _head(
    "host_malformed", "The Host field is not a host", "one Host field: a name or address and perhaps a port",
    source="RFC 9112, section 3.2",
)  # fmt: skip
TRANSFER_CODING = _head(
    "transfer_coding", "This transfer coding is not understood", "no transfer coding, or chunked alone", status=501,
    source="RFC 9112, section 6.1",
)  # fmt: skip
FRAMING_AMBIGUOUS = _head(
    "framing_ambiguous", "The length of the body can be read in two ways",
    "one Content-Length or one Transfer-Encoding: chunked, in HTTP/1.1", source="RFC 9112, section 6.3",
)  # fmt: skip
FIELD_NAME_AMBIGUOUS = _head(
    "field_name_ambiguous", "A field name imitates one that rules the message", "a hyphen in the field name, not a _",
    source="CGI maps Content_Length and Content-Length to one variable (RFC 3875, section 4.1.18)",
)  # fmt: skip
EXPECTATION_UNKNOWN = _head(
    "expectation_unknown", "This expectation cannot be met", "no Expect field, or 100-continue", status=417,
    source="RFC 9110, section 10.1.1",
)  # fmt: skip

TUNNEL_REFUSED = Reason(
    "tunnel_refused", "This path takes uploads, and a tunnel cannot be inspected", 403, "protocol",
    "a request without Upgrade", "Ask without Upgrade. Operators: `tunnels: pass` on the route lets tunnels through.",
    source="RFC 9110, section 7.8",
)  # fmt: skip

NOT_READ_ALIKE = Rule(
    "not_read_alike", "The form is written in a way that parsers read differently",
    "the exact form that browsers send: nothing that would have to be normalised", "docs/deliveries.md",
    "Send the form with a browser or a common HTTP library. Operators: this route has `body: original`.",
)  # fmt: skip
HEAD_TOO_SLOW = Reason(
    "head_too_slow", "The request head arrived too slowly", 408, "the pace of the head", "a whole head in time",
    "Try again on a better connection. The limit is client.head_timeout.", Retry.SAFE, "RFC 9110, section 15.5.9",
)  # fmt: skip
BODY_TOO_SLOW = Reason(
    "body_too_slow", "The body arrived too slowly", 408, "the pace of the body", "a steady flow of bytes",
    "Try again on a better connection. The limits are client.idle_timeout, client.min_rate and client.max_duration.",
    Retry.SAFE, "RFC 9110, section 15.5.9",
)  # fmt: skip
BODY_FRAMING = Reason(
    "body_framing", "The body is not framed as its head says", 400, "the framing of the body",
    "chunks as RFC 9112 writes them", _LIBRARY, source="RFC 9112, section 7.1",
)  # fmt: skip
SPOOL_FULL = Reason(
    "spool_full", "There is no room to hold the upload", 503, "the spool", "room for the upload",
    "Try again in a moment. Operators: see spool.max_bytes and the disk behind spool.directory.", Retry.SAFE, shed=True,
)  # fmt: skip
TOO_MANY_CONNECTIONS = Reason(
    "too_many_connections", "Too many clients are connected", 503, "the number of connections", "room for one more",
    "Try again in a moment, on a new connection. Operators: see overload.max_connections.", Retry.SAFE, shed=True,
)  # fmt: skip
TOO_MANY_UPLOADS = Reason(
    "too_many_uploads", "Too many uploads are under way", 503, "the number of uploads", "room for one more",
    "Try again in a moment. Operators: see overload.max_uploads.", Retry.SAFE, shed=True,
)  # fmt: skip
NO_DESCRIPTORS = Reason(
    "no_descriptors", "The sidecar has no file descriptors left", 503, "open files", "a free descriptor",
    "Try again in a moment. Operators: raise the limit of open files (ulimit -n), or lower overload.max_connections.",
    Retry.SAFE, shed=True,
)  # fmt: skip
INTERNAL = Reason(
    "internal_error", "The sidecar failed", 500, "the sidecar", "no error",
    "This is a bug: tell the operators the request id; `mode: off` bypasses all inspection.", Retry.UNKNOWN,
)  # fmt: skip

UPSTREAM_UNREACHABLE = Reason(
    "upstream_unreachable", "The service cannot be reached", 502, _SERVICE, "a connection to the service",
    "Nothing was sent: try again. Operators: is the service listening at upstream.url?", Retry.SAFE,
)  # fmt: skip
UPSTREAM_UNTRUSTED = Reason(
    "upstream_untrusted", "The service did not prove who it is", 502, _SERVICE, "TLS with a trusted certificate",
    "Nothing was sent: try again later. Operators: see the log, upstream.ca and upstream.server_name.", Retry.SAFE,
)  # fmt: skip
UPSTREAM_CLOSED = Reason(
    "upstream_closed", "The service closed the connection without an answer", 502, _SERVICE, "an answer",
    "The service may have acted on the request: ask it before trying again.", Retry.UNKNOWN,
)  # fmt: skip
UPSTREAM_GARBLED = Reason(
    "upstream_garbled", "The service's answer cannot be read", 502, _SERVICE, "an answer as RFC 9112 writes it",
    "The service may have acted on the request: ask it before trying again.", Retry.UNKNOWN,
)  # fmt: skip
UPSTREAM_TIMEOUT = Reason(
    "upstream_timeout", "The service took too long", 504, _SERVICE, "an answer in time",
    "The service may have acted on the request: ask it before trying again. Operators: see upstream.answer_timeout.",
    Retry.UNKNOWN,
)  # fmt: skip
UPSTREAM_STALLED = Reason(
    "upstream_stalled", "The service stopped reading the request", 504, _SERVICE, "a service that reads the request",
    "The service may have acted on the request: ask it before trying again. Operators: see upstream.write_timeout.",
    Retry.UNKNOWN,
)  # fmt: skip
UPSTREAM_ABANDONED = Reason(
    "upstream_abandoned", "The client left while the service let it wait", 504, _SERVICE,
    "an answer before the client gives up",
    "Nobody reads this: log and metrics tell it. Operators: the service is slow, or hangs; clients are told where "
    "upstream.answer_timeout is below their patience.", Retry.UNKNOWN,
)  # fmt: skip

UPLOADS: Final = tuple(map(reason_of, (NOT_READ_ALIKE, *RULES)))
"""What the shapes of uploads find: metrics tell of these as findings."""
REASONS: Final = (*UPLOADS, *reasons_in(globals()))
"""Every Reason of this room: the documentation and the metrics are made from it."""
SHED: Final = tuple(reason for reason in REASONS if reason.shed)
"""Those for which a request was not taken on."""
OF_SERVICE: Final = tuple(reason for reason in REASONS if reason.failed == _SERVICE)
"""Those for which the service is to blame."""


class RefusedError(Exception):
    """The exchange ends with an answer of our own.

    Attributes:
        reason, actual: what the answer says.
    """

    def __init__(self, reason: Reason, actual: str = "") -> None:
        super().__init__(reason.code)
        self.reason = reason
        self.actual = actual
