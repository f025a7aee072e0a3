"""Refuses documents of Office before 2007, and objects in newer ones, that do more than be read."""

from collections.abc import Iterable, Iterator
from itertools import chain
from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.formats.office.ole2 import MAGIC, CompoundFile, OleError
from sidecar.inspection.formats.office.ole_contents import (
    Trait,
    is_bare_workbook,
    objects_of_slides,
    traits,
    traits_of_bare,
)
from sidecar.inspection.formats.office.ole_packages import LinkError, packages, whole_files
from sidecar.inspection.formats.office.outlook import attachments, reminders
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.claims import claims_of
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.words import JudgePassOrRefuse, PassOrRefuse

_ADVICE: Final = "Remove that from the document, or save it as PDF. Operators: see checks.ole."
_INSTALLER_TYPE: Final = "application/x-msi"
_SOURCE: Final = "CWE-434"


def _reason(code: str, title: str, expected: str, source: str = _SOURCE, advice: str = _ADVICE) -> Reason:
    return Reason(code, title, 422, "compound file", expected, advice, source=source)


OLE_MACROS: Final = _reason("ole_macros", "A document holds macros", "a document without macros", "CWE-434")
OLE_PACKAGE: Final = _reason("ole_package", "A document holds a packed file", "a document without Package objects")
OLE_EQUATION: Final = _reason(
    "ole_equation", "A document calls the former equation editor", "equations of today's Office", "CVE-2017-11882"
)  # fmt: skip
OLE_REMOTE: Final = _reason(
    "ole_remote", "A document would call another machine by itself",
    "objects, templates and sounds within the document", "CVE-2017-0199, CVE-2023-23397",
)  # fmt: skip
OLE_DDE: Final = _reason("ole_dde", "A document would ask another program for data", "a document without DDE")
OLE_INSTALLER: Final = _reason(
    "ole_installer", "An installer has a name that does not show it", "installers under their own suffixes",
    advice="Give the file its own suffix; then the policy decides about that. Operators: see checks.ole.",
)  # fmt: skip
OLE_NOT_EXAMINED: Final = Reason(
    "ole_not_examined", "A document could not be examined", 422, "compound file", "a document that can be read",
    "Save the document anew and without a password. Operators: checks.ole.unread: pass lets it in.", not_examined=True,
)  # fmt: skip


class OleSettings(Settings):
    """What a compound file (DOC, XLS, PPT, MSG, objects in documents) may hold: pass or refuse."""

    macros: PassOrRefuse = "refuse"
    """VBA, and macro sheets of Excel 4.0."""
    packages: JudgePassOrRefuse = "refuse"
    """Files of any kind, which a double click opens: judged as if they had been uploaded, let in unseen, or refused."""
    equations: PassOrRefuse = "refuse"
    """Objects of Equation 3.0, which Office removed in 2018. Those of MathType pass anyhow."""
    remote: PassOrRefuse = "refuse"
    """Objects of other machines, their documents that fields take in, their templates, and reminders of Outlook whose
    sound is there."""
    dde: PassOrRefuse = "refuse"
    """Fields and links that start other programs for data."""
    installers: PassOrRefuse = "refuse"
    """Installers under another suffix; those under their own are up to `files.deny_suffixes`."""
    unread: PassOrRefuse = "refuse"
    """What cannot be read: encrypted (so are password-protected DOCX, XLSX and PPTX) or damaged."""


_BY_TRAIT: Final = {
    Trait.MACROS: ("macros", OLE_MACROS), Trait.PACKAGE: ("packages", OLE_PACKAGE),
    Trait.EQUATION: ("equations", OLE_EQUATION), Trait.LINK: ("remote", OLE_REMOTE), Trait.DDE: ("dde", OLE_DDE),
    Trait.REMINDER: ("remote", OLE_REMOTE),
    Trait.INSTALLER: ("installers", OLE_INSTALLER), Trait.ENCRYPTED: ("unread", OLE_NOT_EXAMINED),
}  # fmt: skip


class Ole(Check):
    """Reads the directory of every compound file, and of its streams those that tell; workbooks without one as well."""

    name = "ole"
    reasons: ClassVar = (
        OLE_MACROS, OLE_PACKAGE, OLE_EQUATION, OLE_REMOTE, OLE_DDE, OLE_INSTALLER, OLE_NOT_EXAMINED,
    )  # fmt: skip
    begins = MAGIC[:1] + b"\t"
    settings_type = OleSettings
    settings: OleSettings

    def wants(self, file: File) -> bool:
        """Whether it begins as a compound file, or as a workbook that is in none."""
        return file.head.startswith(MAGIC) or is_bare_workbook(file.head)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Judge the file, then what it keeps: compressed objects, and what is attached to a message."""
        if is_bare_workbook(whole.data[:8]):
            yield from self._told(traits_of_bare(whole.data), file)
        if whole.data[:8] != MAGIC:
            return
        try:
            compound = CompoundFile(whole.data)
        except OleError as error:
            if self.settings.unread == "refuse":
                yield Finding(OLE_NOT_EXAMINED, str(error))
            return
        try:
            yield from self._told(chain(traits(compound), reminders(compound)), file)
            for number, data in enumerate(objects_of_slides(compound)):
                yield from whole.inside(b"object%d" % number, (data,))
            yield from self._within(compound, whole)
        except TooMuchError as error:
            if self.settings.unread == "refuse":
                yield Finding(OLE_NOT_EXAMINED, f"too many {error}")

    def _within(self, compound: CompoundFile, whole: Whole) -> Iterator[Finding]:
        """Judge the files that it keeps as they are."""
        for attachment in attachments(compound):
            name, *also = attachment.names
            yield from whole.inside(name, compound.pieces(attachment.data), *also)
        try:
            for held in chain(whole_files(compound), packages(compound) if self.settings.packages == "judge" else ()):
                name, *also = held.names
                yield from whole.inside(name, (held.data,), *also)
        except LinkError:
            yield Finding(OLE_PACKAGE, "a package that leads elsewhere or cannot be read")

    def _told(self, found: Iterable[tuple[Trait, str]], file: File) -> Iterator[Finding]:
        told: set[Trait] = set()
        claimed = claims_of(file.part).by_suffix
        installer = claimed is not None and _INSTALLER_TYPE in claimed.types
        for trait, where in found:
            setting, reason = _BY_TRAIT[trait]
            if trait in told or getattr(self.settings, setting) != "refuse" or (installer and trait is Trait.INSTALLER):
                continue
            told.add(trait)
            yield Finding(reason, printable(f"{trait.value}: {where}"))
