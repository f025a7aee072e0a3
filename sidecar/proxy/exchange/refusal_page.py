"""A refusal as a page, for people who sent a form without script."""

import base64
import hashlib
from html import escape
from typing import Final

from sidecar.inspection.finding import Finding
from sidecar.proxy.http.fields import Fields

_STYLE: Final = "body{font:1rem/1.5 sans-serif;max-width:40em;margin:3em auto;padding:0 1em;overflow-wrap:anywhere}"
_DIGEST: Final = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest())
FIELDS: Final[Fields] = (
    (b"Content-Type", b"text/html; charset=utf-8"),
    (b"Content-Security-Policy", b"default-src 'none'; style-src 'sha256-%b'; base-uri 'none'; form-action 'none'"
     % _DIGEST),
    (b"Referrer-Policy", b"no-referrer"),
)  # fmt: skip
"""Nothing runs on it, and nothing is loaded for it."""


def page(finding: Finding, request_id: str) -> bytes:
    """The page; what the sender can do stands on it, what operators can do does not."""
    seen = f"<p>Found: <code>{escape(finding.actual)}</code></p>\n" if finding.actual else ""
    advice = finding.reason.advice.partition("Operators:")[0].strip()
    return f"""<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{escape(finding.reason.title)}</title><style>{_STYLE}</style></head>
<body>
<h1>{escape(finding.reason.title)}</h1>
<p>The upload was not accepted. Expected: {escape(finding.expectation)}.</p>
{seen}<p>{escape(advice)}</p>
<p>If you ask for help, say this number: <code>{escape(request_id)}</code></p>
</body>
</html>
""".encode()
