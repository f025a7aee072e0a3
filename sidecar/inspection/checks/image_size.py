"""Refuses images that unpack to more pixels, or to more frames, than a service should decode."""

from collections.abc import Iterator
from typing import Annotated, ClassVar, Final, Literal

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.anatomy import Anatomy
from sidecar.inspection.formats.images.pictures import anatomy_of, is_picture
from sidecar.inspection.reason import Reason
from sidecar.inspection.whole import Whole
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.kinds import at_least
from sidecar.policy.values.strictness import LOWER, rising
from sidecar.policy.values.words import Lowered

_ADVICE: Final = "Send the image smaller, or with fewer frames. Operators: see checks.image_size."
_SOURCE: Final = "OWASP ASVS 5.0, 5.2.6; CWE-409"

IMAGE_TOO_LARGE: Final = Reason(
    "image_too_large", "An image has more pixels than are accepted", 422, "image size",
    "an image within checks.image_size.max_pixels and max_side", _ADVICE, source=_SOURCE,
)  # fmt: skip
IMAGE_TOO_MANY_FRAMES: Final = Reason(
    "image_too_many_frames", "An image has more frames than are accepted", 422, "image size",
    "an image within checks.image_size.max_frames and max_all_pixels", _ADVICE, source=_SOURCE,
)  # fmt: skip
IMAGE_SIZE_UNKNOWN: Final = Reason(
    "image_size_unknown", "The size of an image could not be found out", 422, "image size",
    "an image in a format whose header is known here: PNG, JPEG, GIF, WebP, BMP, TIFF, ICO, HEIF, AVIF, JPEG XL, "
    "JPEG 2000, PSD, TGA",
    "Send the image in another format. Operators: checks.image_size.unknown.", not_examined=True,
)  # fmt: skip


class ImageSizeSettings(Settings):
    """How much a service may be made to decode."""

    max_pixels: Annotated[int, at_least(1), LOWER] = 268_435_456
    """Width times height of one image; phones of today take 200 million."""
    max_side: Annotated[int, at_least(1), LOWER] = 65_535
    """Width or height alone."""
    max_frames: Annotated[int, at_least(1), LOWER] = 5_000
    """Frames of an animation, pages of a TIFF, pictures of an icon."""
    max_all_pixels: Annotated[int, at_least(1), LOWER] = 4_294_967_296
    """Width times height times frames."""
    unknown: Annotated[Literal["pass", "not_examined"], Lowered, rising("pass", "not_examined")] = "pass"
    """What becomes of images in rare formats, whose headers are not read here."""


class ImageSize(Check):
    """Reads headers only: of most formats the first bytes, of the others the whole structure."""

    name = "image_size"
    reasons: ClassVar = (IMAGE_TOO_LARGE, IMAGE_TOO_MANY_FRAMES, IMAGE_SIZE_UNKNOWN)
    quick = True
    settings_type = ImageSizeSettings
    settings: ImageSizeSettings

    def look(self, file: File) -> Findings:
        """Judge what the head tells already: it spares the client the rest of the upload."""
        anatomy = anatomy_of(file.head) if is_picture(file.content_type) else None
        return () if anatomy is None else tuple(self._judged(anatomy))

    def wants(self, file: File) -> bool:
        """Images."""
        return is_picture(file.content_type)

    def examine(self, file: File, whole: Whole) -> Findings:
        """Judge all of it."""
        anatomy = whole.once(anatomy_of)
        if anatomy is not None:  # without a size its structure is damaged, which is told elsewhere
            return tuple(self._judged(anatomy))
        if self.settings.unknown == "pass":
            return ()
        return (Finding(IMAGE_SIZE_UNKNOWN, printable(file.content_type)),)

    def _judged(self, anatomy: Anatomy) -> Iterator[Finding]:
        limits = self.settings
        size = f"{anatomy.format}, {anatomy.width} x {anatomy.height}"
        if anatomy.pixels > limits.max_pixels:
            yield Finding(IMAGE_TOO_LARGE, size, f"at most {limits.max_pixels} pixels")
        elif max(anatomy.width, anatomy.height) > limits.max_side:
            yield Finding(IMAGE_TOO_LARGE, size, f"at most {limits.max_side} pixels a side")
        frames = f"{size}, {anatomy.frames} frames"
        if anatomy.frames > limits.max_frames:
            yield Finding(IMAGE_TOO_MANY_FRAMES, frames, f"at most {limits.max_frames} frames")
        elif anatomy.frames > 1 and anatomy.pixels * anatomy.frames > limits.max_all_pixels:
            yield Finding(IMAGE_TOO_MANY_FRAMES, frames, f"at most {limits.max_all_pixels} pixels in all frames")
