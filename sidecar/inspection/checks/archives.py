"""Opens archives without unpacking them to anywhere, and judges what they hold."""

from typing import Annotated, ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding
from sidecar.inspection.formats.containers.cms import armoured, begins_sealed
from sidecar.inspection.formats.containers.onenote import BEGINS as NOTES
from sidecar.inspection.formats.containers.tar_fields import looks_like_tar
from sidecar.inspection.formats.containers.tnef import BEGINS as TNEF
from sidecar.inspection.formats.containers.unpacking import CODECS
from sidecar.inspection.formats.containers.zip_directory import BEGINS
from sidecar.inspection.opening.archive import Archive, Rules
from sidecar.inspection.opening.mail_file import open_mail
from sidecar.inspection.opening.mtree import is_mtree, may_be_mtree
from sidecar.inspection.opening.notes_file import open_notes
from sidecar.inspection.opening.packed_file import open_packed
from sidecar.inspection.opening.reasons import ARCHIVE_DAMAGED, ARCHIVE_UNSUPPORTED, REASONS
from sidecar.inspection.opening.signed_file import open_armoured, open_signed, shows_header
from sidecar.inspection.opening.tar_file import open_tar
from sidecar.inspection.opening.tnef_file import open_tnef
from sidecar.inspection.opening.unopened import unopened
from sidecar.inspection.opening.zip_file import open_zip
from sidecar.inspection.types.claims import claims_of
from sidecar.inspection.types.kinds import canonical, kind_of_suffix
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.kinds import at_least
from sidecar.policy.values.strictness import LOWER
from sidecar.policy.values.words import PassOrRefuse

_PACKED: Final = {
    b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\0": "xz", b"\x28\xb5\x2f\xfd": "zstd",
    **{bytes((first,)) + b"\x2a\x4d\x18": "zstd" for first in range(0x50, 0x60)},  # to be skipped: RFC 8878, 3.1.2
}  # fmt: skip
_FIRST: Final = (*BEGINS, *_PACKED, NOTES, TNEF)
_ZIP_TYPE: Final = "application/zip"
_TAR_TYPE: Final = "application/x-tar"
_MAIL_TYPE: Final = "message/rfc822"
_SEALED_TYPE: Final = "application/pkcs7-mime"
_HEAD: Final = 4096
_MAILBOX: Final = b"From "


class ArchivesSettings(Settings):
    """What an archive may be. How much it may hold is said by `inside` of the policy."""

    max_ratio: Annotated[int, at_least(10), LOWER] = 250
    """How many times its packed size a file may have unpacked, from 16 MiB on."""
    links: PassOrRefuse = "refuse"
    """Symbolic and hard links. `pass` where the service does not follow them (OWASP ASVS 5.0, 5.2.5)."""


class Archives(Check):
    """ZIP, tar, gzip, bzip2, xz, zstd, mails, signed files, OneNote; what they hold is judged as if it was uploaded.

    What is a ZIP by another name (DOCX, EPUB, JAR) is opened too, but what it holds are its parts, not files; of what
    is only called so, files as of any other.
    """

    name = "archives"
    reasons: ClassVar = REASONS
    settings_type = ArchivesSettings
    settings: ArchivesSettings

    def wants(self, file: File) -> bool:
        """Whether it begins as an archive does, here or for libmagic."""
        return (
            file.head.startswith(_FIRST)
            or canonical(file.content_type) == _ZIP_TYPE
            or bool(unopened(file.head))
            or may_be_mtree(file.head)
            or looks_like_tar(file.head)
            or _is_called_tar(file)
            or _is_mail(file, file.head)
            or _is_sealed(file, file.head)
        )

    def examine(self, file: File, whole: Whole) -> Findings:
        """Open it."""
        start = bytes(whole.data[:512])
        archive = Archive(whole, self._rules(file))
        packed = next((codec for first, codec in _PACKED.items() if start.startswith(first)), "")
        if start.startswith(BEGINS) or canonical(file.content_type) == _ZIP_TYPE:
            yield from open_zip(archive)
        elif start.startswith(NOTES):
            yield from open_notes(whole)
        elif start.startswith(TNEF):
            yield from open_tnef(whole)
        elif packed in CODECS:
            yield from open_packed(archive, packed, file.part.filename or b"")
        elif unsupported := packed or unopened(start) or ("mtree" if is_mtree(whole.data) else ""):
            yield Finding(ARCHIVE_UNSUPPORTED, unsupported)
        elif begins_sealed(start):
            yield from open_signed(archive, file.part.filename or b"")
            yield from open_tar(archive) if looks_like_tar(start) else ()
        elif looks_like_tar(whole.data[:512]) or _is_called_tar(file):
            yield from open_tar(archive)
        elif _is_mail(file, start):
            suffix = claims_of(file.part).suffix
            mailbox = suffix == "mbox" or (suffix != "eml" and start.startswith(_MAILBOX))
            yield from open_mail(whole, mailbox=mailbox)
        elif _is_sealed(file, head := bytes(whole.data[:_HEAD])):
            yield from _open_text(archive, file, head)

    def _rules(self, file: File) -> Rules:
        kind = kind_of_suffix(claims_of(file.part).suffix)
        called = kind if kind is not None and _ZIP_TYPE in kind.within else None
        return Rules(self.policy.inside, self.settings.max_ratio, links=self.settings.links == "pass", called=called)


def _open_text(archive: Archive, file: File, head: bytes) -> Findings:
    """What is signed and written as text: in Base64, or as a mail, as `openssl cms -sign` does unasked."""
    if (at := armoured(head)) >= 0:
        yield from open_armoured(archive, file.part.filename or b"", at)
    elif shows_header(head):
        yield from open_mail(archive.whole, mailbox=False)
    else:
        yield Finding(ARCHIVE_DAMAGED, "a file that is not signed, though its name says so")


def _is_sealed(file: File, start: bytes) -> bool:
    """By its beginning, or by its name or declared type."""
    called = bool(start) and any(_SEALED_TYPE in kind.types for kind in claims_of(file.part).kinds)
    return called or begins_sealed(start) or armoured(start) >= 0


def _is_called_tar(file: File) -> bool:
    """By its name, its declared type or libmagic: GNU's tar and others seek the first entry behind what is none."""
    kinds = claims_of(file.part).kinds
    return canonical(file.content_type) == _TAR_TYPE or any(_TAR_TYPE in kind.types for kind in kinds)


def _is_mail(file: File, start: bytes) -> bool:
    """By its name or declared type; by its beginning only where these say nothing, as text may show a mail."""
    if kinds := claims_of(file.part).kinds:
        return any(_MAIL_TYPE in kind.types for kind in kinds)
    return canonical(file.content_type) == _MAIL_TYPE or start.startswith(_MAILBOX)
