"""Refuses PDF that does more than show pages: programs, calls to other machines, attachments that are refused."""

from collections.abc import Iterator
from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.containers.cms import is_content
from sidecar.inspection.formats.pdf.actions import Feature, Survey
from sidecar.inspection.formats.pdf.features import attachments, is_form_data, pdf_header, survey
from sidecar.inspection.formats.pdf.xdp import documents, is_program, is_xdp
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.content import HEAD_SIZE
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.words import JudgePassOrRefuse, PassOrRefuse

_ADVICE: Final = "Print the document into a new PDF and send that. Operators: see checks.pdf."
_SOURCE: Final = "CWE-434"


def _reason(code: str, title: str, expected: str, source: str = _SOURCE) -> Reason:
    return Reason(code, title, 422, "PDF", expected, _ADVICE, source=source)


PDF_JAVASCRIPT: Final = _reason("pdf_javascript", "A PDF holds JavaScript", "a PDF without JavaScript", "CWE-434")
PDF_LAUNCH: Final = _reason(
    "pdf_launch", "A PDF would start a program", "a PDF without Launch actions", "CVE-2010-1240"
)  # fmt: skip
PDF_FORM_ACTION: Final = _reason(
    "pdf_form_action", "A PDF would send a form, or read a file into one", "a PDF without SubmitForm and ImportData",
    "ISO 32000-1, 12.7.5",
)  # fmt: skip
PDF_REMOTE: Final = _reason(
    "pdf_remote", "A PDF would call another machine by itself",
    "a PDF that opens no address without a click and no file on another machine", "CVE-2018-4993",
)  # fmt: skip
PDF_RICH_MEDIA: Final = _reason(
    "pdf_rich_media", "A PDF holds rich media", "a PDF without Flash and the like", "ISO 32000-2, 13.7"
)
PDF_XFA: Final = _reason(
    "pdf_xfa", "A PDF holds an XFA form", "a PDF without XFA; plain forms pass", "ISO 32000-1, 12.7.8"
)
PDF_ATTACHMENT: Final = _reason(
    "pdf_attachment", "A PDF holds another file", "a PDF without attachments", "ISO 32000-1, 7.11.4"
)
PDF_NOT_EXAMINED: Final = Reason(
    "pdf_not_examined", "Not all of a PDF could be examined", 422, "PDF", "a PDF whose objects can all be read",
    "Save the document without encryption, or print it into a new PDF. Operators: `pass` for checks.pdf.encrypted or"
    " checks.pdf.unread lets it in.",
    not_examined=True,
)  # fmt: skip


class PdfSettings(Settings):
    """What a PDF may hold: pass or refuse."""

    javascript: PassOrRefuse = "refuse"
    """JavaScript. Forms that calculate have it."""
    launch: PassOrRefuse = "refuse"
    """Actions that start programs."""
    form_actions: PassOrRefuse = "refuse"
    """Actions that send a form to a server, or read a file into it. Forms that are sent by a button have them."""
    remote: PassOrRefuse = "refuse"
    """Addresses that are opened without a click, and files on other machines. Links that are clicked pass anyhow."""
    rich_media: PassOrRefuse = "refuse"
    """Flash, and other media that are programs."""
    xfa: PassOrRefuse = "refuse"
    """Forms in XFA, which some public offices use."""
    attachments: JudgePassOrRefuse = "judge"
    """Files within: judged as if they had been uploaded (electronic invoices pass), let in unseen, or refused."""
    encrypted: JudgePassOrRefuse = "judge"
    """Documents that are encrypted, as those that forbid copying are: judged by what can be read, and refused where
    packed objects or attachments cannot; let in, whatever is hidden; or refused."""
    unread: PassOrRefuse = "refuse"
    """Objects that cannot be read: damaged streams of objects, filters that are unknown here."""


_BY_FEATURE: Final = {
    Feature.JAVASCRIPT: ("javascript", PDF_JAVASCRIPT), Feature.LAUNCH: ("launch", PDF_LAUNCH),
    Feature.SUBMIT: ("form_actions", PDF_FORM_ACTION), Feature.IMPORT: ("form_actions", PDF_FORM_ACTION),
    Feature.REMOTE: ("remote", PDF_REMOTE), Feature.AUTOMATIC: ("remote", PDF_REMOTE),
    Feature.RICH_MEDIA: ("rich_media", PDF_RICH_MEDIA), Feature.XFA: ("xfa", PDF_XFA),
}  # fmt: skip


class Pdf(Check):
    """Reads every object, those in compressed streams too, and those of earlier versions.

    Encryption hides strings and streams, never dictionaries: an encrypted PDF passes where all of its objects can be
    read nevertheless, as those of statements of banks mostly can, which only forbid that anything is changed.
    """

    name = "pdf"
    reasons: ClassVar = (
        PDF_JAVASCRIPT, PDF_LAUNCH, PDF_FORM_ACTION, PDF_REMOTE, PDF_RICH_MEDIA, PDF_XFA, PDF_ATTACHMENT,
        PDF_NOT_EXAMINED,
    )  # fmt: skip
    settings_type = PdfSettings
    settings: PdfSettings

    def wants(self, file: File) -> bool:
        """Whatever a reader would take for a PDF, or for what is filled into one and brings programs (FDF, XDP)."""
        return pdf_header(file.head) >= 0 or is_form_data(file.head) or is_xdp(file.head)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Judge the document, then what is attached to it."""
        if is_xdp(bytes(whole.data[:HEAD_SIZE])):
            yield from self._package(whole)
        found = survey(whole.data)
        for feature in sorted(found.features, key=lambda each: each.name):
            setting, reason = _BY_FEATURE[feature]
            if getattr(self.settings, setting) == "refuse":
                yield Finding(reason, feature.value)
        if found.attached and self.settings.attachments != "pass":
            yield from self._attached(found, whole)
        # What is signed may stand there in pieces, which break its streams; `archives` judges it as a whole.
        yield from () if is_content(whole.data, pdf_header(whole.data)) else self._unread(found)

    def _package(self, whole: Whole) -> Iterator[Finding]:
        if self.settings.xfa == "refuse" and is_program(whole.data):
            yield Finding(PDF_XFA, "an XFA form without a PDF around it")
        for document in documents(whole.data):
            yield from whole.inside(b"document.pdf", (document,))

    def _unread(self, found: Survey) -> Iterator[Finding]:
        """Where it is encrypted, what could not be read mostly follows from that."""
        if found.encrypted:
            hides = bool(found.unread) and self.settings.encrypted == "judge"
            if hides or self.settings.encrypted == "refuse":
                yield Finding(PDF_NOT_EXAMINED, "encrypted")
        elif found.unread and self.settings.unread == "refuse":
            yield Finding(PDF_NOT_EXAMINED, printable(", ".join(sorted(found.unread))))

    def _attached(self, found: Survey, whole: Whole) -> Iterator[Finding]:
        if self.settings.attachments == "refuse":
            yield Finding(PDF_ATTACHMENT, f"{len(found.attached)} files")
        elif found.encrypted:
            found.unread.add("attachments")
        else:
            for name, data in attachments(whole.data, found):
                yield from whole.inside(name, (data,))
