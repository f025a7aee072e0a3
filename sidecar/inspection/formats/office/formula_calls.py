"""What a formula of a workbook asks for as soon as it is calculated: another program, or another machine."""

import re
from collections.abc import Iterator
from typing import Final

from sidecar.inspection.formats.office.function_names import CALLS_OF_CELLS, PROGRAMS_OF_CELLS, any_of

_LITERAL: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_FUNCTION: Final = re.compile(
    rf"(?<![A-Za-z0-9_])(?:(?P<program>{any_of(PROGRAMS_OF_CELLS)})|{any_of(CALLS_OF_CELLS)})\s*\(", re.IGNORECASE
)
_FORMULA_DDE: Final = re.compile(r"[A-Za-z_]\d{0,3}\s{0,9}\|\s{0,9}(?:'[^']*'!|[^!|\s'\"]+![\w'\"$#])")


def asks_program(formula: str) -> bool:
    """Whether a formula asks another program for data: `cmd|'/c calc'!A0`, and as LibreOffice writes it `DDE("cmd";…)`.

    What stands in its texts does not.
    """
    bare = _LITERAL.sub(lambda each: each[0] if each[0][0] == "'" else '""', formula)
    return _FORMULA_DDE.search(bare) is not None or any(found["program"] for found in _functions(formula))


def fetches(formula: str) -> bool:
    """Whether a formula calls another machine as soon as it is calculated; a HYPERLINK waits for a click."""
    return any(not found["program"] for found in _functions(formula))


def _functions(formula: str) -> Iterator[re.Match[str]]:
    return _FUNCTION.finditer(_LITERAL.sub('""', formula)) if _FUNCTION.search(formula) else iter(())
