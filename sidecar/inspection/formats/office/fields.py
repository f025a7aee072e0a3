"""What the code of a field asks for that is read in one way; `rtf_codes` has it for a text of many readings."""

import re
from typing import Final

from sidecar.inspection.formats.office.addresses import has_remote, has_share

_DDE: Final = re.compile(r'[\s"]*DDE(?:AUTO)?(?![A-Za-z0-9])', re.IGNORECASE)
_READING: Final = re.compile(r'[\s"]*(?:INCLUDE(?:TEXT)?|LINK|IMPORT|RD|DATABASE)\b', re.IGNORECASE)
_SHOWING: Final = re.compile(r'[\s"]*INCLUDEPICTURE\b', re.IGNORECASE)


def is_dde(code: str) -> bool:
    """Whether a field asks another program for data (CVE-2017-11826 and its kin)."""
    return _DDE.match(code) is not None


def reads_elsewhere(code: str) -> bool:
    """Whether a field takes in a document of another machine, or a picture from a share: linked ones pass."""
    if _SHOWING.match(code):
        return has_share(code)
    return _READING.match(code) is not None and has_remote(code)
