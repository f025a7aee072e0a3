"""Which shape a request has: the one place that decides what is an upload."""

import re
from collections.abc import Callable
from itertools import chain
from typing import Final, NamedTuple, NoReturn

from sidecar.inspection.types.kinds import Risk, kind_of_suffix
from sidecar.multipart.content_type import is_multipart
from sidecar.multipart.rules import MalformedError, Rule
from sidecar.multipart.shown import shown
from sidecar.policy.routing.router import Match
from sidecar.policy.settings.model import Mode, Policy
from sidecar.policy.values.media_range import narrower
from sidecar.proxy.downstream.client import Client
from sidecar.proxy.http.moved import methods
from sidecar.proxy.http.request_head import RequestHead
from sidecar.proxy.rules import CONTENT_ENCODING, PARTIAL_UPLOAD
from sidecar.proxy.shapes.decoded import Decoded
from sidecar.proxy.shapes.form import CanonicalForm, OriginalForm
from sidecar.proxy.shapes.json_files import JsonFiles
from sidecar.proxy.shapes.passed import Passed
from sidecar.proxy.shapes.raw import RawFile, declared_type
from sidecar.proxy.shapes.raw_name import explicit_names, other_path_names, path_names
from sidecar.proxy.shapes.renamed import Renamed, gives_refused_name
from sidecar.proxy.shapes.shape import Shape
from sidecar.proxy.shapes.start import LOOK, looks_like_json, looks_like_text, looks_urlencoded, may_be_json

MakeShape = Callable[[RequestHead], Shape]

_PLAIN: Final = frozenset({b"", b"identity"})
_ALIASES: Final = {b"x-gzip": b"gzip"}  # RFC 9110, section 8.4.1.3
_PIECE_FIELDS: Final = (b"content-range", b"tus-resumable", b"upload-offset", b"upload-complete", b"upload-incomplete")
_WITHOUT_UPLOAD: Final = frozenset({"GET", "HEAD", "OPTIONS", "DELETE"})
_URLENCODED: Final = "application/x-www-form-urlencoded"
_XML: Final = frozenset({"application/xml", "text/xml"})
_ABOUT_ITS_TARGET: Final = frozenset(
    {"PROPFIND", "PROPPATCH", "LOCK", "MKCOL", "REPORT", "SEARCH", "ACL", "MKCALENDAR"}
)
"""Methods whose XML asks or says something about the target (RFC 4918, 3253, 3744, 4791, 5323, 5689)."""
_BETWEEN_SUFFIXES: Final = re.compile(r"[.;:?#\s\0]+")
_WRITES_ITS_TARGET: Final = "PUT"
"""The method whose body is the target itself (RFC 9110, section 9.3.4); that of PATCH tells changes (RFC 5789)."""


class Choice(NamedTuple):
    """What becomes of a request."""

    make: MakeShape | None
    """Makes the shape that is inspected, from the head; None for what passes uninspected."""
    upload: bool
    """Whether it counts as an upload."""


_PASSES: Final = Choice(None, upload=False)


async def choose(client: Client, match: Match) -> Choice:
    """Decide by the head, and where a route names the request also by the first bytes of the body.

    Raises:
        RefusedError, ClientGoneError: as they arise where the body is asked.
    """
    head, policy = client.head, match.policy
    is_form = head.has_body and is_multipart(head.content_types)
    if match.mode is Mode.OFF or not match.named:
        if is_form:
            return Choice(_form(match), upload=True)
        return Choice(None, upload=match.named and head.has_body and not _passes_by_type(head, policy))
    if gives_refused_name(head, match):
        return Choice(lambda head: Renamed(head, match), upload=True)
    if _is_piece(head):
        refused = is_form or policy.bodies.partial == "refuse"
        return Choice(_refused(PARTIAL_UPLOAD, "a Content-Range or tus field") if refused else None, upload=True)
    if is_form:
        return Choice(_form(match), upload=True)
    return await _by_start(client, match) if head.has_body else _PASSES


async def _by_start(client: Client, match: Match) -> Choice:
    head = client.head
    if _codings(head):
        return Choice(_encoded(match), upload=True)
    if (head.content_length or 0) > match.policy.max_body:
        return Choice(_raw(match), upload=True)  # refused before any of it is asked for
    start = await client.peek(LOOK)
    if not start:
        return _PASSES
    make = _of_start(head, match, start)
    return Choice(make, upload=make is not None)


def _of_start(head: RequestHead, match: Match, start: bytes) -> MakeShape | None:
    """The shape of a body that is no form; None if it may pass."""
    bodies, whole, start = match.policy.bodies, len(start) < LOOK, start[:LOOK]
    if bodies.json_files and _is_for_json(head, match, start, whole=whole):
        return lambda _: JsonFiles(bodies)
    if _passes_by_type(head, match.policy) and _is_as_claimed(head, start, whole=whole):
        return _raw(match) if _names_a_file(head, match) else None
    return _raw(match)


def _is_for_json(head: RequestHead, match: Match, start: bytes, *, whole: bool) -> bool:
    """Whether a body is read as JSON where files may stand in it: some service reads JSON whatever its type says."""
    if _is_json(_type_of(head)) or looks_like_json(start, whole=whole):
        return True
    perhaps = may_be_json(start)
    return not _names_a_file(head, match) if perhaps is None else perhaps


def _passes_by_type(head: RequestHead, policy: Policy) -> bool:
    declared = _type_of(head)
    if declared in _XML and _ABOUT_ITS_TARGET.issuperset(methods(head)):
        return True
    return bool(declared) and any(narrower(declared, each) is not None for each in policy.bodies.uninspected)


def _is_as_claimed(head: RequestHead, start: bytes, *, whole: bool) -> bool:
    declared = _type_of(head)
    if _is_json(declared):
        return looks_like_json(start, whole=whole)
    if declared == _URLENCODED:
        return looks_urlencoded(start) or looks_like_json(start, whole=whole)
    return looks_like_text(start)


def _names_a_file(head: RequestHead, match: Match) -> bool:
    """Whether the head calls the body a file, whatever its type says: by a name, or by a target with a known suffix."""
    try:
        return any(explicit_names(head)) or _has_target_of_a_file(head, match)
    except MalformedError:
        return True


def _has_target_of_a_file(head: RequestHead, match: Match) -> bool:
    if _WRITES_ITS_TARGET not in methods(head):
        return False
    names = chain(path_names(head, match.paths), other_path_names(head, match.paths))
    return any(_has_known_suffix(name, match.policy) for name in names)


def _has_known_suffix(name: bytes, policy: Policy) -> bool:
    """Whether any part of a name is a suffix that says something; a name of dots says more than it should."""
    tokens = _BETWEEN_SUFFIXES.split(name.lower().decode("latin-1"))[1:]
    return any(_says_something(token, policy) for token in tokens) or not name.strip(b". ")


def _says_something(suffix: str, policy: Policy) -> bool:
    """Whether a body that begins as text could be what the suffix says: no program does that begins in its own way."""
    kind = kind_of_suffix(suffix)
    if kind is None:
        return suffix in policy.files.deny_suffixes
    return kind.risk is not Risk.PROGRAM or bool(kind.within)


def _type_of(head: RequestHead) -> str:
    """The declared type, bare; empty if there is none, or none that can be read."""
    try:
        declared = declared_type(head.content_types) or b""
    except MalformedError:
        return ""
    return declared.partition(b";")[0].strip().decode("latin-1").lower()


def _is_json(declared: str) -> bool:
    return declared.endswith(("/json", "+json"))


def _is_piece(head: RequestHead) -> bool:
    return not head.by_name.keys().isdisjoint(_PIECE_FIELDS) and not _WITHOUT_UPLOAD.issuperset(methods(head))


def _refused(rule: Rule, actual: str) -> MakeShape:
    def refuse(_: RequestHead) -> NoReturn:
        raise MalformedError(rule, actual)

    return refuse


def _raw(match: Match) -> MakeShape:
    return lambda head: RawFile(head, match)


def _form(match: Match) -> MakeShape:
    form, most = OriginalForm if match.body == "original" else CanonicalForm, match.policy.max_parts

    def make(head: RequestHead) -> Shape:
        if not _codings(head):
            return form(head, most)
        return Decoded(_coding(head, match.policy), form(head, most), lambda _: form(head, most))

    return make


def _encoded(match: Match) -> MakeShape:
    """What is inside is judged like what comes without a coding."""

    def make(head: RequestHead) -> Shape:
        def inside(start: bytes) -> Shape:
            make_inner = _of_start(head, match, start)
            return Passed() if make_inner is None else make_inner(head)

        return Decoded(_coding(head, match.policy), None, inside)

    return make


def _codings(head: RequestHead) -> list[bytes]:
    if b"content-encoding" not in head.by_name:
        return []
    values = b",".join(head.values(b"content-encoding")).split(b",")
    return [coding for value in values if (coding := value.strip(b" \t").lower()) not in _PLAIN]


def _coding(head: RequestHead, policy: Policy) -> bytes:
    """The one coding of the body.

    Raises:
        MalformedError: it is not one that the policy lets in, or there are several.
    """
    codings = _codings(head)
    coding = _ALIASES.get(codings[0], codings[0])
    if len(codings) > 1 or coding.decode("latin-1") not in policy.bodies.encodings:
        raise MalformedError(CONTENT_ENCODING, shown(b", ".join(codings)))
    return coding
