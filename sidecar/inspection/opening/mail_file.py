"""A mail, or a mailbox with many, opened: what is attached is judged as a file, what is only read is searched."""

from collections.abc import Iterator
from typing import Final

from sidecar.inspection.finding import Finding, printable
from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.formats.bounds import TooMuchError
from sidecar.inspection.formats.containers.mail import Leaf, hides_parts, leaves, pieces
from sidecar.inspection.formats.given_names import distinct
from sidecar.inspection.limits import INSIDE_TOO_MANY
from sidecar.inspection.opening.reasons import ARCHIVE_DAMAGED, ARCHIVE_UNSUPPORTED
from sidecar.inspection.whole import Whole

_NAMELESS: Final = b"attachment"
_ALIKE: Final = "a mail that every reader reads alike"


def open_mail(whole: Whole, *, mailbox: bool) -> Iterator[Finding]:
    """Everything that is wrong with what it holds."""
    try:
        for leaf in leaves(whole.data, mailbox=mailbox):
            yield from _leaf(whole, leaf)
    except DamagedError as error:
        yield Finding(ARCHIVE_DAMAGED, f"a mail with {error}", _ALIKE)
    except TooMuchError as error:
        yield Finding(INSIDE_TOO_MANY, f"a mail with too many {error}")


def _leaf(whole: Whole, leaf: Leaf) -> Iterator[Finding]:
    """Judge one part in every way in which it could be read; what holds others has a name at most."""
    header = leaf.header
    name, *also = distinct(header.names) or (_NAMELESS,)
    if header.is_of(b"multipart/") or (header.is_of(b"message/") and not header.is_packed):
        yield from whole.inside(name, (), *also) if header.names else ()
        if header.is_of(b"multipart/") and hides_parts(whole.data, leaf):
            yield Finding(ARCHIVE_DAMAGED, "a mail with parts under another boundary than it names", _ALIKE)
        return
    is_file = header.names or header.attached or not (header.is_of(b"text/") or not header.types)
    for encoding in header.encodings:
        if b"uu" in encoding:
            yield Finding(ARCHIVE_UNSUPPORTED, f"{printable(name)}: uuencoded", "attachments in Base64")
        for start in header.starts:
            unpacked = pieces(whole.data, start, leaf.end, encoding)
            yield from whole.inside(name, unpacked, *also) if is_file else whole.part(name, unpacked)
