"""Refuses names of form fields that services read in different ways, where the policy asks for it."""

from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.finding import Finding
from sidecar.inspection.reason import Reason
from sidecar.multipart.events import Part
from sidecar.policy.settings.model import Policy, Settings
from sidecar.policy.values.words import PassOrRefuse

_ADVICE: Final = "Give every field its own plain name. Operators: see checks.field_names."


def _reason(code: str, title: str, expected: str, source: str) -> Reason:
    return Reason(code, title, 422, "field name", expected, _ADVICE, source=source)


FIELD_NAME_MIXED: Final = _reason(
    "field_name_mixed", "A file and a text have one name", "a name for files alone, or for texts alone",
    "services keep the first, the last, or a list of both",
)  # fmt: skip
FIELD_NAME_REPEATED: Final = _reason(
    "field_name_repeated", "Two fields, or two files, have one name", "a name of its own for every part",
    "services keep the first, the last, or all",
)  # fmt: skip
FIELD_NAME_REWRITTEN: Final = _reason(
    "field_name_rewritten", "A field name is one that some services rewrite",
    "a name without dots, spaces and brackets, and without a slash before it",
    "PHP manual, variables from external sources: `a.b`, `a b` and `a[b` become `a_b`; to aiohttp `/a` is `a`",
)  # fmt: skip


# White space, which Django, PHP and commons-fileupload take off a name, and a byte-order mark, which undici does.
_OUTSIDE: Final = (
    "\t\n\v\f\r\x1c\x1d\x1e\x1f \x85\xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
_CHOICES: Final = ("mixed", "repeated_texts", "repeated_files", "rewritten")


class FieldNamesSettings(Settings):
    """Which names of fields are refused. All pass by default, since honest forms have all of them."""

    mixed: PassOrRefuse = "pass"
    """A file and a text under one name. Rails sends an empty text beside every list of files."""
    repeated_texts: PassOrRefuse = "pass"
    """Several texts under one name. Check boxes are sent so."""
    repeated_files: PassOrRefuse = "pass"
    """Several files under one name. `<input type=file multiple>` is sent so."""
    rewritten: PassOrRefuse = "pass"
    """Names with dots, spaces or brackets, which PHP rewrites, or with a first slash, which aiohttp drops."""


class FieldNames(Check):
    """Keeps a number for each name, so its memory is bounded by `max_parts`."""

    name = "field_names"
    reasons: ClassVar = (FIELD_NAME_MIXED, FIELD_NAME_REPEATED, FIELD_NAME_REWRITTEN)
    recorded: ClassVar = reasons
    inside: ClassVar = False
    settings_type = FieldNamesSettings
    settings: FieldNamesSettings

    def __init__(self, settings: Settings, policy: Policy) -> None:
        super().__init__(settings, policy)
        self._compares = "refuse" in {self.settings.mixed, self.settings.repeated_texts, self.settings.repeated_files}
        self._texts: set[int] = set()
        self._files: set[int] = set()

    @classmethod
    def is_idle(cls, settings: Settings) -> bool:
        """It passes every name unless it is told otherwise."""
        return all(getattr(settings, name) == "pass" for name in _CHOICES)

    def begin(self, part: Part) -> Findings:
        """Judge the name."""
        reasons = []
        if self.settings.rewritten == "refuse" and part.name.lstrip(b"/").translate(None, b". []") != part.name:
            reasons.append(FIELD_NAME_REWRITTEN)
        if self._compares:
            reasons += self._compared(part)
        return [Finding(reason) for reason in reasons]

    def _compared(self, part: Part) -> list[Reason]:
        name = hash(part.name.decode(errors="replace").strip(_OUTSIDE).lstrip("/"))
        same, other = (self._files, self._texts) if part.is_file else (self._texts, self._files)
        repeated = self.settings.repeated_files if part.is_file else self.settings.repeated_texts
        reasons = []
        if self.settings.mixed == "refuse" and name in other:
            reasons.append(FIELD_NAME_MIXED)
        if repeated == "refuse" and name in same:
            reasons.append(FIELD_NAME_REPEATED)
        same.add(name)
        return reasons
