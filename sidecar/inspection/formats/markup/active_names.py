"""Names of elements and attributes that say more than how something looks."""

import re
from typing import Final

from sidecar.inspection.formats.markup.elements import local

SCRIPTS: Final = frozenset({b"script", b"handler"})  # handler: SVG Tiny 1.2, 15.9
EMBEDDED: Final = frozenset({b"iframe", b"frame", b"object", b"embed", b"applet", b"portal", b"fencedframe"})
ADDRESSES: Final = frozenset({
    b"href", b"src", b"action", b"formaction", b"data", b"poster", b"background", b"to", b"from", b"by", b"values",
    b"code", b"codebase", b"cite", b"longdesc", b"lowsrc", b"dynsrc", b"ping", b"srcset", b"imagesrcset", b"base",
})  # fmt: skip
ANIMATED: Final = frozenset({b"to", b"from", b"by", b"values"})
NAMED: Final = SCRIPTS | EMBEDDED | {b"foreignobject", b"meta"}
_TELLING: Final = ADDRESSES | {b"attributename", b"srcdoc", b"style"}
PICTURES: Final = frozenset({b"img", b"image", b"feimage", b"source", b"input", b"video", b"link"})
"""Elements that show a picture, in which nothing runs (SVG 2, 2.2.2)."""
HANDLER: Final = re.compile(rb"on[a-z]{3,}", re.IGNORECASE)
_MOST_KEPT: Final = 1000


class Telling(dict[bytes, bool]):
    """Whether attributes of a name say more than a value with a bracket does; those of one document are few."""

    def __missing__(self, attribute: bytes) -> bool:
        tells = local(attribute) in _TELLING or bool(HANDLER.fullmatch(attribute))
        if len(self) < _MOST_KEPT:
            self[attribute] = tells
        return tells
