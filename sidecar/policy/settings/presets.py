"""Policies by name: what a preset says, between what `default` says and what the policy says itself."""

from collections.abc import Mapping
from typing import Annotated, Any, Final, Literal

from sidecar.policy.settings.base import MiB
from sidecar.policy.values.suffixes import DEFAULT_DENY_SUFFIXES
from sidecar.policy.values.words import Lowered

PresetName = Literal["none", "images", "documents", "archives", "spreadsheets", "media", "any-safe"]
Preset = Annotated[PresetName, Lowered]

_OOXML: Final = "application/vnd.openxmlformats-officedocument"
_ODF: Final = "application/vnd.oasis.opendocument"
_SHEETS: Final = (f"{_OOXML}.spreadsheetml.sheet", f"{_ODF}.spreadsheet", "text/csv", "text/tab-separated-values")
_MACROS: Final = ("docm", "dotm", "xlsm", "xltm", "xlam", "xlsb", "pptm", "potm", "ppsm", "ppam", "sldm", "xla", "xll")
"""Suffixes of Office files that hold programs; what is inside tells them from the others only when it is opened."""

PRESETS: Final[Mapping[str, Mapping[str, Any]]] = {
    "none": {},
    # What browsers show and phones take. SVG is a page that runs, TIFF and BMP are for few.
    "images": {"files": {"types": (
        "image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/heic", "image/heif",
    )}},
    # Without the formats from before 2007 and without macros.
    "documents": {"files": {"types": (
        "application/pdf", f"{_OOXML}.wordprocessingml.document", f"{_OOXML}.presentationml.presentation",
        f"{_ODF}.text", f"{_ODF}.presentation", *_SHEETS, "application/rtf", "text/plain", "text/markdown",
    ), "deny_suffixes": _MACROS}},
    # 7-Zip and RAR cannot be examined.
    "archives": {"files": {"types": (
        "application/zip", "application/gzip", "application/x-tar", "application/x-bzip2", "application/x-xz",
        "application/zstd",
    )}},
    "spreadsheets": {"files": {"types": _SHEETS, "deny_suffixes": _MACROS}},
    # Films are larger than anything else; beyond isolation.max_file they would not be examined.
    "media": {"max_body": 257 * MiB, "max_file": 256 * MiB, "files": {"types": (
        "audio/mpeg", "audio/mp4", "audio/ogg", "audio/x-wav", "audio/flac", "audio/aac", "audio/webm",
        "video/mp4", "video/quicktime", "video/webm", "video/x-matroska", "video/ogg", "video/mpeg", "video/mp2t",
        "video/3gpp",
    )}},
    # Ranges let in nothing that a browser, a server or a machine runs: these types need their own names.
    "any-safe": {"files": {"types": (
        "image/*", "audio/*", "video/*", "font/*", "model/*", "text/*", "message/*", "application/*", "inode/x-empty",
    ), "deny_suffixes": _MACROS}},
}  # fmt: skip


def preset_of(written: Mapping[str, Any], below: Mapping[str, Any]) -> dict[str, Any]:
    """What the preset that a policy names says; what is no preset says nothing, since it is told elsewhere.

    Args:
        written: the policy.
        below: what it builds on: the suffixes that are refused there are refused here, too.
    """
    name = written.get("preset")
    said = dict(PRESETS.get(name.strip().lower(), {})) if isinstance(name, str) else {}
    files = dict(said.get("files", {}))
    if "deny_suffixes" in files:
        denied = (below.get("files") or {}).get("deny_suffixes", DEFAULT_DENY_SUFFIXES)
        files["deny_suffixes"] = tuple(dict.fromkeys((*(denied or ()), *files["deny_suffixes"])))
    return {**said, "files": files} if files else said
