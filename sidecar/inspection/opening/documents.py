"""ZIPs that are documents: what they hold are their parts, not files that somebody packed."""

import re
from collections.abc import Iterable
from typing import Final

from sidecar.inspection.types.kinds import Kind

_SIGNS: Final = {
    "application/vnd.oasis.opendocument.": rb"(?i:mimetype|META-INF/manifest\.xml)",
    "application/vnd.apple.": rb"(?i:Index\.zip|Index/Document\.iwa|index\.(?:xml|apxl)(?:\.gz)?)",
    "application/epub+zip": rb"(?i:mimetype|META-INF/container\.xml)",
    "application/vnd.google-earth.kmz": rb"(?is:.*\.kml)",
    "application/vnd.openxmlformats-": rb"(?i:\[Content_Types\]\.xml)",
    "application/vnd.ms-": rb"(?i:\[Content_Types\]\.xml)",
}
"""One of the entries without which no program opens it, by what its type begins with."""


def is_document(kind: Kind, paths: Iterable[bytes]) -> bool:
    """Whether a ZIP of these entries is what its name says; programs (JAR, APK) are not asked."""
    sign = next((sign for begins, sign in _SIGNS.items() if kind.type.startswith(begins)), rb"(?s:.*)")
    return any(re.fullmatch(sign, path.replace(b"\\", b"/").lstrip(b"/")) for path in paths)
