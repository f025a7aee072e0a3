"""Authentication that holds for a connection, where that of HTTP holds for a request: NTLM and Negotiate."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

_SCHEME: Final = re.compile(rb"(?:\A|,)[ \t]*(?:NTLM|Negotiate|Kerberos)(?![A-Za-z0-9!#$%&'*+.^_`|~-])", re.IGNORECASE)
_ASKED: Final = frozenset({b"authorization", b"proxy-authorization"})
_OFFERED: Final = frozenset({b"www-authenticate", b"proxy-authenticate"})

ByName = Mapping[bytes, Sequence[bytes]]
"""All values of every field of a head, under its name in lower case."""


def is_bound(request: ByName, answer: ByName) -> bool:
    """Whether the connection may speak for whoever sent this request from now on.

    It must not be shared then (RFC 4559, section 6; MS-NTHT, section 3.1).
    """
    return (not _ASKED.isdisjoint(request) and _names_scheme(request, _ASKED)) or (
        not _OFFERED.isdisjoint(answer) and _names_scheme(answer, _OFFERED)
    )


def _names_scheme(head: ByName, names: frozenset[bytes]) -> bool:
    return any(_SCHEME.search(value) for name in names for value in head.get(name, ()))
