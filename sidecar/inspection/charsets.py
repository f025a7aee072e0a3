"""The encodings that uploads are read in, each a module: loaded at start, not by the first upload that needs one.

Where loading one fails in a bad moment, such as one without descriptors, Python may remember for its whole life that it
has none of this name.
"""

import codecs
from typing import Final

NAMES: Final = (
    "ascii", "latin-1", "cp437", "utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le",
    "utf-32-be", "unicode_escape", "cp1250", "cp1251", "cp1252", "cp1254",
)  # fmt: skip
"""All that are named in the code that looks at uploads, and those that JSON is written in (json.detect_encoding)."""


def load() -> None:
    """Have all of them at hand."""
    for name in NAMES:
        codecs.lookup(name)
