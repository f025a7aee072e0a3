"""Refuses documents of Office and OpenOffice that do more than be read: macros, programs, calls to other machines."""

from collections.abc import Iterator
from posixpath import splitext
from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.formats.containers.zip_directory import BEGINS, ZipError
from sidecar.inspection.formats.office import odf, ooxml, other_documents
from sidecar.inspection.formats.office.features import Feature, Survey
from sidecar.inspection.formats.office.opening import may_be_document, opening
from sidecar.inspection.formats.office.package import Package
from sidecar.inspection.formats.office.pages import survey_pages
from sidecar.inspection.formats.office.text import PackedError, in_web_archive, in_xml, is_web_archive
from sidecar.inspection.formats.office.workbooks import survey_2003
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.claims import claims_of
from sidecar.inspection.types.content import HEAD_SIZE
from sidecar.inspection.types.kinds import Risk
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.words import JudgePassOrRefuse, PassOrRefuse

_ADVICE: Final = "Remove that from the document, or save it as PDF. Operators: see checks.office."
_FLAT_MOST: Final = 64 * 1024 * 1024
_SOURCE: Final = "CWE-434"


def _reason(code: str, title: str, expected: str, source: str = _SOURCE) -> Reason:
    return Reason(code, title, 422, "office document", expected, _ADVICE, source=source, quotes_names=True)


OFFICE_MACROS: Final = _reason("office_macros", "A document holds macros", "a document without macros", "CWE-434")
OFFICE_ACTIVEX: Final = _reason(
    "office_activex", "A document holds ActiveX controls", "a document without ActiveX controls", "CVE-2021-40444"
)  # fmt: skip
OFFICE_DDE: Final = _reason(
    "office_dde", "A document would ask another program for data", "a document without DDE", "Microsoft ADV170021"
)  # fmt: skip
OFFICE_REMOTE: Final = _reason(
    "office_remote", "A document would call another machine by itself",
    "templates, frames, objects and data within the document; links and linked pictures pass",
    "CVE-2017-0199, CVE-2022-30190",
)  # fmt: skip
OFFICE_DOCTYPE: Final = _reason(
    "office_doctype", "XML in a document has a document type", "XML without DOCTYPE and entities",
    "CWE-611, CWE-776; ECMA-376 part 2 forbids it",
)  # fmt: skip
OFFICE_PROGRAM: Final = _reason("office_program", "A document holds or starts a program", "a document without programs")
OFFICE_OBJECT: Final = _reason("office_object", "A document holds another file", "a document without embedded files")
OFFICE_NOT_EXAMINED: Final = Reason(
    "office_not_examined", "Not all of a document could be examined", 422, "office document",
    "a document whose parts can all be read",
    "Save the document anew and without a password. Operators: checks.office.unread: pass lets it in.",
    not_examined=True, quotes_names=True,
)  # fmt: skip


class OfficeSettings(Settings):
    """What a document of Office (DOCX, XLSX, PPTX) or OpenOffice (ODT, ODS, ODP) may hold: pass or refuse."""

    macros: PassOrRefuse = "refuse"
    """VBA, Basic and other scripts, macro sheets of Excel 4.0."""
    activex: PassOrRefuse = "refuse"
    """ActiveX controls. Forms of former days have them."""
    dde: PassOrRefuse = "refuse"
    """Fields, formulas and links that ask other programs for data, and can start them."""
    remote: PassOrRefuse = "refuse"
    """Templates, frames, objects and data of other machines, read without a click, also by WEBSERVICE, IMPORTCSV
    and IMAGE, or over connections that are refreshed on opening. Links and linked pictures pass anyhow."""
    doctype: PassOrRefuse = "refuse"
    """XML with a document type, which no office program writes; entities are never expanded here."""
    programs: PassOrRefuse = "refuse"
    """Programs as parts, and slides that start programs."""
    embedded: JudgePassOrRefuse = "judge"
    """Documents and objects within, and whatever else is kept as a file: judged as if they had been uploaded (sheets
    behind charts pass), let in unseen, or refused. Of pages that a document takes in only web archives are files."""
    unread: PassOrRefuse = "refuse"
    """Parts that cannot be read: encrypted, damaged, or far too large."""


_BY_FEATURE: Final = {
    Feature.MACROS: ("macros", OFFICE_MACROS), Feature.ACTIVEX: ("activex", OFFICE_ACTIVEX),
    Feature.DDE: ("dde", OFFICE_DDE), Feature.REMOTE: ("remote", OFFICE_REMOTE),
    Feature.DOCTYPE: ("doctype", OFFICE_DOCTYPE), Feature.PROGRAM: ("programs", OFFICE_PROGRAM),
}  # fmt: skip


class Office(Check):
    """Reads every part of a document, whatever its name says; what is not XML only as far as it tells what it is."""

    name = "office"
    reasons: ClassVar = (
        OFFICE_MACROS, OFFICE_ACTIVEX, OFFICE_DDE, OFFICE_REMOTE, OFFICE_DOCTYPE, OFFICE_PROGRAM, OFFICE_OBJECT,
        OFFICE_NOT_EXAMINED,
    )  # fmt: skip
    settings_type = OfficeSettings
    settings: OfficeSettings

    def wants(self, file: File) -> bool:
        """Every ZIP, since only its end tells what it is; and what is text: documents in XML, and web archives."""
        return file.head.startswith(BEGINS) or may_be_document(file.head) or is_web_archive(file.head)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Judge the document, then the files within."""
        if whole.data[:2] != b"PK":
            yield from self._text(whole)
            return
        try:
            package = Package(whole.data)
        except ZipError:  # no ZIP for any reader, so perhaps text that begins with these two letters
            yield from self._text(whole)
            return
        if ooxml.is_ooxml(package):
            yield from self._package(ooxml.survey(package), package, whole)
        if odf.is_odf(package):  # also where Office would open it: others do not look for what makes it one of those
            yield from self._package(odf.survey(package), package, whole)
        elif not ooxml.is_ooxml(package) and _is_other_document(file):
            yield from self._package(other_documents.survey(package), package, whole)

    def _package(self, seen: Survey, package: Package, whole: Whole) -> Iterator[Finding]:
        survey_pages(package, seen)
        yield from self._told(seen)
        if self.settings.embedded == "judge":
            for each in seen.embedded:
                if not (each.path.endswith("vbaproject.bin") and Feature.MACROS in seen.found):
                    yield from whole.inside(_named(each.path), package.pieces(each))
            for each in seen.imported:  # of pages Word takes the text, so that their scripts never run
                pieces = list(package.pieces(each))
                if pieces and is_web_archive(pieces[0][:HEAD_SIZE]):
                    yield from whole.inside(splitext(each.path)[0].encode(), pieces)

    def _text(self, whole: Whole) -> Iterator[Finding]:
        """Judge a document that is one file of text, as each of what it could be taken for."""
        begins, in_archive = opening(whole.data), is_web_archive(bytes(whole.data[:HEAD_SIZE]))
        if not (begins.is_package or begins.is_flat or begins.is_workbook or in_archive):
            return
        if len(whole) > _FLAT_MOST:
            yield from self._told(Survey(unread={"too large": "document"}))
            return
        data = bytes(whole.data)
        if begins.is_package:
            seen, texts = ooxml.survey_flat(data)
            yield from self._with_files(seen, in_xml(texts), whole)
        if begins.is_flat:
            yield from self._told(odf.survey_flat(data))
        if begins.is_workbook:
            yield from self._told(survey_2003(data))
        if in_archive:
            yield from self._with_files(Survey(), in_web_archive(data), whole)

    def _with_files(self, seen: Survey, files: Iterator[bytes], whole: Whole) -> Iterator[Finding]:
        try:
            for file in files if self.settings.embedded == "judge" else ():
                yield from whole.inside(b"binary", (file,))
        except PackedError:
            seen.missed("packed in an unknown way", "macros")
        except TooMuchError as error:
            seen.missed(f"too many {error}", "document")
        yield from self._told(seen)

    def _told(self, seen: Survey) -> Iterator[Finding]:
        for feature, where in seen.found.items():
            setting, reason = _BY_FEATURE[feature]
            if getattr(self.settings, setting) == "refuse":
                yield Finding(reason, printable(where))
        files = (*seen.embedded, *seen.imported)
        if files and self.settings.embedded == "refuse":
            yield Finding(OFFICE_OBJECT, printable(files[0].path))
        if seen.unread and self.settings.unread == "refuse":
            why, where = next(iter(seen.unread.items()))
            yield Finding(OFFICE_NOT_EXAMINED, printable(f"{why}: {where}"))


def _is_other_document(file: File) -> bool:
    """Whether its suffix is that of a document which is a ZIP; JAR and APK are programs."""
    kind = claims_of(file.part).by_suffix
    return kind is not None and "application/zip" in kind.within and kind.risk is Risk.PASSIVE


def _named(path: str) -> bytes:
    """Office calls every object `oleObject1.bin`, whatever it is: that suffix tells nothing, so it is left out."""
    return path.removesuffix(".bin").encode()
