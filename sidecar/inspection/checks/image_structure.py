"""Refuses images with data behind their end, and tells which could not be followed to it."""

from typing import Annotated, ClassVar, Final, Literal

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding
from sidecar.inspection.formats.anatomy import Anatomy, Data
from sidecar.inspection.formats.images.pictures import anatomy_of, is_picture
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.claims import claims_of
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.strictness import rising
from sidecar.policy.values.words import Lowered

IMAGE_TRAILING_DATA: Final = Reason(
    "image_trailing_data", "There is data behind the end of an image", 422, "image structure",
    "an image that ends where the file ends, but for what cameras write there",
    "Save the image anew. Operators: checks.image_structure.trailing says what may stand there.",
    source="OWASP File Upload Cheat Sheet; CVE-2023-21036",
)  # fmt: skip
IMAGE_NOT_READ: Final = Reason(
    "image_not_read", "The structure of an image is damaged, so that not all of it could be examined", 422,
    "image structure", "an image that is whole",
    "Save the image anew, or send it again. Operators: `not_examined: forward` lets in what could not be examined.",
    not_examined=True,
)  # fmt: skip
_DICOM: Final = b"DICM\2\0\0\0UL\4\0"
"""The prefix of DICOM, and the length that its first group must tell."""
_LET_IN_DICOM: Final = frozenset({"*/*", "application/*", "application/dicom"})
_PADDING: Final = b"\0\r\n\t "


class ImageStructureSettings(Settings):
    """What may stand behind the end of an image."""

    trailing: Annotated[Literal["cameras", "refuse", "pass"], Lowered, rising("pass", "cameras", "refuse")] = "cameras"
    """cameras: behind a JPEG what phones write there (further images, the film of a motion photo, trailers of Samsung
    and Huawei) and photo desks (AFCP, FotoStation, Photo Mechanic), each by its own structure. refuse: nothing. pass:
    anything. Zeros and white space always pass."""


class ImageStructure(Check):
    """Follows blocks, chunks and segments to the end of the image.

    PNG, JPEG, GIF, WebP and BMP have an end; of TIFF, ICO, HEIF, AVIF and PSD only the structure is followed.

    A damaged image is not examined rather than bad: what a decoder shows of it is not what was looked at. A JPEG that
    ends within its pixels, and a GIF without its last byte, were seen to their end, and pass.
    """

    name = "image_structure"
    reasons: ClassVar = (IMAGE_TRAILING_DATA, IMAGE_NOT_READ)
    quick = True
    settings_type = ImageStructureSettings
    settings: ImageStructureSettings

    def wants(self, file: File) -> bool:
        """Images."""
        return is_picture(file.content_type)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Judge the structure."""
        anatomy = whole.once(anatomy_of)
        if anatomy is None:
            return ()
        if anatomy.fault:
            if self._is_dicom(file, whole.data, anatomy):
                return ()
            return (Finding(IMAGE_NOT_READ, f"{anatomy.format}: {anatomy.fault}"),)
        end = self._end(anatomy)
        if end is None or not (rest := _rest(whole.data, end)):
            return ()
        return (Finding(IMAGE_TRAILING_DATA, f"{anatomy.format}, {rest} bytes behind its end"),)

    def _is_dicom(self, file: File, data: Data, anatomy: Anatomy) -> bool:
        """Whether it only begins like a TIFF, as DICOM may (PS3.10, 7.1), and nothing calls it an image."""
        dicom = anatomy.format == "TIFF" and data[128 : 128 + len(_DICOM)] == _DICOM
        pictures = any(kind.type.startswith("image/") for kind in claims_of(file.part).kinds)
        return dicom and not pictures and not _LET_IN_DICOM.isdisjoint(self.policy.files.types)

    def _end(self, anatomy: Anatomy) -> int | None:
        match self.settings.trailing:
            case "pass":
                return None
            case "refuse":
                return anatomy.image_end
            case _:
                return anatomy.end


def _rest(data: Data, end: int) -> int:
    """Bytes behind the end, padding apart."""
    step = 1 << 16
    while end < len(data) and not data[end : end + step].strip(_PADDING):
        end += step
    return max(0, len(data) - end)
