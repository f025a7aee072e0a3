"""The request id: taken from the client where it is fit to be printed, made otherwise."""

import re
from collections.abc import Callable
from typing import Final

from sidecar.proxy.fields import Fields, values_of

FIELD: Final = b"X-Request-ID"
_FIT: Final = re.compile(rb"[A-Za-z0-9._:/+=-]{8,128}")
_BYTES: Final = 16


def request_id_of(fields: Fields, random_hex: Callable[[int], str]) -> str:
    """The id of one request, also in its answer, its log line and what the service gets."""
    sent = values_of(fields, FIELD.lower())
    if len(sent) == 1 and _FIT.fullmatch(sent[0]):
        return sent[0].decode("ascii")
    return random_hex(_BYTES)
