"""Plain scalars by the core schema of YAML 1.2, where `off` is text and not a boolean."""

import re
from typing import Final

from sidecar.policy.values.scalars import WrittenFloat, WrittenInt

_NULL: Final = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS: Final = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
# At most 18 digits: int() of a million digits takes seconds, and nothing here counts that far.
_DECIMAL: Final = re.compile(r"[-+]?[0-9]{1,18}")
_PREFIXED: Final = re.compile(r"0o[0-7]{1,18}|0x[0-9A-Fa-f]{1,16}")
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]{1,18}|[0-9]{1,18}(?:\.[0-9]{0,18})?)(?:[eE][-+]?[0-9]{1,3})?")

Scalar = str | int | float | bool | None


def plain_scalar(text: str) -> Scalar:
    """The value of an unquoted scalar (YAML 1.2.2, section 10.3.2); infinities and NaN stay text."""
    if text in _NULL:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    number: WrittenInt | WrittenFloat
    if _DECIMAL.fullmatch(text):
        number = WrittenInt(text)
    elif _PREFIXED.fullmatch(text):
        number = WrittenInt(text, 0)
    elif _FLOAT.fullmatch(text):
        number = WrittenFloat(text)
    else:
        return text
    number.written = text
    return number
