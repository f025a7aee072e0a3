"""Lets in only the content types that the policy names, judged by content."""

from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding
from sidecar.inspection.late_start import BEGINS, begins_late, late_start
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.claims import claims_of
from sidecar.inspection.types.content import Content, agrees, may_pass_as
from sidecar.inspection.types.kinds import EMPTY, TEXT, UNKNOWN, Kind, Risk, canonical
from sidecar.inspection.whole import Whole

_LISTED: Final = 12

CONTENT_TYPE_NOT_ALLOWED: Final = Reason(
    "content_type_not_allowed", "This type of file is not accepted here", 415, "content type",
    "a content type that the policy lists under files.types",
    "Send the file in one of the accepted formats. Operators: what can carry script (HTML, SVG) and programs are let "
    "in by their own names or by */*, not by image/* or text/*.",
    source="OWASP ASVS 5.0, 5.2.2; RFC 9110, section 15.5.16",
)  # fmt: skip


class ContentTypeAllowed(Check):
    """Compares what libmagic and the first words show with `files.types`.

    A type lets in what is a kind of it: `text/plain` also CSV, `application/zip` also DOCX. Where libmagic sees only
    the more general kind (a ZIP), the suffix or the declared type tells the exact one (DOCX).
    """

    name = "content_type_allowed"
    reasons: ClassVar = (CONTENT_TYPE_NOT_ALLOWED,)
    recorded: ClassVar = reasons
    inside: ClassVar = False
    begins = BEGINS

    def look(self, file: File) -> Findings:
        """Judge the type."""
        types = self.policy.files.types
        if "*/*" in types or (file.head and not file.content_type):
            return ()
        content = file.shown()
        ranges = frozenset(map(canonical, types))
        if _is_listed(content, ranges) or any(_backs(kind, content, ranges) for kind in claims_of(file.part).kinds):
            return ()
        return (Finding(CONTENT_TYPE_NOT_ALLOWED, content.seen, _in_words(types)),)

    def wants(self, file: File) -> bool:
        """Text that does not begin within the first window."""
        return begins_late(file.head)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Judge it by where it begins."""
        late = late_start(file, whole.data)
        return () if late is None else self.look(late)


def _in_words(types: tuple[str, ...]) -> str:
    listed = ", ".join(types[:_LISTED]) + (", ..." if len(types) > _LISTED else "")
    return f"one of: {listed}" if types else "no file at all"


def _is_listed(content: Content, ranges: frozenset[str]) -> bool:
    types = may_pass_as(content)
    return not ranges.isdisjoint(types if content.runs else types | _wildcards(types))


def _backs(claim: Kind, content: Content, ranges: frozenset[str]) -> bool:
    """Whether a listed claim is one that the content bears out, as far as libmagic can see.

    Text is let in as text alone: a playlist that is called film makes converters read other files, and old programs
    that write text as .doc write it where text is wanted.
    """
    names = claim.types | _wildcards(claim.types) if claim.risk is Risk.PASSIVE else claim.types
    if ranges.isdisjoint(names) or content.opener not in {None, claim} or content.type == EMPTY:
        return False
    if _is_words(content) and not claim.text:
        return False
    return (claim in content.begins or content.type != UNKNOWN) and agrees(claim, content)


def _is_words(content: Content) -> bool:
    """Also with a stray control character, for which libmagic still says text."""
    return TEXT in may_pass_as(content) or (content.kind is not None and content.kind.text)


def _wildcards(types: frozenset[str]) -> frozenset[str]:
    return frozenset(f"{name.partition('/')[0]}/*" for name in types)
