"""Refuses Rich Text that holds objects, or takes in documents of other machines."""

from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.formats.office.rtf import Trait, traits
from sidecar.inspection.reason import Reason
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.words import PassOrRefuse

_ADVICE: Final = "Save the document as PDF, or as DOCX without that. Operators: see checks.rtf."
_BEFORE: Final = b" \t\r\n\0\xef\xbb\xbf"
_BEGINS: Final = b"{\\rt"
"""Word asks for no more than that."""


def _reason(code: str, title: str, expected: str, source: str = "CWE-434") -> Reason:
    return Reason(code, title, 422, "rich text", expected, _ADVICE, source=source)


RTF_OBJECT: Final = _reason(
    "rtf_object", "Rich text holds an object", "text and pictures only", "CVE-2017-11882, CVE-2017-0199, CVE-2025-21298"
)  # fmt: skip
RTF_REMOTE: Final = _reason(
    "rtf_remote", "Rich text would call another machine by itself", "no template or document of another machine"
)  # fmt: skip
RTF_DDE: Final = _reason("rtf_dde", "Rich text would ask another program for data", "fields without DDE")
RTF_NOT_EXAMINED: Final = Reason(
    "rtf_not_examined", "Not all of a rich text could be examined", 422, "rich text", "at most 10000 fields",
    "Save the document as DOCX. Operators: `not_examined: forward`.", not_examined=True,
)  # fmt: skip


class RtfSettings(Settings):
    """What Rich Text may hold: pass or refuse. Pictures, links and other fields pass anyhow."""

    objects: PassOrRefuse = "refuse"
    """Objects of other programs: Package, Equation and whatever else; the ways to hide which it is are many."""
    remote: PassOrRefuse = "refuse"
    """Templates and documents of other machines, read without a click."""
    dde: PassOrRefuse = "refuse"
    """Fields that ask other programs for data, and can start them."""


_BY_TRAIT: Final = {
    Trait.OBJECT: ("objects", RTF_OBJECT), Trait.REMOTE: ("remote", RTF_REMOTE), Trait.DDE: ("dde", RTF_DDE),
}  # fmt: skip


class Rtf(Check):
    """Looks for control words wherever they stand: readers differ in what they skip."""

    name = "rtf"
    reasons: ClassVar = (RTF_OBJECT, RTF_REMOTE, RTF_DDE, RTF_NOT_EXAMINED)
    begins = _BEFORE + _BEGINS[:1]
    settings_type = RtfSettings
    settings: RtfSettings

    def wants(self, file: File) -> bool:
        """Whether Word would take it for Rich Text."""
        return file.head.lstrip(_BEFORE).startswith(_BEGINS)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Tell each trait once."""
        told: set[Trait] = set()
        try:
            for trait, where in traits(whole.data):
                setting, reason = _BY_TRAIT[trait]
                if trait not in told and getattr(self.settings, setting) == "refuse":
                    yield Finding(reason, printable(where))
                told.add(trait)
        except TooMuchError as error:
            yield Finding(RTF_NOT_EXAMINED, str(error))
