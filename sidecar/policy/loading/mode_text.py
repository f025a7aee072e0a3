"""Reads a mode from the text of a small file: one word, or annotations as a downward-API volume writes them."""

import re
from typing import Final

from sidecar.policy.loading.problem import one_of, shown
from sidecar.policy.settings.base import Mode
from sidecar.policy.values.words import lowered

MAX_SIZE: Final = 512 * 1024
"""Bytes: Kubernetes allows 256 KiB of annotations, which escapes can double."""
_LINE: Final = re.compile(r'([^\s="]{1,320})="((?:[^"\\]|\\.)*)"')
_MODES: Final = one_of(mode.value for mode in Mode)


def mode_in(text: bytes, key: str) -> Mode | None:
    """The mode that a file says, None where it says nothing: it is empty, or has no such annotation.

    Args:
        text: the whole file.
        key: the annotation that holds the mode.

    Raises:
        ValueError: it is neither one word nor annotations, or the word is no mode; the message says so.
    """
    if len(text) > MAX_SIZE:
        raise ValueError(f"is too large; expected one of {_MODES}, or annotations of at most {MAX_SIZE} bytes")
    lines = [line for line in text.decode("utf-8", "backslashreplace").splitlines() if line.strip()]
    if lines and _LINE.fullmatch(lines[0].strip()):
        return _annotated(lines, key)
    return _mode("\n".join(lines))


def _annotated(lines: list[str], key: str) -> Mode | None:
    """Every line is `key="value"`, the value quoted as Go quotes strings."""
    found = [match for line in lines if (match := _LINE.fullmatch(line.strip()))]
    if len(found) != len(lines):
        raise ValueError('holds a line that is no annotation; expected key="value" on every line')
    values = {match[2] for match in found if match[1] == key}
    if len(values) > 1:
        raise ValueError(f"has the annotation {shown(key)} twice; expected it once")
    return _mode(next(iter(values), ""), f" in the annotation {shown(key)}")


def _mode(text: str, where: str = "") -> Mode | None:
    word = lowered(text)
    if not word:
        return None
    if word not in {mode.value for mode in Mode}:
        raise ValueError(f"says {shown(text)}{where}; expected {_MODES}")
    return Mode(str(word))
