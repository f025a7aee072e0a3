"""A file that is itself the body of a request: inspected like a file of a form, and passed on byte for byte."""

from collections.abc import Sequence
from types import MappingProxyType
from typing import Final

from sidecar.multipart import grammar
from sidecar.multipart.events import BodyEnd, Event, Part, PartBegin, PartData, PartEnd
from sidecar.multipart.part_type import parse_part_type
from sidecar.multipart.rules import MalformedError
from sidecar.policy.routing.router import Match
from sidecar.proxy.http.request_head import RequestHead
from sidecar.proxy.rules import MULTIPART_DISGUISED
from sidecar.proxy.shapes.raw_name import NAMELESS, name_of
from sidecar.proxy.shapes.shape import AsSent
from sidecar.proxy.shapes.start import is_form

PART: Final = b"body"
"""What findings call the body where they would name a field."""


def declared_type(values: Sequence[bytes]) -> bytes | None:
    """The one Content-Type of a request that is no form; None where it says nothing.

    Raises:
        MalformedError: there are several, or it cannot be read (RFC 9110, section 8.3).
    """
    if len(values) > 1 or any(b"," in value.partition(b";")[0] for value in values):
        raise MalformedError(grammar.CONTENT_TYPE_DUPLICATE, f"{len(values)} fields")
    value = values[0].strip(b" \t") if values else b""
    try:
        return parse_part_type(value, is_file=True, notes=set()) if value else None
    except MalformedError as error:
        unreadable = error.rule is grammar.PART_TYPE_INVALID
        raise MalformedError(grammar.CONTENT_TYPE_INVALID, error.actual) if unreadable else error from None


class RawFile(AsSent):
    """One file."""

    places = MappingProxyType({0: 0})

    def __init__(self, head: RequestHead, match: Match) -> None:
        declared = declared_type(head.content_types)
        filename, sent = name_of(head, match) or (NAMELESS, None)
        self._part = Part(0, PART, filename, declared, sent, path_goes_on=True)
        self._start = b""
        self._begun = False
        self._size = 0

    def feed(self, chunk: bytes) -> Sequence[Event]:
        """The next bytes of the file.

        Raises:
            MalformedError: it is a form in disguise.
        """
        self._size += len(chunk)
        if self._begun:
            return (PartData(chunk),)
        self._start += chunk
        disguised = is_form(self._start)
        if disguised:
            raise MalformedError(MULTIPART_DISGUISED)
        return () if disguised is None else self._begin()

    def _begin(self) -> Sequence[Event]:
        self._begun = True
        start, self._start = self._start, b""
        return (PartBegin(self._part), PartData(start)) if start else (PartBegin(self._part),)

    def close(self) -> Sequence[Event]:
        """The file is whole."""
        begun = () if self._begun else self._begin()
        return (*begun, PartEnd(self._part, self._size), BodyEnd(1))
