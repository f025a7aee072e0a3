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
_KNOWN: Final = RUNS | FETCHED
_WITH_HOST: Final = re.compile(r"(?!file:)[a-z][a-z0-9+.-]+://", re.IGNORECASE)
_BETWEEN: Final = re.compile(r"[\s\0\"'`=;,(\[<|]|[^\w\0-\x7f]")
"""What an address in a text stands behind."""


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


def words(text: str) -> list[str]:
    """The pieces of a text of which each may be an address."""
    return _BETWEEN.split(text)


def is_remote_word(word: str) -> bool:
    """Whether a word of a text is an address on another machine; `R1C1:R2C2` and `Disk:a.doc` have no scheme."""
    scheme = _SCHEME.match(word)
    known = scheme is not None and scheme[1].lower() in _KNOWN
    return known or is_share(word) or _WITH_HOST.match(word) is not None
