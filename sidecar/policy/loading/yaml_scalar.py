"""Plain scalars by the core schema of YAML 1.2, where `off` is text and not a boolean."""

import re
from typing import Final

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
    if _DECIMAL.fullmatch(text):
        return int(text)
    if _PREFIXED.fullmatch(text):
        return int(text, 0)
    return float(text) if _FLOAT.fullmatch(text) else text
