"""The header of a mail or of one of its parts (RFC 5322, 2045, 2231, 2047), with whatever some reader makes of it."""

import binascii
import re
from collections.abc import Iterator
from typing import Final, NamedTuple
from urllib.parse import unquote_to_bytes

MOST: Final = 1024 * 1024
"""Bytes of one header; those of mails to a thousand people have some 50,000."""
_LINE: Final = re.compile(rb"([^\r\n]*+)(?:\r\n?|\n|\Z)")
_FIELD: Final = re.compile(rb"([!-9;-~]+)[ \t]*+:")
_SKIPPED: Final = (b"From ", b">From ")
"""What mailboxes put before a mail, and what was one of these on its way."""
_PARAMETER: Final = re.compile(
    rb"(?<![\w*%-])(filename|name|boundary)(?:\*([0-9]{1,3}))?(\*)?\s*+=\s*+(?:\"((?:[^\"\\]|\\.)*+)|([^;\r\n\"]*+))",
    re.IGNORECASE | re.DOTALL,
)
_WORD: Final = re.compile(rb"=\?([^?\s]{1,60})\?([BbQq])\?([^?]*+)\?=(?:\s++(?==\?))?")
_VALUE_MOST: Final = 4096
_COMMENTING: Final = b'()"\\'
_PIECE: Final = re.compile(rb'\\.|[()"\\]|[^()"\\]++', re.DOTALL)


class Header(NamedTuple):
    """What it tells."""

    starts: tuple[int, ...]
    """Where the body begins: behind an empty line at last; for some readers at a blank one, or one that is no field."""
    cut: bool
    """It is ended by what should be a delimiter."""
    types: tuple[bytes, ...]
    """In lower case and without parameters; mostly one."""
    encodings: tuple[bytes, ...]
    names: tuple[bytes, ...]
    """All that some reader could call it."""
    boundaries: tuple[bytes, ...]
    attached: bool
    lines: int
    """And what else of it takes as long to read: quotes and brackets."""

    @property
    def is_packed(self) -> bool:
        """Whether it is in an encoding that hides what it holds."""
        return any(word in each for each in self.encodings for word in (b"base64", b"quoted", b"uu"))

    def is_of(self, *families: bytes) -> bool:
        """Whether it is of one of these, whichever of its types holds."""
        return bool(self.types) and all(each.startswith(families) for each in self.types)


def header_at(data: bytes, start: int) -> Header:
    """Read one.

    Args:
        data: from the header on, at most MOST bytes of it.
        start: where it begins in the mail.
    """
    fields, starts, cut = _lines(data)
    told: dict[bytes, list[bytes]] = {}
    for name, value in fields:
        told.setdefault(name, []).append(value)
    kinds, dispositions = told.get(b"content-type", []), told.get(b"content-disposition", [])
    values = [each for value in (*dispositions, *kinds) for each in _values(value)]
    commented = [value for value in (*dispositions, *kinds) if value.find(b"(") >= 0]
    values += [each for value in commented for each in _values(_without_comments(value), to_blank=True)]
    return Header(
        tuple(start + each for each in starts),
        cut,
        tuple(_without_comments(each).partition(b";")[0].strip().lower() for each in kinds),
        tuple(dict.fromkeys(each.lower() for each in told.get(b"content-transfer-encoding", [b""]))),
        tuple(dict.fromkeys(value for name, value in values if name != b"boundary" and value)),
        tuple(value.rstrip() for name, value in values if name == b"boundary" and value),
        any(_without_comments(each).lower().lstrip().startswith(b"attachment") for each in dispositions),
        data.count(b"\n", 0, starts[-1])
        + data.count(b"\r", 0, starts[-1])
        + sum(len(value) - len(value.translate(None, _COMMENTING)) for value in commented),
    )


def _lines(data: bytes) -> tuple[list[tuple[bytes, bytes]], list[int], bool]:
    """Its fields, where the body could begin, and whether it ends with what could be a delimiter."""
    fields: list[tuple[bytes, list[bytes]]] = []
    starts: list[int] = []
    for line in _LINE.finditer(data):
        text = line[1]
        if not text or text.startswith(b"--"):
            starts.append(line.start() if text else line.end())
            return [(name, b"".join(lines)) for name, lines in fields], starts, bool(text)
        if not text.strip() and len(starts) < len(_SKIPPED):
            starts.append(line.end())
        if text[:1] in b" \t" and fields:
            fields[-1][1].append(line[0])
        elif field := _FIELD.match(text):
            fields.append((field[1].lower(), [text[field.end() :]]))
        elif not starts and not text.startswith(_SKIPPED):
            starts.append(line.start())
    return [(name, b"".join(lines)) for name, lines in fields], [*starts, len(data)], False


def _values(field: bytes, *, to_blank: bool = False) -> Iterator[tuple[bytes, bytes]]:
    """Each name and boundary that it tells, put together from its sections (RFC 2231, section 3).

    Without quotes a value ends at a blank for some readers (RFC 2045, section 5.1); names are so read only on demand.
    """
    sections: dict[bytes, dict[int, bytes]] = {}
    for found in _PARAMETER.finditer(field):
        name, number, quoted = found[1].lower(), found[2], found[4]
        text = re.sub(rb"\\(.)", rb"\1", quoted) if quoted is not None else found[5].strip()
        if quoted is None and (to_blank or name == b"boundary") and (words := text.split()):
            yield name, words[0]
        if found[3]:  # section 4: the first begins with a charset and a language
            text = unquote_to_bytes(text if int(number or 0) else text.split(b"'", 2)[-1])
        if number:
            sections.setdefault(name, {})[int(number)] = text
        else:
            yield name, decoded(text[-_VALUE_MOST:])
    for name, each in sections.items():
        yield name, decoded(b"".join(each[number] for number in sorted(each))[-_VALUE_MOST:])


def _without_comments(field: bytes) -> bytes:
    """A field as those read it who know comments, which stand for a blank (RFC 5322, section 3.2.2)."""
    if field.find(b"(") < 0:
        return field
    out, depth, quoted = [], 0, False
    for found in _PIECE.finditer(field):
        piece = found[0]
        if piece == b'"' and not depth:
            quoted = not quoted
        elif piece == b"(" and not quoted:
            depth += 1
        elif piece == b")" and depth:
            depth -= 1
            piece = b" "
        if not depth:
            out.append(piece)
    return b"".join(out)


def decoded(text: bytes) -> bytes:
    """On one line and without encoded words (RFC 2047), which mail programs write in names as well."""
    return re.sub(rb"[\r\n]", b"", _WORD.sub(_word, text) if text.find(b"=?") >= 0 else text)


def _word(found: re.Match[bytes]) -> bytes:
    try:
        text = found[3]
        plain = binascii.a2b_base64(text + b"==") if found[2] in b"Bb" else binascii.a2b_qp(text, header=True)
        return plain.decode(found[1].partition(b"*")[0].decode("ascii"), "replace").encode()
    except (LookupError, ValueError):  # binascii.Error and UnicodeError among them
        return found[0]
