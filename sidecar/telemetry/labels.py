"""Which label values there are: of the configuration, the table of reasons or a table here, never of the input."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import product
from typing import Final

OTHER: Final = "other"
"""Stands for every value that no table names."""

METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""RFC 9110, section 9, without CONNECT and TRACE, and PATCH of RFC 5789."""

MODES: Final = ("off", "monitor", "enforce")
VERDICTS: Final = ("clean", "bad", "not_examined", "not_inspected")
ACTIONS: Final = ("forwarded", "rejected")
_OF_REFUSALS: Final = frozenset({"bad", "not_examined"})
FINDING_ACTIONS: Final = (*ACTIONS, "monitored")
"""Of the upload; monitored: the finding is of a check that only counts, whatever became of the upload."""
STAGES: Final = ("receive", "inspect", "examine", "spool", "forward")
CACHE_STATUSES: Final = ("hit", "stale", "miss", "bypass", OTHER)
RETRIES: Final = ("unreachable", "stale", "unsent")
DIRECTIONS: Final = ("up", "down")
RELOAD_RESULTS: Final = ("success", "failure")
LEVELS: Final = ("debug", "info", "warning", "error")
CERTIFICATES: Final = ("tls.certificate", "tls.client_ca", "upstream.ca")
"""Settings whose files have certificates that end."""

MEDIA_TYPES: Final = frozenset(
    {f"image/{kind}" for kind in ("avif", "bmp", "gif", "heic", "heif", "jpeg", "png", "svg+xml", "tiff", "webp")}
    | {f"image/{kind}" for kind in ("jxl", "vnd.adobe.photoshop", "vnd.microsoft.icon", "x-icon")}
    | {f"audio/{kind}" for kind in ("aac", "flac", "midi", "mp4", "mpeg", "ogg", "x-hx-aac-adts", "x-m4a", "x-wav")}
    | {f"video/{kind}" for kind in ("mp4", "mpeg", "ogg", "quicktime", "webm", "x-matroska", "x-msvideo")}
    | {f"text/{kind}" for kind in ("calendar", "csv", "html", "plain", "rtf", "vcard", "x-php", "x-script.python")}
    | {f"text/{kind}" for kind in ("javascript", "x-msdos-batch", "x-shellscript", "xml")}
    | {f"application/{kind}" for kind in ("epub+zip", "gzip", "javascript", "json", "msword", "octet-stream", "ogg")}
    | {f"application/{kind}" for kind in ("pdf", "postscript", "rtf", "sql", "wasm", "xml", "zip", "zstd")}
    | {f"application/vnd.oasis.opendocument.{kind}" for kind in ("presentation", "spreadsheet", "text")}
    | {f"application/vnd.ms-{kind}" for kind in ("cab-compressed", "excel", "outlook", "powerpoint")}
    | {
        f"application/vnd.openxmlformats-officedocument.{kind}"
        for kind in ("presentationml.presentation", "spreadsheetml.sheet", "wordprocessingml.document")
    }
    | {f"application/x-{kind}" for kind in ("7z-compressed", "bzip2", "dosexec", "executable", "iso9660-image", "lzma")}
    | {f"application/x-{kind}" for kind in ("mach-binary", "pie-executable", "rar", "sharedlib", "tar", "xz")}
    | {
        "application/java-archive",
        "application/vnd.android.package-archive",
        "application/vnd.microsoft.portable-executable",
    }
    | {"font/otf", "font/sfnt", "font/ttf", "font/woff", "font/woff2", "inode/x-empty", "message/rfc822"}
)
"""What libmagic commonly answers; the content decides the answer, so anything else is `other`."""


@dataclass(frozen=True, slots=True)
class Labels:
    """The label values that one installation has."""

    routes: tuple[str, ...] = ("default",)
    """Labels of the configured routes, and of `default`."""
    reasons: tuple[str, ...] = ()
    """Codes of all Reasons that a finding can have."""
    upstream_errors: tuple[str, ...] = ()
    """Codes of the Reasons for which the service is to blame."""
    shed: tuple[str, ...] = ()
    """Codes of the Reasons for which a request was not taken on."""
    statuses: tuple[int, ...] = (400, 408, 413, 415, 422, 502, 503, 504)
    """The statuses that the sidecar itself answers."""

    @property
    def answers(self) -> Iterable[tuple[str, int]]:
        """Method and status of the answers whose series stand from the start."""
        return product(("GET", "POST"), (200, *self.statuses))


def is_refusal(verdict: str, action: str) -> bool:
    """Whether an upload was refused for what is in it; one that was rejected otherwise broke off.

    Its client left or was too slow, or there was no room: that tells nothing of the policy.
    """
    return action == "rejected" and verdict in _OF_REFUSALS


def method_label(method: str) -> str:
    """The method, or `other`."""
    return method if method in METHODS else OTHER


def code_label(status: int) -> str:
    """The status as text; `none` where there was no answer, `other` for what is no status (RFC 9110, section 15)."""
    if status == 0:
        return "none"
    return str(status) if 100 <= status <= 599 else OTHER  # noqa: PLR2004 - the five classes of RFC 9110


def type_label(content_type: str) -> str:
    """The content type without parameters, or `other`; an empty file has none and is `inode/x-empty`."""
    essence = content_type.partition(";")[0].strip().lower() or "inode/x-empty"
    return essence if essence in MEDIA_TYPES else OTHER
