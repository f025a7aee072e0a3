"""Declared type, suffix and content of a file must say the same."""

from typing import Annotated, ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.late_start import BEGINS, begins_late, late_start
from sidecar.inspection.names import beside_another
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.claims import Claims, claims_of
from sidecar.inspection.types.content import Content, agrees
from sidecar.inspection.types.kind_table import APPLE_DOUBLE
from sidecar.inspection.types.kinds import TEXT, Kind, Risk
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.strictness import ON

_SOURCE: Final = "OWASP ASVS 5.0, 5.2.2; RFC 9110, section 15.5.16"

CONTENT_NOT_AS_NAMED: Final = Reason(
    "content_not_as_named", "A file is not what its name says", 415, "content type", "content that fits the suffix",
    "Give the file the suffix of its real format, or save it again in the format that its name promises.",
    source=_SOURCE,
)  # fmt: skip
CONTENT_NOT_AS_DECLARED: Final = Reason(
    "content_not_as_declared", "A file is not what its declared type says", 415, "content type",
    "content that fits the declared Content-Type of the part",
    "Declare the type that the file has, or application/octet-stream. Operators: where a client declares one fixed "
    "type for everything, set checks.type_agreement.declared: off.",
    source=_SOURCE,
)  # fmt: skip
CONTENT_RUNS: Final = Reason(
    "content_runs", "A file can be run, and its name does not show it", 415, "content type",
    "no programs, scripts or web pages under names that do not say so",
    "Give the file the suffix of its real format; then the policy decides about that.", source=_SOURCE,
)  # fmt: skip


class TypeAgreementSettings(Settings):
    """How strictly names and content must agree."""

    declared: Annotated[bool, ON] = True
    """Judge the declared type of the part too; off where a client declares one fixed type for everything."""
    images: Annotated[bool, ON] = True
    """Tell image formats apart; off lets in a JPEG that is called .png."""


class TypeAgreement(Check):
    """Judges by one table what is a kind of what (`inspection/types/kind_table.py`).

    What nobody claims agrees with everything, unless it can be run. An absent type, application/octet-stream and the
    like claim nothing; nor does text/plain, the default of RFC 7578, section 4.4.
    """

    name = "type_agreement"
    reasons: ClassVar = (CONTENT_NOT_AS_NAMED, CONTENT_NOT_AS_DECLARED, CONTENT_RUNS)
    recorded: ClassVar = reasons
    begins = BEGINS
    settings_type = TypeAgreementSettings
    settings: TypeAgreementSettings

    def look(self, file: File) -> Findings:
        """Judge both claims; the first that fails is told."""
        if file.head and not file.content_type:
            return ()
        content, claims = file.shown(), claims_of(file.part)
        if content.type == APPLE_DOUBLE and beside_another(file.part.filename or b""):
            return ()  # its suffix is that of another file
        named, declared = claims.by_suffix, self._declared(claims)
        if named is not None and not self._agrees(named, content):
            expected = f"{named.title}, as the suffix .{printable(claims.suffix)} says"
            return (Finding(CONTENT_NOT_AS_NAMED, content.seen, expected),)
        if declared not in (None, named) and not (_is_text(named, declared) or self._agrees(declared, content)):
            expected = f"{declared.title}, as the declared type {printable(claims.declared)} says"
            return (Finding(CONTENT_NOT_AS_DECLARED, content.seen, expected),)
        if named is None and content.runs is not None and not _tells(declared, content.runs):
            return (Finding(CONTENT_RUNS, content.seen),)
        return ()

    def wants(self, file: File) -> bool:
        """Text that does not begin within the first window."""
        return begins_late(file.head)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Judge it by where it begins."""
        late = late_start(file, whole.data)
        return () if late is None else self.look(late)

    def _declared(self, claims: Claims) -> Kind | None:
        return claims.by_declared if self.settings.declared else None

    def _agrees(self, claim: Kind, content: Content) -> bool:
        lenient = not self.settings.images
        return agrees(claim, content) or (lenient and _is_picture(claim) and _is_picture(content.kind))


def _is_text(named: Kind | None, declared: Kind) -> bool:
    """Whether only text is declared, or what may be text and is called so: Windows declares CSV as a workbook."""
    return declared.type == TEXT or (named is not None and named.text and TEXT in declared.looser)


def _is_picture(kind: Kind | None) -> bool:
    return kind is not None and kind.type.startswith("image/") and kind.risk is Risk.PASSIVE


def _tells(declared: Kind | None, runs: Kind) -> bool:
    """Whether the declared type says what a file is run as, or that its markup is only text."""
    return declared is not None and (declared is runs or (declared.verbatim and runs.risk is Risk.ACTIVE))
