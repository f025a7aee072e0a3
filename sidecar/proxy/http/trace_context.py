"""The W3C Trace Context of a request: passed on, begun or restarted."""

import re
from collections.abc import Callable, Sequence
from typing import Final, Literal

from sidecar.proxy.http.fields import Fields, amended, without

PARENT: Final = b"traceparent"
_STATE: Final = b"tracestate"
_FORM: Final = re.compile(rb"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-[\x21-\x7e]*)?")
_TRACE_BYTES: Final = 16
_SPAN_BYTES: Final = 8
_SAMPLED: Final = "01"
"""With 00 the usual sampler of a service (that of the parent) would record nothing any more."""


def trace_id_of(values: Sequence[bytes]) -> str:
    """The id of the trace that a request belongs to, empty where it says none that is valid (section 3.2).

    Args:
        values: of its traceparent fields.
    """
    form = _FORM.fullmatch(values[0]) if len(values) == 1 else None
    if form is None or form[1] == b"ff" or (form[1] == b"00" and form[4]):
        return ""
    if not form[2].strip(b"0") or not form[3].strip(b"0"):
        return ""
    return form[2].decode("ascii")


def traced(
    fields: Fields,
    parents: Sequence[bytes],
    trace: Literal["pass", "begin", "restart"],
    random_hex: Callable[[int], str],
) -> tuple[Fields, str]:
    """The fields that go on, and the trace id; it is empty where there is none.

    `pass` changes nothing, not even what is invalid: who takes no part in a trace passes it on (section 2.2). A trace
    that begins here has no state of vendors from before.
    """
    trace_id = trace_id_of(parents)
    if trace == "pass" or (trace == "begin" and trace_id):
        return fields, trace_id
    trace_id = random_hex(_TRACE_BYTES)
    parent = f"00-{trace_id}-{random_hex(_SPAN_BYTES)}-{_SAMPLED}"
    return amended(without(fields, (_STATE,)), ((PARENT, parent.encode("ascii")),)), trace_id
