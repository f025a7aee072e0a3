"""What can be wrong with an archive."""

from typing import Final

from sidecar.inspection.reason import Reason

_AGAIN: Final = "Pack the files anew with another program, and send that."


def _reason(
    code: str, title: str, expected: str, source: str = "", advice: str = _AGAIN, *, not_examined: bool = False
) -> Reason:
    return Reason(
        code, title, 422, "archive", expected, advice, source=source, not_examined=not_examined, quotes_names=True
    )


ARCHIVE_BOMB: Final = _reason(
    "archive_bomb", "An archive unpacks to far more than it holds",
    "files that unpack to no more than checks.archives.max_ratio times their size", "OWASP ASVS 5.0, 5.2.3; CWE-409",
    "Send the files without packing them. Operators: see checks.archives.max_ratio.",
)  # fmt: skip
ARCHIVE_OVERLAP: Final = _reason(
    "archive_overlap", "Entries of an archive share their bytes", "entries one after the other",
    "D. Fifield, A better zip bomb (WOOT 2019); CVE-2019-13232, CVE-2024-0450",
)  # fmt: skip
ARCHIVE_AMBIGUOUS: Final = _reason(
    "archive_ambiguous", "An archive can be read in two ways",
    "one archive from the first byte to the last, whose directory agrees with its entries, and one size for each",
    "CWE-436; CVE-2013-4787: two directories, two readings",
)  # fmt: skip
ARCHIVE_DUPLICATE: Final = _reason(
    "archive_duplicate", "Two entries of an archive have one name", "a name of its own for every entry",
    "CVE-2013-4787: one reader takes the first, another the last",
)  # fmt: skip
ARCHIVE_LINK: Final = _reason(
    "archive_link", "An archive holds a link", "files and folders only", "OWASP ASVS 5.0, 5.2.5; CWE-59",
    "Pack the files that the links lead to. Operators: checks.archives.links.",
)  # fmt: skip
ARCHIVE_DEVICE: Final = _reason(
    "archive_device", "An archive holds a device or a pipe", "files and folders only", "CWE-59",
    "Leave devices and pipes out of the archive.",
)  # fmt: skip
ARCHIVE_PATH: Final = _reason(
    "archive_path", "An entry of an archive would be unpacked outside of its folder",
    "paths without .. and without a root", "CWE-22; CVE-2018-1002200 (Zip Slip)",
    "Pack the files anew, from within their folder.",
)  # fmt: skip
ARCHIVE_ENCRYPTED: Final = _reason(
    "archive_encrypted", "An archive is encrypted", "an archive that opens without a password",
    advice="Send the files without a password. Operators: `not_examined: forward` lets such files in unseen.",
    not_examined=True,
)  # fmt: skip
ARCHIVE_DAMAGED: Final = _reason(
    "archive_damaged", "An archive is damaged, or was cut short", "an archive that can be unpacked to its end",
    advice="Send it again, or pack the files anew. Operators: clients that send files in pieces cause this, too.",
    not_examined=True,
)  # fmt: skip
ARCHIVE_UNSUPPORTED: Final = _reason(
    "archive_unsupported", "An archive is of a kind that cannot be opened here", "ZIP, tar, gzip, bzip2, xz or zstd",
    advice="Send it as a ZIP. Operators: `not_examined: forward` lets such files in unseen.",
    not_examined=True,
)  # fmt: skip

REASONS: Final = (
    ARCHIVE_BOMB, ARCHIVE_OVERLAP, ARCHIVE_AMBIGUOUS, ARCHIVE_DUPLICATE, ARCHIVE_LINK, ARCHIVE_DEVICE, ARCHIVE_PATH,
    ARCHIVE_ENCRYPTED, ARCHIVE_DAMAGED, ARCHIVE_UNSUPPORTED,
)  # fmt: skip
