"""Refuses files whose SHA-256 stands in a list, or in none of the lists that let files in."""

from typing import Annotated, ClassVar, Final, Self

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding
from sidecar.inspection.formats.digest_list import Digests
from sidecar.inspection.reason import Reason
from sidecar.multipart.events import Part
from sidecar.policy.settings.base import FileOrNone
from sidecar.policy.settings.model import Policy, Settings
from sidecar.policy.values.strictness import ALL

FILE_KNOWN_BAD: Final = Reason(
    "file_known_bad", "This very file is known to be bad", 422, "known files",
    "a file that is on none of the lists of bad files",
    "Do not send or open this file. Operators: checks.known_files.deny.", source="OWASP ASVS 5.0, 5.4.3",
)  # fmt: skip
FILE_NOT_LISTED: Final = Reason(
    "file_not_listed", "Only listed files are accepted here, and this is none of them", 422, "known files",
    "a file whose SHA-256 is on a list of the policy",
    "Have the file added to the list first. Operators: checks.known_files.allow.", source="OWASP ASVS 5.0, 5.2.2",
)  # fmt: skip


class KnownFilesSettings(Settings):
    """Files of SHA-256 digests, one a line, as sha256sum writes them; `#` begins a comment. Read again on change."""

    deny: Annotated[tuple[FileOrNone, ...], ALL] = ()
    """Lists of files that are refused, wherever they stand: inside archives too."""
    allow: Annotated[tuple[FileOrNone, ...], ALL] = ()
    """Lists of the only files that are let in. None: every file that is not denied."""

    _denied = _allowed = (Digests(),)

    def with_digests(self, denied: tuple[Digests, ...], allowed: tuple[Digests, ...]) -> Self:
        """The same settings with the content of their lists, which somebody who may read files has read."""
        known = self.replaced()
        vars(known).update(_denied=denied, _allowed=allowed)
        return known

    def strictest(self, other: Self) -> Self:
        """A file has to be allowed by each that has lists for it; they stay apart, as large ones take long to mix."""
        allowed = (each.allowed for each in (self, other) if each.allow)
        return super().strictest(other).with_digests(self.denied + other.denied, sum(allowed, ()))

    @property
    def denied(self) -> tuple[Digests, ...]:
        """What the lists under `deny` hold: a file in any of these is refused."""
        return self._denied

    @property
    def allowed(self) -> tuple[Digests, ...]:
        """What the lists under `allow` hold: where there are any, a file has to be in each of these."""
        return self._allowed


class KnownFiles(Check):
    """Compares the digest of the whole file, known when it has ended; files within files have to pass, too."""

    name = "known_files"
    files_only = True
    reasons: ClassVar = (FILE_KNOWN_BAD, FILE_NOT_LISTED)
    recorded: ClassVar = reasons
    settings_type = KnownFilesSettings
    settings: KnownFilesSettings

    def __init__(self, settings: Settings, policy: Policy) -> None:
        super().__init__(settings, policy)
        self._file: File | None = None

    @classmethod
    def is_idle(cls, settings: Settings) -> bool:
        """Without a list there is nothing to compare with."""
        return not (getattr(settings, "deny", ()) or getattr(settings, "allow", ()))

    def look(self, file: File) -> Findings:
        """Remember the file: its digest is known at its end."""
        self._file = file
        return ()

    def end(self, part: Part, size: int) -> Findings:
        """Judge the digest."""
        file, self._file = self._file, None
        if file is None or file.part is not part or not file.sha256:
            return ()
        digest = bytes.fromhex(file.sha256)
        if any(digest in digests for digests in self.settings.denied):
            return (Finding(FILE_KNOWN_BAD, f"SHA-256 {file.sha256}"),)
        if self.settings.allow and not all(digest in digests for digests in self.settings.allowed):
            return (Finding(FILE_NOT_LISTED, f"SHA-256 {file.sha256}"),)
        return ()
