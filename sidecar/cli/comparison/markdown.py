"""Markdown that shows texts of others as texts."""

import re
from collections.abc import Iterable, Sequence
from typing import Final

_SPECIAL: Final = re.compile(r"([\\`*_\[\]<>|])")
_LONGEST: Final = 400


def line(words: str) -> str:
    """One bounded line; controls, and what turns the direction of writing, are escapes."""
    safe = "".join(char if char.isprintable() else f"\\u{ord(char):04x}" for char in words[:_LONGEST])
    return safe + ("..." if len(words) > _LONGEST else "")


def text(words: str) -> str:
    """One line in which nothing is markup."""
    return _SPECIAL.sub(r"\\\1", line(words))


def code(words: str) -> str:
    """One line as code, in a table too, between as many backticks as it needs (CommonMark 0.31, section 6.1)."""
    safe = line(words).replace("|", "\\|")
    longest = max((len(run) for run in re.findall("`+", safe)), default=0)
    room = " " if longest or not safe else ""
    return f"{'`' * (longest + 1)}{room}{safe}{room}{'`' * (longest + 1)}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    """A table, and an empty line; cells are Markdown already. Columns whose name begins with # hold numbers."""
    marks = ["---:" if name.startswith("#") else "---" for name in head]
    lines = [[name.removeprefix("#") for name in head], marks, *rows]
    return [f"| {' | '.join(cells)} |" for cells in lines] + [""]
