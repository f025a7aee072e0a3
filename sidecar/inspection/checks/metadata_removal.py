"""Tells what is left of an image without its metadata, where the policy wants them removed."""

from typing import ClassVar, Final

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding
from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.formats.images.pictures import is_picture
from sidecar.inspection.formats.images.stripping import recognises, stripped
from sidecar.inspection.reason import Reason
from sidecar.inspection.rewrite import Rewrite
from sidecar.inspection.types.claims import claims_of
from sidecar.inspection.types.kinds import UNKNOWN, Risk
from sidecar.inspection.whole import Whole

METADATA_NOT_REMOVED: Final = Reason(
    "metadata_not_removed", "The metadata of an image cannot be removed", 422, "image metadata",
    "a JPEG, PNG, GIF or WebP that is whole, in a form or as the body of the request",
    "Save the image anew as JPEG or PNG. Operators: files.metadata of the policy.",
    source="OWASP ASVS 5.0, 14.2.8",
)  # fmt: skip


class MetadataRemoval(Check):
    """Works only where `files.metadata` of the policy is `strip`: then every image loses its metadata, or is refused.

    Pixels are not encoded anew: blocks are left out, and the orientation is written back. Images within other files,
    and what is no image by its content, stay as they are; of content that nobody knows the name or the type tells.
    """

    name = "metadata_removal"
    reasons: ClassVar = (METADATA_NOT_REMOVED,)
    inside = False

    def wants(self, file: File) -> bool:
        """Images."""
        return self.policy.files.metadata == "strip" and _is_image(file)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Find what stays."""
        try:
            rewrite = stripped(whole.data)
        except DamagedError as error:
            yield Finding(METADATA_NOT_REMOVED, str(error))
            return
        if rewrite is None:
            yield Finding(METADATA_NOT_REMOVED, file.content_type)
        elif not rewrite.fits(len(whole)):
            yield Finding(METADATA_NOT_REMOVED, "too many blocks")
        else:
            whole.rewrite = rewrite


def _is_image(file: File) -> bool:
    if file.content_type == UNKNOWN:
        kinds = claims_of(file.part).kinds
        return any(kind.type.startswith("image/") and kind.risk is Risk.PASSIVE for kind in kinds)
    return is_picture(file.content_type) or recognises(file.head)


def not_removed(file: File, rewrite: Rewrite | None) -> tuple[Finding, ...]:
    """What is to be said where an image was to lose its metadata, and nobody told how."""
    if MetadataRemoval.name not in file.wanted_by or (rewrite is not None and rewrite.fits(file.size)):
        return ()
    return (Finding(METADATA_NOT_REMOVED, "it could not be examined").at(file.part.name),)
