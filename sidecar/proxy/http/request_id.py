"""The request id: taken from the client where it is fit to be printed, made otherwise."""

import re
from collections.abc import Callable, Sequence
from typing import Final

FIELD: Final = b"X-Request-ID"
_FIT: Final = re.compile(rb"[A-Za-z0-9._:/+=-]{8,128}")
_BYTES: Final = 16


def request_id_of(sent: Sequence[bytes], random_hex: Callable[[int], str]) -> str:
    """The id of one request, also in its answer, its log line and what the service gets.

    Args:
        sent: values of the client's X-Request-ID fields.
        random_hex: gives so many unpredictable bytes, as `secrets.token_hex` does.
    """
    if len(sent) == 1 and _FIT.fullmatch(sent[0]):
        return sent[0].decode("ascii")
    return random_hex(_BYTES)
