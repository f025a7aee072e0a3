"""Refuses the EICAR test file, anywhere in a file, so that everybody can try whether malware would be refused."""

from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.finding import Finding
from sidecar.inspection.reason import Reason
from sidecar.multipart.events import Part
from sidecar.policy.settings.model import Policy, Settings

EICAR_FOUND: Final = Reason(
    "eicar_found", "A file holds the EICAR test string", 422, "malware", "a file without the EICAR test string",
    "This is the harmless file with which scanners are tried. Operators: checks.eicar: off lets it in.",
    source="EICAR, Anti-Malware Testfile",
)  # fmt: skip
# In two pieces, or scanners would take this very file for it.
TEST_STRING: Final = rb"X5O!P%@AP[4\PZX54(P^)7CC)7}" + rb"$EICAR-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*"
_KEPT: Final = len(TEST_STRING) - 1


class Eicar(Check):
    """Searches while the bytes arrive; keeps 67 of them, for a string that two chunks share."""

    name = "eicar"
    files_only = True
    parts = True
    reasons: ClassVar = (EICAR_FOUND,)

    def __init__(self, settings: Settings, policy: Policy) -> None:
        super().__init__(settings, policy)
        self._tail = b""

    def begin(self, part: Part) -> Findings:
        """Forget the part before."""
        self._tail = b""
        return ()

    def feed(self, part: Part, chunk: bytes | memoryview) -> Findings:
        """Search the chunk, and the seam between it and the one before."""
        if not part.holds_file:
            return ()
        seam = self._tail + bytes(chunk[:_KEPT])
        self._tail = bytes(chunk[-_KEPT:]) if len(chunk) >= _KEPT else seam[-_KEPT:]
        if _is_in(chunk) or seam.find(TEST_STRING) >= 0:
            return (Finding(EICAR_FOUND, "the EICAR test string"),)
        return ()


def _is_in(chunk: bytes | memoryview) -> bool:
    """Whether the string is in it; first in all that it is a view of, where that is hardly more, to copy nothing."""
    of = chunk.obj if isinstance(chunk, memoryview) else chunk
    if isinstance(of, bytes) and len(of) <= 2 * len(chunk) and of.find(TEST_STRING) < 0:
        return False
    return bytes(chunk).find(TEST_STRING) >= 0
