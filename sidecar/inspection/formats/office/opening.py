"""What a document of Office that is XML says of itself up to the end of its first start-tag."""

import re
from typing import Final, NamedTuple

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.office.xml import DoctypeError, XmlError, looks_like_xml, read_root

_READ: Final = 16 * 1024
"""LibreOffice looks for its words in 4000 characters, which take twice as many bytes in UTF-16."""
_PACKAGE: Final = re.compile(rb"schemas\.microsoft\.com/office/(?:word/2003/wordml|2006/xmlPackage)")
_OPEN_DOCUMENT: Final = b"urn:oasis:names:tc:opendocument:xmlns:office:"
"""The space of the first element. Drawings that LibreOffice exports name other spaces of ODF."""
_FLAT: Final = b'office:mimetype="application/vnd.oasis.opendocument.'
"""What LibreOffice looks for."""
_WORKBOOK: Final = b"urn:schemas-microsoft-com:office:spreadsheet"
_WORKBOOK_ROOT: Final = re.compile(rb"<(?:[^\s<>/:]+:)?Workbook[\s>]")
_NAMES: Final = (_OPEN_DOCUMENT, _FLAT, _WORKBOOK, b"schemas.microsoft.com/office/")
_PASSED: Final = re.compile(rb"<!--.*?(?:-->|\Z)|<\?.*?(?:\?>|\Z)", re.DOTALL)
_BEFORE: Final = b"\xff\xfe\xef\xbb\xbf\0 \t\r\n"
"""Marks and blanks before the first tag, in whatever encoding."""
_FIRST: Final = (b"<", b"\x4c\x6f\xa7\x94")
"""`<`, and `<?xm` in EBCDIC."""
_START_TAG: Final = re.compile(rb"<[A-Za-z_:\x80-\xff](?:[^<>\"']|\"[^\"]*+\"|'[^']*+')*+>")


class Opening(NamedTuple):
    """How a document begins that may be XML."""

    text: bytes
    """As it stands, without the zeros of UTF-16, and what the attributes of the first element say: a reference hides
    nothing."""
    root: str
    """The local name of the first element; empty where it cannot be read."""

    @property
    def is_package(self) -> bool:
        """Whether it is Word 2003 XML or flat OPC."""
        return _PACKAGE.search(self.text) is not None

    @property
    def is_flat(self) -> bool:
        """Whether it is OpenDocument in one file; a style sheet that makes pages of such names their space, too."""
        if self.text.find(_FLAT) >= 0:
            return True
        return (not self.root or self.root.startswith("document")) and self.text.find(_OPEN_DOCUMENT) >= 0

    @property
    def is_workbook(self) -> bool:
        """Whether it is Excel 2003 XML."""
        if self.text.find(_WORKBOOK) < 0:
            return False
        return self.root == "Workbook" or (not self.root and _WORKBOOK_ROOT.search(self.text) is not None)


def may_be_document(head: bytes) -> bool:
    """Whether the rest of a file may make it a document: by a name in its head, or by what could hide one."""
    if not looks_like_xml(head) or not head.lstrip(_BEFORE).startswith(_FIRST):
        return False
    if head.find(b"&#") >= 0 or head.find(b"\0") >= 0 or any(head.find(name) >= 0 for name in _NAMES):
        return True
    return _START_TAG.search(_PASSED.sub(b"", head)) is None


def opening(data: Data) -> Opening:
    """How a file begins; no more of it is read than that."""
    text = bytes(data[:_READ])
    if not looks_like_xml(text):
        return Opening(b"", "")
    text = text.replace(b"\0", b"")
    try:
        root, values = read_root(data)
    except (XmlError, DoctypeError):
        return Opening(text, "")
    return Opening(b"\n".join((text, *(value.encode("utf-8", "replace") for value in values))), root)
