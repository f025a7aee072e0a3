"""Characters of a name that cannot be seen, and where honest names need them."""

import re
from typing import Final

CONTROL: Final = re.compile("[\x00-\x1f\x7f-\x9f]")
"""C0, DEL and C1."""

# Override, embedding and isolate turn the order of what is read (CVE-2009-3376: U+202E shows `exe.gpj` as `jpg.exe`).
_BIDI: Final = "\u202a-\u202e\u2066-\u2069"
# Zero-width space, word joiner, invisible operators, byte-order mark, line and paragraph separator, fillers and blanks
# that show nothing, annotation anchors, deprecated format characters, noncharacters.
_NOTHING: Final = (
    "\u200b\u2028\u2029\u2060-\u2065\u206a-\u206f\ufeff\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0"
    "\ufff9-\ufffb\ufdd0-\ufdef\ufffe\uffff\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0080-\U000e00ff"
)
# Joiners belong to emoji and to Persian, Arabic and Indic words; Chromium keeps these two in the names that it saves.
_JOINER: Final = "(?:\\A|(?<=[\x00-\x7f]))[\u200c\u200d]"
# Tags make the flags of England, Scotland and Wales.
_TAG: Final = "(?<![\U0001f3f4\U000e0020-\U000e007f])[\U000e0000-\U000e007f]"
_NEVER: Final = re.compile(f"[{_BIDI}{_NOTHING}]|{_JOINER}|{_TAG}")
# Marks of direction stand in the names that macOS writes in Hebrew and Arabic.
_MARK: Final = re.compile("[\u200e\u200f\u061c]")
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u060b\u060d-\u061b\u061d-\u08ff\ufb1d-\ufdcf\ufdf0-\ufdff\ufe70-\ufefc]")
# Soft hyphens (titles that pages were saved under) and variation selectors (emoji, Mongolian, Japanese) are honest too.
_NOT_IN_SUFFIX: Final = re.compile("[\u00ad\u180b-\u180f\u200c-\u200f\u061c\ufe00-\ufe0f\U000e0000-\U000e0fff]")
_LONGEST_SUFFIX: Final = 12


def invisible_in(text: str) -> str:
    """The first invisible character that no honest name has at this place; empty if there is none."""
    if text.isascii():
        return ""
    match = _NEVER.search(text) or (None if _RIGHT_TO_LEFT.search(text) else _MARK.search(text))
    match = match or _NOT_IN_SUFFIX.search(_suffix_of(text))
    return match[0] if match else ""


def _suffix_of(text: str) -> str:
    suffix = text.rpartition(".")[2] if "." in text else ""
    return suffix if len(suffix) <= _LONGEST_SUFFIX and " " not in suffix else ""
