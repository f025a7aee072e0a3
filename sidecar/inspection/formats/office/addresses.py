"""Addresses in documents: those that are on another machine, and those that run something once they are followed."""

import re
from typing import Final

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)
_LOCAL_FILE: Final = re.compile(r"file:(?:///?)?(?![/\\])(?:[a-z][:|]|localhost/|[^/\\:]*\Z)", re.IGNORECASE)
_UNIX_FILE: Final = re.compile(r"file:///[^/\\]", re.IGNORECASE)
RUNS: Final = frozenset({
    "script", "javascript", "vbscript", "ms-msdt", "search-ms", "search", "mhtml", "mk", "ms-its", "its", "hcp",
    "shell", "ms-officecmd", "ms-appinstaller",
})  # fmt: skip
"""Schemes whose handlers run what the address says (CVE-2017-8570, CVE-2022-30190)."""
FETCHED: Final = frozenset({"http", "https", "ftp", "webdav"})
"""Schemes that are known for one in whatever text, also where nothing follows them."""
_BETWEEN: Final = r"[\s\0\"'`=;,(\[<|]|[^\w\0-\x7f]"
"""What an address in a text stands behind."""
_FILE: Final = rf"//|\\\\|file:(?:(?!{_BETWEEN}).)*+"
_CALLED: Final = rf"(?:{'|'.join(sorted(RUNS | FETCHED))}):|[a-z][a-z0-9+.-]++://"
_FILES_IN_TEXT: Final = re.compile(rf"(?:\A|{_BETWEEN})(?=[/\\A-Z])({_FILE})", re.IGNORECASE | re.DOTALL)
_ADDRESSES_IN_TEXT: Final = re.compile(rf"(?:\A|{_BETWEEN})(?=[/\\A-Z])({_FILE}|{_CALLED})", re.IGNORECASE | re.DOTALL)
"""`R1C1:R2C2` and `Disk:a.doc` have no scheme."""


def runs(target: str) -> bool:
    """Whether following an address runs something."""
    scheme = _SCHEME.match(target.strip())
    return scheme is not None and scheme[1].lower() in RUNS


def is_share(target: str) -> bool:
    """Whether an address is a file on another machine: reading it gives away who reads it."""
    bare = target.strip()
    if bare.startswith(("\\\\", "//")):
        return True
    return bare[:5].lower() == "file:" and not (_LOCAL_FILE.match(bare) or _UNIX_FILE.match(bare))


def is_remote(target: str) -> bool:
    """Whether an address leads to another machine; a file beside the document or on a drive does not."""
    bare = target.strip()
    scheme = _SCHEME.match(bare)
    return is_share(bare) or (scheme is not None and scheme[1].lower() != "file")


def has_share(text: str) -> bool:
    """Whether a text names a file on another machine."""
    return any(is_share(found[1]) for found in _FILES_IN_TEXT.finditer(text))


def has_remote(text: str) -> bool:
    """Whether a text names an address on another machine."""
    return any(is_remote(found[1]) for found in _ADDRESSES_IN_TEXT.finditer(text))
