"""XML Data Packages (XDP), which readers of PDF open: a form that is a program, and a PDF in Base64."""

import binascii
import re
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

from sidecar.inspection.formats.anatomy import Data

_NAMED: Final = rb"<(?:[\w.-]{1,60}:)?%b(?=[\s/>])"
_ROOT: Final = re.compile(_NAMED % b"xdp")
_TEMPLATE: Final = re.compile(_NAMED % b"template")
_CHUNK: Final = re.compile(_NAMED % b"chunk")
_ENDS: Final = re.compile(rb"</(?:[\w.-]{1,60}:)?chunk")
_MARKS: Final = re.compile(rb"<!\[CDATA\[|\]\]>|<!--.*?(?:-->|\Z)", re.DOTALL)
_REFERENCE: Final = re.compile(rb"&#(?:x0*+([0-9a-fA-F]*+)|0*+([0-9]*+));")
_LONGEST: Final = len("122")
"""Digits of a letter of Base64; other characters say nothing there."""
_LAST: Final = ord("z")
_BEFORE: Final = b"\xef\xbb\xbf\xff\xfe\0 \t\r\n"


def is_xdp(head: bytes) -> bool:
    """Whether it may be one, in any encoding with ASCII in it."""
    return head.lstrip(_BEFORE).startswith(b"<") and _ROOT.search(_plain(head)) is not None


def is_program(data: Data) -> bool:
    """Whether it brings a form, and not data for one alone."""
    return _TEMPLATE.search(_plain(data[:])) is not None


def documents(data: Data) -> Iterator[bytes]:
    """Each PDF within, as far as what looks like one is in Base64."""
    text, at = _plain(data[:]), 0
    while begun := _CHUNK.search(text, at):
        starts = text.find(b">", begun.end())
        ends = _ENDS.search(text, begun.end())
        at = ends.end() if ends else len(text)
        written = _MARKS.sub(b"", text[starts + 1 : ends.start() if ends else at])
        with suppress(binascii.Error):
            yield binascii.a2b_base64(_REFERENCE.sub(_letter, written) + b"==")


def _letter(reference: re.Match[bytes]) -> bytes:
    digits, base = (reference[2], 10) if reference[1] is None else (reference[1], 16)
    number = int(digits or b"0", base) if len(digits) <= _LONGEST else 0
    return bytes((number,)) if number <= _LAST else b""


def _plain(text: bytes) -> bytes:
    return text.replace(b"\0", b"")
