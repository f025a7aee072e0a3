"""Header fields that keep every answer of this port harmless in a browser."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from sidecar.admin.style import HASH

FIELDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "Content-Security-Policy": (
            f"default-src 'none'; style-src '{HASH}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        ),
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cache-Control": "no-store",
        "Server": "upload-sidecar",  # without it aiohttp would tell its version and Python's
    }
)
