"""Refuses file names with a suffix that the policy forbids, however it is dressed."""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Annotated, ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.names import in_small, length_of, remnants, segments, text_of, views
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.kinds import last_known
from sidecar.multipart.events import Part
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.strictness import ALL
from sidecar.policy.values.suffixes import SUFFIXES_RUN_ANYWHERE, SUFFIXES_RUN_BEFORE_SEMICOLON

SUFFIX_FORBIDDEN: Final = Reason(
    "suffix_forbidden", "Files with this suffix are not accepted here", 422, "file name",
    "a name without the suffixes under files.deny_suffixes",
    "Send the content in an accepted format; renaming alone does not help where the content is checked too. Operators: "
    "policies.<name>.files.deny_suffixes.",
    source="OWASP ASVS 5.0, 5.2.2; CWE-434; CVE-2009-4444", quotes_names=True,
)  # fmt: skip

# Round a suffix, all of these are dropped by one service or another (newline: CVE-2017-15715).
_DRESSING: Final = " \t\r\n\f\v\"'`~\0"
_NAME_MAX: Final = 255
_MARK: Final = re.compile("[\0:;?#]")
_PAGES: Final = frozenset({"htm", "html", "xhtml", "xhtm", "xht", "hxt"})
_BEFORE_SEMICOLON: Final = frozenset(SUFFIXES_RUN_BEFORE_SEMICOLON)


class ForbiddenSuffixesSettings(Settings):
    """Where forbidden suffixes count."""

    anywhere: Annotated[tuple[str, ...], ALL] = SUFFIXES_RUN_ANYWHERE
    """Those of `files.deny_suffixes` that count in any position (`a.php.jpg`); the others count at the end."""


class ForbiddenSuffixes(Check):
    """Looks for `files.deny_suffixes` at the end of a name, and for some anywhere in it, in every view of the name.

    Those of pages count before suffixes that no table has, too.
    """

    name = "forbidden_suffixes"
    files_only = True
    reasons: ClassVar = (SUFFIX_FORBIDDEN,)
    recorded: ClassVar = reasons
    settings_type = ForbiddenSuffixesSettings
    settings: ForbiddenSuffixesSettings

    def begin(self, part: Part) -> Findings:
        """Judge the name; the first suffix that is found is told."""
        if not part.filename:
            return ()
        denied, anywhere = _sets(self.policy.files.deny_suffixes, self.settings.anywhere)
        sent = part.filename if part.filename_as_sent is None else part.filename_as_sent
        for view in _names(sent, part.filename):
            for suffix in _forbidden(view, denied, anywhere):
                shown = f".{printable(suffix)} in {printable(sent)}"
                expected = f"a name without the suffix .{printable(suffix)}"
                return (Finding(SUFFIX_FORBIDDEN, shown, expected),)
        return ()


@lru_cache(maxsize=64)
def _sets(denied: tuple[str, ...], anywhere: tuple[str, ...]) -> tuple[frozenset[str], frozenset[str]]:
    """Both lists of one policy, made once."""
    return frozenset(denied), frozenset(denied).intersection(anywhere)


def _names(sent: bytes, filename: bytes) -> Iterable[str]:
    """All that some service may make of a name, once; a long one may be cut where file systems end (NAME_MAX)."""
    seen = views(sent)
    if len(filename) > _NAME_MAX >= length_of(filename):
        seen = (*seen, text_of(filename[:_NAME_MAX]))
    return dict.fromkeys((*seen, *(left for view in seen for left in remnants(view))))


def _forbidden(view: str, denied: frozenset[str], anywhere: frozenset[str]) -> Iterator[str]:
    """What a view has of forbidden suffixes: in its last segment, and as the suffix of a folder (`a.php/.jpg`)."""
    *folders, base = [segment for segment in segments(in_small(view)) if segment] or [""]
    for folder in folders:
        yield from anywhere.intersection(_suffixes(folder)[-1:])
    found = _suffixes(base)
    yield from denied.intersection(found[-1:])
    yield from anywhere.intersection(found)
    if _PAGES.intersection(found):
        yield from denied.intersection(_served(found))
    if _MARK.search(base):
        for token in base.split(".")[1:]:
            yield from denied.intersection(_cut(token, anywhere))


def _suffixes(segment: str) -> list[str]:
    """The suffixes of a segment without what is round them; empty ones (`a.php...`) do not count."""
    return [suffix for token in segment.split(".")[1:] if (suffix := token.strip(_DRESSING))]


def _served(found: list[str]) -> Iterator[str]:
    """The suffix of a page behind which no suffix is known: Apache sends `a.html.en` and `a.html.foo` as pages."""
    kind = last_known(found)
    return (suffix for suffix in found if kind is not None and suffix in _PAGES & kind.suffixes)


def _cut(token: str, anywhere: frozenset[str]) -> Iterator[str]:
    """What is left of a suffix where a service stops reading: at a NUL, a stream, a semicolon, a query."""
    for mark in "\0:;?#":
        before, found, rest = token.partition(mark)
        kept = before.strip(_DRESSING)
        whole = mark == "\0" or (mark == ":" and rest[:1] in {"", ":"})
        if found and (whole or kept in anywhere or (mark == ";" and kept in _BEFORE_SEMICOLON)):
            yield kept
