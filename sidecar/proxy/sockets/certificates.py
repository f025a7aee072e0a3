"""When certificates run out, as their files say it."""

import re
from binascii import a2b_base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.formats.containers.ber import EXPLICIT, SEQUENCE, Walk
from sidecar.telemetry.labels import CERTIFICATES

_CHAIN: Final = "tls.certificate"
_SOON: Final = 14 * 86400.0
"""Seconds before its end in which a certificate is told of: most are renewed a month before."""
EXPECTED: Final = "one that is good for longer, in the same file: it is in use without a restart"
_PEM: Final = re.compile(rb"-----BEGIN (X509 |TRUSTED |)CERTIFICATE-----([A-Za-z0-9+/=\s]+)-----END \1CERTIFICATE-----")
_UTC_TIME: Final = 0x17


def ends(contents: Mapping[str, bytes]) -> dict[str, float]:
    """When what is in some files is of no use any more, as Unix time, by the settings that name the files.

    A chain is as good as the first of it to expire, authorities are as the last of them: a bundle may hold old ones.
    What cannot be read is left out.
    """
    found = {setting: _ends(content) for setting, content in contents.items() if setting in CERTIFICATES}
    return {setting: (min if setting == _CHAIN else max)(times) for setting, times in found.items() if times}


def doubt(end: float, now: float) -> str:
    """What is to be told of a certificate that ends then, empty where it is good for long; both in Unix time."""
    moment = datetime.fromtimestamp(end, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    if end <= now:
        return f"expired on {moment}"
    return f"expires on {moment}, {(end - now) / 86400:.1f} days from now" if end - now < _SOON else ""


def _ends(content: bytes) -> list[float]:
    return [end for _, encoded in _PEM.findall(content) if (end := _end(encoded))]


def _end(encoded: bytes) -> float:
    """`notAfter` of a certificate (RFC 5280, 4.1) in base64; 0 where it cannot be read."""
    try:
        walk = Walk(a2b_base64(encoded))
        walk.enter(SEQUENCE)
        walk.enter(SEQUENCE)
        before = 3 + (walk.tag() == EXPLICIT)  # a version, the number, the algorithm, the issuer
        for _ in range(before):
            walk.skip()
        walk.enter(SEQUENCE)
        walk.skip()
        tag = walk.tag()
        text = walk.value(tag).decode("ascii")
        if tag == _UTC_TIME:  # a year of two digits (RFC 5280, 4.1.2.5.1)
            text = ("20" if text < "50" else "19") + text
        return datetime.strptime(text, "%Y%m%d%H%M%SZ").replace(tzinfo=UTC).timestamp()
    except (DamagedError, ValueError):
        return 0.0
