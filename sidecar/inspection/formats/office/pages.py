"""Pages that Word takes in as text: their scripts never run, but Word follows addresses and fields in them."""

import re
from collections.abc import Iterator
from typing import Final

from sidecar.inspection.formats.anatomy import DamagedError
from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.containers.mail import leaves, pieces
from sidecar.inspection.formats.markup import addresses, css
from sidecar.inspection.formats.markup.active_names import ADDRESSES, EMBEDDED
from sidecar.inspection.formats.markup.elements import Element, Reader, Style, local, unquoted
from sidecar.inspection.formats.markup.encoding import with_ascii
from sidecar.inspection.formats.office.addresses import is_remote, is_share, runs
from sidecar.inspection.formats.office.features import Feature, Survey
from sidecar.inspection.formats.office.fields import is_dde, reads_elsewhere
from sidecar.inspection.formats.office.package import Package
from sidecar.inspection.formats.office.references import resolved
from sidecar.inspection.formats.office.text import is_web_archive

_HEAD: Final = 4096
_FOR_WORD: Final = re.compile(rb"<!--\[if\b[^>\]]{0,200}\]>", re.IGNORECASE)
"""What stands behind it is a comment for browsers alone."""
_TAKEN_IN: Final = EMBEDDED | {b"base"}
_LINKED: Final = re.compile(rb"sheet|data|list|colorscheme", re.IGNORECASE)
"""What a page leads to and Word reads with it: style sheets, and its own data."""
_LOADED: Final = re.compile(r"url\( *[\"']?([^\"')]*)")
_FIELD: Final = re.compile(rb"field-begin(.*?)(?:field-separator|field-end|\Z)", re.IGNORECASE | re.DOTALL)
_BEGUN: Final = re.compile(rb"\A[^>]*>|<[^>]*>?")
_MOST: Final = 64 * 1024 * 1024
"""Bytes of all pages of one document."""
_MOST_TAGS: Final = 300_000
"""And their tags and attributes, which take up to 12 microseconds each."""
_MOST_WRITTEN: Final = 1_000_000
"""And references in attributes, and what makes work in styles: up to three microseconds each."""


def survey_pages(package: Package, seen: Survey) -> None:
    """Look at every page that a document takes in."""
    reader, budget = Reader(_MOST_TAGS), Budget(_MOST, "bytes in pages")
    written = Budget(_MOST_WRITTEN, "references and addresses in pages")
    for part in seen.imported:
        with seen.reading(part.path):
            try:
                for page in _pages(package.read(part)):
                    budget.spend(len(page))
                    for feature, sign in _found(page, reader, written):
                        seen.add(feature, f"{part.path}: {sign}")
            except DamagedError as error:
                seen.missed(str(error), part.path)


def _pages(data: bytes) -> Iterator[bytes]:
    """The text as it stands, or every text of a web archive."""
    if not is_web_archive(data[:_HEAD]):
        yield data
        return
    for leaf in leaves(data, mailbox=False):
        if not leaf.header.is_of(b"multipart/", b"image/"):
            for encoding in leaf.header.encodings:
                for start in leaf.header.starts:
                    yield b"".join(pieces(data, start, leaf.end, encoding))


def _found(data: bytes, reader: Reader, written: Budget) -> Iterator[tuple[Feature, str]]:
    """What Word would do, and where it is said."""
    text = _FOR_WORD.sub(b"", with_ascii(data) or data)
    for token in reader.html(text):
        if isinstance(token, Element):
            yield from ((Feature.REMOTE, sign) for sign in _called(token, written))
        elif isinstance(token, Style):
            yield from ((Feature.REMOTE, sign) for sign in _styled(token.text, written))
    for field in _FIELD.finditer(text):
        code = resolved(_BEGUN.sub(b"", field[1]).decode("utf-8", "replace"))
        if is_dde(code):
            yield Feature.DDE, code.strip()
        elif reads_elsewhere(code):
            yield Feature.REMOTE, code.strip()


def _called(element: Element, written: Budget) -> Iterator[str]:
    """Addresses that are followed without a click, but for pictures on web servers."""
    rel = b"".join(value for name, value in element.attributes if name.lower() == b"rel")
    taken_in = element.name in _TAKEN_IN or (element.name == b"link" and _LINKED.search(rel) is not None)
    for attribute, value in element.attributes:
        name = local(attribute)
        if name == b"style":
            yield from _styled(unquoted(value), written)
        elif name in ADDRESSES and element.name != b"a":
            written.spend(value.count(b"&"))
            address = addresses.compact(unquoted(value), {}).decode("utf-8", "replace")
            if is_share(address) or runs(address) or (taken_in and is_remote(address)):
                yield f"{element.name.decode('utf-8', 'replace')} {address}"


def _styled(text: bytes, written: Budget) -> Iterator[str]:
    written.spend(sum(map(text.lower().count, css.WORDS)))
    forms = css.forms_of(text, {})
    if css.imports(forms):
        yield "a style sheet"
    for form in (*forms, text):
        shares = (found for found in _LOADED.findall(form.decode("utf-8", "replace")) if is_share(found))
        yield from (f"url {found}" for found in shares)
