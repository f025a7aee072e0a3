"""Refuses what makes ImageMagick or Ghostscript run programs, or read and write files, while they convert an image."""

import re
from typing import Annotated, ClassVar, Final, Literal

from sidecar.inspection.check import Check, Findings
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats import delegates
from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.reason import Reason
from sidecar.inspection.types.content import Content
from sidecar.inspection.types.kinds import canonical
from sidecar.inspection.whole import Whole
from sidecar.multipart.events import Part
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.strictness import rising
from sidecar.policy.values.words import Lowered

IMAGE_DELEGATE: Final = Reason(
    "image_delegate", "A file tells an image converter to run programs or to open files", 422, "image content",
    "no MVG, no MSL, no PostScript that leaves its document, no addresses such as msl: and ephemeral:",
    "Send the image as pixels: PNG, JPEG or WebP. Operators: checks.image_delegates.",
    source="CVE-2016-3714 to CVE-2016-3718; CVE-2018-16509; CVE-2019-6116",
)  # fmt: skip
_POSTSCRIPT: Final = "application/postscript"
_DRAWING: Final = "image/svg+xml"


class ImageDelegatesSettings(Settings):
    """What becomes of PostScript."""

    postscript: Annotated[Literal["judge", "refuse"], Lowered, rising("judge", "refuse")] = "judge"
    """judge: refused where it names programs or files. PostScript is a language in which such names can also be made
    while it runs: refuse it as a whole where a service converts it, or list only types of pixels in `files.types`."""


class ImageDelegates(Check):
    """Looks at the start of text (MVG, MSL), at the addresses in drawings, and at all of PostScript.

    Converters go by the first bytes, whatever a file is called; text that talks of these formats further on is honest.
    """

    name = "image_delegates"
    files_only = True
    reasons: ClassVar = (IMAGE_DELEGATE,)
    settings_type = ImageDelegatesSettings
    settings: ImageDelegatesSettings

    def begin(self, part: Part) -> Findings:
        """Judge the name: converters read what stands before a colon as a format."""
        name = part.filename or b""
        return self._found(part, delegates.CODER_IN_NAME.match(name))

    def look(self, file: File) -> Findings:
        """Judge the start."""
        if delegates.starts_postscript(file.head) and self.settings.postscript == "refuse":
            return (Finding(IMAGE_DELEGATE, "PostScript"),)
        return self._found(file.part, delegates.SCRIPT_AT_START.match(file.head))

    def wants(self, file: File) -> bool:
        """PostScript and drawings."""
        return _is_postscript(file.content_type, file.head) or _is_drawing(file.shown())

    def examine(self, file: File, whole: Whole) -> Findings:
        """Judge all of it."""
        postscript = _is_postscript(file.content_type, whole.data[:64])
        search = delegates.in_postscript if postscript else delegates.in_drawing
        try:
            found = search(whole.data)
        except TooMuchError as error:
            found = f"too many {error}".encode()
        return (Finding(IMAGE_DELEGATE, printable(found.strip())),) if found else ()

    def _found(self, part: Part, found: re.Match[bytes] | None) -> Findings:
        if found is None:
            return ()
        return (Finding(IMAGE_DELEGATE, printable(found.group().strip())),)


def _is_postscript(content_type: str, head: bytes) -> bool:
    return canonical(content_type) == _POSTSCRIPT or delegates.starts_postscript(head)


def _is_drawing(content: Content) -> bool:
    opener = content.opener
    return content.type == _DRAWING or (opener is not None and opener.type == _DRAWING)
