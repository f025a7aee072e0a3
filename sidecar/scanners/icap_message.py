"""ICAP messages as bytes (RFC 3507): heads written and read, no I/O."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sidecar.scanners.result import garbled

_STATUS_LINE: Final = re.compile(rb"ICAP/1\.0 (\d{3})(?: [^\r\n]*)?")
_FIELD_NAME: Final = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_HEXADECIMAL: Final = re.compile(rb"[0-9A-Fa-f]{1,15}")
_MOST_NUMBER: Final = 10
_SECTIONS: Final = frozenset({"req-hdr", "res-hdr", "req-body", "res-body", "opt-body", "null-body"})

LAST_CHUNK: Final = b"0\r\n\r\n"
LAST_OF_ALL: Final = b"0; ieof\r\n\r\n"
"""Ends a preview that holds the whole body (section 4.5)."""


@dataclass(frozen=True, slots=True)
class Head:
    """The head of an answer."""

    status: int
    fields: Mapping[str, str]
    """By name in lower case; several of one name are joined by commas, continued lines by line feeds."""
    sections: tuple[tuple[str, int], ...] = ()
    """What is encapsulated, and where each begins (section 4.4.1)."""

    def number(self, name: str) -> int | None:
        """The value of a field that holds a number, None where there is none."""
        value = self.fields.get(name, "").strip()
        return int(value) if value.isascii() and value.isdigit() and len(value) <= _MOST_NUMBER else None

    @property
    def body(self) -> str:
        """Name of the body that follows; empty for none."""
        last = self.sections[-1][0] if self.sections else ""
        return last if last.endswith("-body") and last != "null-body" else ""

    @property
    def keeps_alive(self) -> bool:
        """Whether the connection may serve again."""
        return "close" not in self.fields.get("connection", "").lower()


def request(
    method: str, url: str, host: str, fields: Sequence[tuple[str, str]], sections: Sequence[tuple[str, bytes]]
) -> bytes:
    """A request up to its body.

    Args:
        method: OPTIONS, REQMOD or RESPMOD.
        url: of the service.
        host: as the Host field has it.
        fields: further fields.
        sections: what is encapsulated, in order; a body has no bytes here.
    """
    places, offset = [], 0
    for name, data in sections:
        places.append(f"{name}={offset}")
        offset += len(data)
    lines = [f"{method} {url} ICAP/1.0", f"Host: {host}", *(f"{name}: {value}" for name, value in fields)]
    lines += [f"Encapsulated: {', '.join(places)}"] if places else []
    return "\r\n".join([*lines, "", ""]).encode("ascii") + b"".join(data for _, data in sections)


def chunk(data: bytes) -> bytes:
    """Some bytes of a body (RFC 9112, section 7.1)."""
    return b"%x\r\n%b\r\n" % (len(data), data)


def read_head(raw: bytes) -> Head:
    """The head of an answer, without the empty line behind it.

    Raises:
        EngineError: it is none.
    """
    first, _, rest = raw.partition(b"\r\n")
    match = _STATUS_LINE.fullmatch(first)
    if match is None:
        raise garbled(first)
    fields: dict[str, str] = {}
    last = ""
    for line in rest.decode("latin-1").split("\r\n") if rest else ():
        if line[:1] in {" ", "\t"} and last:  # X-Violations-Found is written so
            fields[last] += "\n" + line.strip()
            continue
        name, colon, value = line.partition(":")
        last = name.lower()
        if not (colon and _FIELD_NAME.fullmatch(name)):
            raise garbled(line)
        fields[last] = f"{fields[last]}, {value.strip()}" if last in fields else value.strip()
    return Head(int(match[1]), fields, _sections(fields.get("encapsulated", "")))


def _sections(value: str) -> tuple[tuple[str, int], ...]:
    found = []
    before = 0
    for item in value.split(",") if value else ():
        name, _, offset = item.strip().partition("=")
        if name not in _SECTIONS or not (offset.isascii() and offset.isdigit()) or len(offset) > _MOST_NUMBER:
            raise garbled(value)
        if int(offset) < before:
            raise garbled(value)
        before = int(offset)
        found.append((name, before))
    return tuple(found)


def chunk_size(line: bytes) -> int:
    """Bytes in the chunk that a line announces.

    Raises:
        EngineError: it announces none.
    """
    digits = line.partition(b";")[0].strip()
    if not _HEXADECIMAL.fullmatch(digits):
        raise garbled(line)
    return int(digits, 16)
