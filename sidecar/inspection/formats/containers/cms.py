"""Signed files (Cryptographic Message Syntax, RFC 5652): what they hold, and where they end."""

import binascii
import re
from collections.abc import Iterator
from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import DamagedError, Data
from sidecar.inspection.formats.containers.ber import CONSTRUCTED, EXPLICIT, OCTETS, SEQUENCE, SET, Walk
from sidecar.inspection.formats.containers.unpacking import STEP, stored

BEGINS: Final = (
    rb"\x30(?:[\0-\x80]|\x81.|\x82.{2}|\x83.{3}|\x84.{4}|\x85.{5}|\x86.{6}|\x87.{7}|\x88.{8})"
    rb"\x06(?:\x81|\x82\0|\x83\0{2}|\x84\0{3})?(?:\x09\x2a\x86\x48\x86\xf7\x0d\x01\x07[\x01-\x06]"
    rb"|\x0b\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01[\x02\x09\x17\x1f])"
)
"""What is signed, encrypted, compressed or time-stamped (RFC 5652, 3 and 14; RFC 3274, 5083, 5544), in BER."""
_BEGINS: Final = re.compile(BEGINS, re.DOTALL)
_ARMOUR: Final = re.compile(rb"(?:\xef\xbb\xbf)?\s*+(?:-----BEGIN [ -,.-~]{1,64}-----\s*+)?(?=M[A-Za-z0-9+/])")
_SHOWN: Final = 64
"""Letters of Base64 that show what begins."""
_INTEGER: Final = 0x02
_OID: Final = 0x06
_TEXT: Final = 0x0C
_ADDRESS: Final = 0x16
_BOOLEAN: Final = 0x01
_PKCS7: Final = b"\x2a\x86\x48\x86\xf7\x0d\x01\x07"
_SMIME: Final = b"\x2a\x86\x48\x86\xf7\x0d\x01\x09\x10\x01"
_DATA: Final = _PKCS7 + b"\1"
_SIGNED: Final = _PKCS7 + b"\2"
_DIGESTED: Final = _PKCS7 + b"\5"
_STAMPED: Final = _SMIME + b"\x1f"
ENCRYPTED: Final = frozenset({_PKCS7 + b"\3", _PKCS7 + b"\4", _PKCS7 + b"\6", _SMIME + b"\x17"})
"""EnvelopedData, SignedAndEnvelopedData, EncryptedData (RFC 5652, 2315), AuthEnvelopedData (RFC 5083)."""
OPENED: Final = frozenset({_DATA, _SIGNED, _DIGESTED, _STAMPED})


class Sealed(NamedTuple):
    """What one tells."""

    form: bytes
    """The object identifier of what it is."""
    start: int = 0
    """Where its content stands, an octet string or, seldom, something else."""
    stop: int = 0
    """Where that ends; 0 where a signature is kept apart from what was signed."""
    name: bytes = b""
    """What a time stamp calls the file."""
    end: int = 0


def begins_sealed(head: bytes) -> bool:
    """Whether these are the first bytes of one."""
    return _BEGINS.match(head) is not None


def armoured(head: bytes) -> int:
    """Where the Base64 of one begins, with or without the lines of PEM (RFC 7468); -1 where there is none."""
    found = _ARMOUR.match(head) or _ARMOUR.match(head, max(0, head.find(b"-----BEGIN ")))
    if found is None:
        return -1
    letters = b"".join(head[found.end() : found.end() + 2 * _SHOWN].split())[:_SHOWN]
    try:
        return found.end() if begins_sealed(binascii.a2b_base64(letters)) else -1
    except binascii.Error:
        return -1


def sealed_in(data: Data) -> Sealed:
    """Read one; of what is none of OPENED nothing but its form.

    Raises:
        DamagedError: it is not built as it should be.
    """
    walk = Walk(data)
    walk.enter(SEQUENCE)
    form = walk.value(_OID)
    if form not in OPENED:
        return Sealed(form)
    walk.enter(EXPLICIT)
    found = _stamped(walk) if form == _STAMPED else _content(walk) if form == _DATA else _signed(walk)
    walk.leave()
    walk.leave()
    return found._replace(form=form, end=walk.at)


def _signed(walk: Walk) -> Sealed:
    """SignedData and DigestedData (RFC 5652, 5.1 and 7), and what PKCS #7 1.5 puts there that is no octet string."""
    walk.enter(SEQUENCE)
    walk.value(_INTEGER)
    walk.enter(SET, SEQUENCE)
    walk.rest()
    walk.enter(SEQUENCE)
    walk.value(_OID)
    found = Sealed(b"")
    if walk.tag() != -1:
        walk.enter(EXPLICIT)
        found = _content(walk)
        walk.leave()
    walk.leave()
    walk.rest()
    return found


def _stamped(walk: Walk) -> Sealed:
    """TimeStampedData (RFC 5544, 2)."""
    name, found = b"", Sealed(b"")
    walk.enter(SEQUENCE)
    walk.value(_INTEGER)
    if walk.tag() == _ADDRESS:
        walk.skip()
    if walk.tag() == SEQUENCE:
        walk.enter(SEQUENCE)
        walk.value(_BOOLEAN)
        name = walk.value(_TEXT) if walk.tag() == _TEXT else b""
        walk.rest()
    if walk.tag() in {OCTETS, OCTETS | CONSTRUCTED}:
        found = _content(walk)
    walk.rest()
    return found._replace(name=name)


def _content(walk: Walk) -> Sealed:
    start = walk.at
    walk.skip()
    return Sealed(b"", start, walk.at)


def is_content(data: Data, at: int) -> bool:
    """Whether what stands there is a part of what was signed."""
    try:
        sealed = sealed_in(data) if begins_sealed(data[:_SHOWN]) else Sealed(b"")
    except DamagedError:
        return False
    return sealed.start <= at < sealed.stop


def content(data: Data, sealed: Sealed) -> Iterator[bytes]:
    """What was signed, in pieces of at least STEP bytes but for the last, however small it was cut.

    Raises:
        DamagedError: it is not built as it should be.
    """
    walk, kept = Walk(data, sealed.start, sealed.stop), bytearray()
    if walk.tag() not in {OCTETS, OCTETS | CONSTRUCTED}:
        yield from stored(data, sealed.start, sealed.stop)
        return
    for start, stop in walk.octets():
        for piece in stored(data, start, stop):
            kept += piece
            if len(kept) >= STEP:
                yield bytes(kept)
                kept.clear()
    yield bytes(kept)
