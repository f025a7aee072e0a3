"""Statements of a database within an OpenDocument (HSQLDB 1.8): those that run code when it is opened."""

import re
from typing import Final

from sidecar.inspection.formats.bounds import Budget

PATHS: Final = frozenset({"database/script", "database/log"})
_ESCAPE: Final = re.compile(rb"\\u00([2-7][0-9a-f])", re.IGNORECASE)
"""Resolved by HSQLDB in all of a line; of other characters, as line ends in texts, none begins a statement."""
_APART: Final = re.compile(rb"\"[^\"\n]*+\"|'[^'\n]*+'|/\*(?:[^*\n]|\*(?!/))*+(?:\*/)?")
_STATEMENT: Final = re.compile(
    rb"(?:^|;)[^\S\n]*+(?:(?:SCRIPT|CALL|CREATE\s{1,9}TRIGGER)\b|CREATE\s{1,9}ALIAS\s{1,9}(?![^\s;]++\s{1,9}FOR\s{1,9}\"org\.hsqldb\.))",
    re.IGNORECASE | re.MULTILINE,
)
"""Those that write files (CVE-2023-1183) or name code, other than that of the database itself."""
_METHOD: Final = re.compile(rb"(?<!TABLE )(?<!REFERENCES )\"(?:java|javax|jdk|sun|com|org|net)\.[\w.$]++\"\s{0,9}\(")
"""Code that is called by its name (CVE-2007-4575)."""
_MARKS: Final = (b'"', b"'", b"/*", b"\\u00")
_MOST_MARKS: Final = 4_000_000
"""What stands apart or is resolved: a second of computing."""


def runs_code(statements: bytes) -> str:
    """The first statement that does more than make and fill tables; empty where there is none.

    Raises:
        TooMuchError: there is more in it than is looked at.
    """
    Budget(_MOST_MARKS, "names and texts in statements").spend(sum(map(statements.count, _MARKS)))
    text = _ESCAPE.sub(lambda found: bytes.fromhex(found[1].decode()), statements.replace(b"\r", b"\n"))
    bare = _APART.sub(_without, text)
    found = _STATEMENT.search(bare) or _METHOD.search(bare)
    return "" if found is None else found[0].strip(b" \t;").decode("latin-1")


def _without(found: re.Match[bytes]) -> bytes:
    """Names stay; texts and comments tell nothing."""
    return {b'"': found[0], b"'": b"''", b"/": b";"}[found[0][:1]]
