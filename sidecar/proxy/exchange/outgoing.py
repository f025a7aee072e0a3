"""What of a client's head goes on: who is calling told as set, and nothing that only the sidecar may say."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from sidecar.inspection.finding import printable
from sidecar.policy.settings.model import Config, Mode
from sidecar.proxy import reasons
from sidecar.proxy.exchange.receipt import is_receipt
from sidecar.proxy.http.fields import Fields
from sidecar.proxy.http.forwarded import Caller, rewritten
from sidecar.proxy.http.request_head import RequestHead
from sidecar.proxy.http.trace_context import PARENT, trace_id_of, traced
from sidecar.proxy.reasons import RefusedError

_SIGN: Final = b"_"


def outgoing(
    head: RequestHead, config: Config, mode: Mode, caller: Caller, random_hex: Callable[[int], str]
) -> tuple[RequestHead, str]:
    """The head as it goes on, and the id of its trace.

    Where the mode is off it goes on as it came; but a receipt that the client forged goes even then, if services here
    are used to receipts: it would be believed just when nobody looks at uploads.

    Raises:
        RefusedError: `field_name_ambiguous`, where `client.underscores` is refuse.
    """
    fields = head.fields
    if any(map(is_receipt, head.by_name)) and (mode is not Mode.OFF or config.receipt.send == "on"):
        fields = tuple(pair for pair in fields if not is_receipt(pair[0]))
    if mode is Mode.OFF:
        return _with(head, fields), trace_id_of(head.values(PARENT))
    fields = rewritten(_underscores(fields, config.client.underscores), caller, config.forwarded)
    fields, trace_id = traced(fields, head.values(PARENT), config.forwarded.trace, random_hex)
    return _with(head, fields), trace_id


def _with(head: RequestHead, fields: Fields) -> RequestHead:
    return head if fields is head.fields else replace(head, fields=fields)


def _underscores(fields: Fields, setting: str) -> Fields:
    if setting == "keep":
        return fields
    for name, _ in fields:
        if setting == "refuse" and _SIGN in name:
            raise RefusedError(reasons.FIELD_NAME_AMBIGUOUS, printable(name))
    return tuple(pair for pair in fields if _SIGN not in pair[0])
