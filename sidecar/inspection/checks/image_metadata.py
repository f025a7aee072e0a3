"""Refuses images whose comments, text, EXIF, XMP or profiles hold what an interpreter or a browser would run."""

import re
from collections.abc import Iterator
from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.anatomy import MOST_NOTED, MOST_SPANS, Anatomy, Data, Span
from sidecar.inspection.formats.images import exif
from sidecar.inspection.formats.images.packed_text import MOST, raw_profile, unpacked
from sidecar.inspection.formats.images.pictures import anatomy_of, is_picture
from sidecar.inspection.formats.openers import IN_DATA, IN_TABLES, IN_TEXT
from sidecar.inspection.reason import Reason
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.base import MiB

IMAGE_METADATA_ACTIVE: Final = Reason(
    "image_metadata_active", "A comment or other metadata of an image holds script", 422, "image metadata",
    "metadata without the openers of PHP, JSP, ASP or SSI and without script",
    "Remove the metadata of the image, or save it anew without them.",
    source="CWE-434; OWASP File Upload Cheat Sheet",
)  # fmt: skip
IMAGE_METADATA_NOT_READ: Final = Reason(
    "image_metadata_not_read", "An image has more metadata than is examined", 422, "image metadata",
    f"at most {MOST // MiB} MiB of compressed text, and {MOST_NOTED // MiB} MiB of all metadata in {MOST_SPANS} blocks",
    "Remove the metadata of the image, or save it anew without them.", not_examined=True,
)  # fmt: skip
_PATTERNS: Final = {
    **dict.fromkeys(("comment", "text", "XMP"), IN_TEXT),
    **dict.fromkeys(("palette", "ICC profile", "maker note"), IN_TABLES),
}  # fmt: skip

_COLOURS, _COLOURS_AT = b"acsp", 36
"""In the header of a colour profile (ICC.1:2022, section 7.2.11)."""


class ImageMetadata(Check):
    """Searches everything that is no pixels: in text any opener, in binary blocks those that are not met by chance.

    XMP is XML: `<?xpacket` and `<?xml` open nothing. Compressed text is unpacked, since services show it.
    """

    name = "image_metadata"
    reasons: ClassVar = (IMAGE_METADATA_ACTIVE, IMAGE_METADATA_NOT_READ)
    quick = True

    def wants(self, file: File) -> bool:
        """Images."""
        return is_picture(file.content_type)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Search all blocks; the first that is found in each is told."""
        anatomy = whole.once(anatomy_of)
        return () if anatomy is None else _judged(anatomy, whole.data)


def _judged(anatomy: Anatomy, data: Data) -> Iterator[Finding]:
    budget, whole = MOST, not anatomy.overfull
    for span in anatomy.spans:
        if span.packed:
            block, complete = unpacked(data, span.start, span.end, budget + 1)
            budget = max(0, budget - len(block))
            whole = whole and complete
        else:
            block = data[span.start : span.end]
        if opener := _opener_in(span, block):
            yield Finding(IMAGE_METADATA_ACTIVE, f"{anatomy.format}, {span.kind}: {printable(opener, 40)}")
            return
    if not whole:
        yield Finding(IMAGE_METADATA_NOT_READ, anatomy.format)


def _opener_in(span: Span, block: bytes) -> bytes:
    """What would be run."""
    if span.kind == "text" and (profile := raw_profile(block)):
        colours = profile.startswith(_COLOURS, _COLOURS_AT)
        if opener := _opener(IN_TABLES if colours else IN_DATA, profile):
            return opener
    if span.kind != "EXIF" or (texts := exif.texts(block)) is None:
        return _opener(_PATTERNS.get(span.kind, IN_DATA), block)
    said = b"\n".join(block[start:end] for start, end in texts)
    return _opener(IN_TABLES, block) or _opener(IN_DATA, said)


def _opener(pattern: re.Pattern[bytes], block: bytes) -> bytes:
    """EXIF and others keep text in UTF-16 as well."""
    found = pattern.search(block)
    if found is None and b"\0" in block:
        wide = IN_DATA if pattern is IN_TEXT else pattern
        found = wide.search(block.translate(None, b"\0"))
    return b"" if found is None else found.group()
