"""How much of each thing the grammar lets a body have, so that every step stays linear and small."""

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one body; sizes in bytes. Real clients stay under a tenth of each."""

    boundary: int = 70
    """Characters of a boundary (RFC 2046, section 5.1.1)."""
    header_block: int = 4096
    """Header lines of one part, without the blank line."""
    headers: int = 16
    """Header lines of one part; browsers send two."""
    disposition_parameters: int = 8
    """Parameters of one Content-Disposition; three are known."""
    max_parts: int = 1000
    """Fields and files of one body."""
    preamble: int = 4096
    """Text before the first delimiter, which is dropped."""
    epilogue: int = 4096
    """Text after the close delimiter, which is dropped."""


DEFAULT_LIMITS: Final = Limits()
