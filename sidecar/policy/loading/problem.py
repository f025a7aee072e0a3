"""What is wrong with a configuration, said so that it can be put right."""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Final

Path = tuple[str | int, ...]
"""The way to a setting: `("routes", 0, "policy")`."""
_LONGEST_SHOWN: Final = 60
_LONGEST_READ: Final = 200
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong; all texts but `file` are bounded and safe to print."""

    path: str
    """The setting as `routes[0].policy`, or the environment variable or flag that sets it; empty for the whole file."""
    line: int | None
    """Counted from 1; None where it is not about a line of the file."""
    message: str
    """What is wrong."""
    expected: str = ""
    actual: str = ""
    file: str = ""
    """The file that the setting names, where that is to be put right and not the setting."""

    def text(self, source: str = "") -> str:
        """One line: `FILE:LINE: path: message; expected …, got …`."""
        place = "" if self.line is None and self.path.startswith(("SIDECAR_", "--")) else source
        if self.line is not None:
            place = f"{source}:{self.line}" if source else f"line {self.line}"
        said = self.message
        said += f"; expected {self.expected}" if self.expected else ""
        said += f", got {self.actual}" if self.actual else ""
        return ": ".join(piece for piece in (place, self.path, said) if piece)


class ConfigError(Exception):
    """The configuration cannot be used.

    Attributes:
        problems: everything that is wrong with it, in the order of the file.
    """

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problem.text() for problem in self.problems))


def path_text(path: Path) -> str:
    """`routes[0].policy` for the path of a setting."""
    text = ""
    for step in path:
        text += f"[{step}]" if isinstance(step, int) else f".{_cut(_ascii(step))}" if text else _cut(_ascii(step))
    return text


def shown(value: object, limit: int = _LONGEST_SHOWN) -> str:
    """A value as the reader of the file knows it: bounded, on one line, without control characters."""
    if value is None:
        return "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a mapping" if value else "an empty mapping"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "a list" if value else "an empty list"
    return _cut(_ascii(str(value)), limit) or '""'


def encodable(text: str) -> bool:
    """Whether a text can be written as UTF-8, which half a surrogate pair cannot."""
    return text.isascii() or not _SURROGATE.search(text)


def quoted(name: str) -> str:
    """A name from the file, marked as one."""
    return f"`{_cut(_ascii(name))}`"


def one_of(names: Iterable[str]) -> str:
    """`a, b or c`."""
    *most, last = names
    return f"{', '.join(most)} or {last}" if most else last


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant."""
    names = list(known)
    plain = name[:_LONGEST_SHOWN].strip().lower().replace("-", "_")
    swapped = (each for each in names if sorted(each) == sorted(plain))  # what difflib thinks little of
    return next(swapped, None) or next(iter(get_close_matches(plain, names, n=1, cutoff=0.6)), None)


def _ascii(text: str) -> str:
    return json.dumps(text[:_LONGEST_READ])[1:-1].replace('\\"', '"').replace("\x7f", "\\u007f")


def _cut(text: str, limit: int = _LONGEST_SHOWN) -> str:
    return text if len(text) <= limit else f"{text[: limit - 3]}..."
