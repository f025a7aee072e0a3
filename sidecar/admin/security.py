"""Header fields that keep every answer of these ports harmless in a browser, and the answers in JSON that have them."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from aiohttp import web

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


def json_answer(body: dict[str, Any], status: int = 200, fields: Mapping[str, str] | None = None) -> web.Response:
    """An answer in JSON, with further fields if it has any."""
    return web.json_response(body, status=status, headers={**FIELDS, **(fields or {})})
