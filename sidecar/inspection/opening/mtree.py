"""Lists of files (mtree of BSD), which libarchive unpacks: with the contents of any file, and links to anywhere."""

import re
from typing import Final

from sidecar.inspection.formats.anatomy import Data

HEAD: Final = 4096
"""Bytes within which a list without a signature must tell that it is one."""
_SIGNATURE: Final = b"#mtree"
_KEYWORD: Final = (
    rb"(?:cksum|contents?|device|flags|gid|gname|ignore|inode|link|md5(?:digest)?|mode|nlink|nochange|optional"
    rb"|resdevice|ripemd160digest|rmd160(?:digest)?|sha(?:1|256|384|512)(?:digest)?|size|tags|time|type|uid|uname)"
)
_WORDS: Final = rb"(?:[ \t]++%b(?:=[!-~]++)?+(?![!-~]))*+[ \t]*+" % _KEYWORD
_LINES: Final = re.compile(
    rb"(?:[ \t]*+(?:\#[^\n]*+|(?:[!-~]++(?:%(words)b\\\r?\n)*+%(words)b(?:[!-.0-~]*+/[!-~]*+)?+)?+)\r?\n)*+"
    % {b"words": _WORDS}
)
"""What libarchive takes for entries: a path with known words behind it, or before it; comments and empty lines."""
_SIGNS: Final = (b"type=", b"contents=", b"content=", b"link=")
_TELLING: Final = rb"(?:type=(?:block|char|dir|fifo|file|link|socket)(?![!-~])|(?:contents?|link)=[!-~])"
_TOLD: Final = re.compile(_TELLING)
_TELLS: Final = re.compile(
    rb"^[ \t]*+(?!\#)(?:[!-~]++[ \t]++(?:[^\n]*[ \t])?%(told)b|%(told)b[!-~]*+[ \t]++[!-~])|\\\r?\n[ \t]*+%(told)b"
    % {b"told": _TELLING},
    re.MULTILINE,
)
"""Without which an entry is a word, and a list of words or a table no archive."""


def may_be_mtree(head: bytes) -> bool:
    """Whether it begins as one; cheap."""
    return head.startswith(_SIGNATURE) or _tells_at_once(head)


def is_mtree(data: Data) -> bool:
    """Whether it is one: behind the signature, too, text may only speak of the format."""
    if data[: len(_SIGNATURE)] == _SIGNATURE:
        return _TOLD.search(data) is not None
    return _tells_at_once(data[:HEAD])


def _tells_at_once(head: bytes) -> bool:
    if all(head.find(sign) < 0 for sign in _SIGNS):
        return False
    lines = _LINES.match(head[:HEAD])
    return lines is not None and _TELLS.search(lines.group()) is not None
