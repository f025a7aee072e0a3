"""Which Content-Length all readers understand alike."""

from typing import Final

_LONGEST: Final = 2**63 - 1
"""llhttp takes 2**64 - 1 for no length at all; readers with signed numbers see a negative one from 2**63."""
_DIGITS: Final = len(str(_LONGEST))


def is_length(value: bytes) -> bool:
    """Whether the value is digits only (RFC 9110, section 8.6), and a number that nobody takes for another."""
    if not value.isdigit() or len(value) < _DIGITS:
        return value.isdigit()
    digits = value.lstrip(b"0")
    return len(digits) <= _DIGITS and int(digits or b"0") <= _LONGEST
