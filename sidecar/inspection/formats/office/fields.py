"""Fields of Word, and addresses: what of them reaches out of the document."""

import re
from collections.abc import Iterator
from typing import Final

_DDE: Final = re.compile(r'[\s"]*DDE(?:AUTO)?(?![A-Za-z0-9])', re.IGNORECASE)
_READING: Final = re.compile(r'[\s"]*(?:INCLUDETEXT|LINK|IMPORT|RD)\b', re.IGNORECASE)
_ELSEWHERE: Final = re.compile(r'\b(?:https?|ftp|mhtml|script|webdav):|["\s]\\{2,4}[\w.@-]+\\', re.IGNORECASE)
_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]+):", re.IGNORECASE)
_LOCAL_FILE: Final = re.compile(r"file:(?:///?)?(?![/\\])(?:[a-z][:|]|localhost/|[^/\\:]*\Z)", re.IGNORECASE)
_UNIX_FILE: Final = re.compile(r"file:///[^/\\]", re.IGNORECASE)
_RUNS: Final = frozenset({
    "script", "javascript", "vbscript", "ms-msdt", "search-ms", "search", "mhtml", "mk", "ms-its", "its", "hcp",
    "shell", "ms-officecmd", "ms-appinstaller",
})  # fmt: skip
"""Schemes whose handlers run what the address says (CVE-2017-8570, CVE-2022-30190)."""

_LITERAL: Final = re.compile(r"\"[^\"]*\"|'[^']*'")
_FUNCTION: Final = re.compile(r"(?<![A-Za-z0-9_])(?:(?P<program>DDE)|WEBSERVICE)\s*\(", re.IGNORECASE)
_FORMULA_DDE: Final = re.compile(r"[A-Za-z_]\d{0,3}\s{0,9}\|\s{0,9}(?:'[^']*'!|[^!|\s'\"]+![\w'\"$#])")


def runs(target: str) -> bool:
    """Whether following an address runs something."""
    scheme = _SCHEME.match(target.strip())
    return scheme is not None and scheme[1].lower() in _RUNS


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


def is_dde(code: str) -> bool:
    """Whether a field asks another program for data (CVE-2017-11826 and its kin)."""
    return _DDE.match(code) is not None


def reads_elsewhere(code: str) -> bool:
    """Whether a field takes in a document of another machine."""
    return _READING.match(code) is not None and _ELSEWHERE.search(code) is not None


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
