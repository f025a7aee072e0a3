"""What the code of a field asks for that is read in one way; `rtf_codes` has it for a text of many readings."""

import re
from typing import Final

_DDE: Final = re.compile(r'[\s"]*DDE(?:AUTO)?(?![A-Za-z0-9])', re.IGNORECASE)
_READING: Final = re.compile(r'[\s"]*(?:INCLUDETEXT|LINK|IMPORT|RD)\b', re.IGNORECASE)
_ELSEWHERE: Final = re.compile(r'\b(?:https?|ftp|mhtml|script|webdav):|["\s]\\{2,4}[\w.@-]+\\', re.IGNORECASE)


def is_dde(code: str) -> bool:
    """Whether a field asks another program for data (CVE-2017-11826 and its kin)."""
    return _DDE.match(code) is not None


def reads_elsewhere(code: str) -> bool:
    """Whether a field takes in a document of another machine."""
    return _READING.match(code) is not None and _ELSEWHERE.search(code) is not None
