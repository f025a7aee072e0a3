"""The one name of a file that is itself the body of a request."""

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Final
from urllib.parse import unquote_to_bytes

from sidecar.multipart import grammar
from sidecar.multipart.disposition import parse_attachment
from sidecar.multipart.filename import judged_filename, without_path
from sidecar.multipart.rules import MalformedError
from sidecar.multipart.shown import shown
from sidecar.policy.routing.readings import readings
from sidecar.policy.routing.router import MOST_MOVED, Match
from sidecar.proxy.http.fields import plain
from sidecar.proxy.http.moved import destinations, paths, targets
from sidecar.proxy.http.request_head import RequestHead
from sidecar.proxy.rules import FILE_NAMES_DIFFER
from sidecar.proxy.shapes.strictest_name import Named, strictest_name

NAMELESS: Final = b"unnamed"
"""What a file is called in findings and logs that came without a name: no suffix, so it claims nothing."""
_FIELDS: Final = frozenset({b"x-filename", b"x-file-name"})
_PARAMETERS: Final = frozenset({b"filename", b"file_name", b"file-name", b"qqfile"})
_BETWEEN_PAIRS: Final = re.compile(b"[&;?]")
_TO_UNDERSCORE: Final = bytes.maketrans(b" +.[", b"____")  # PHP: variables have no such characters in their names
_NOTHING: Final = "/. \t"
"""What may stand behind the last segment and name nothing."""
_ESCAPED: Final = re.compile(rb"(?:[^%]|%[0-9A-Fa-f]{2})*")


def name_of(head: RequestHead, match: Match) -> Named | None:
    """The name that the head gives its file, None where it gives none.

    Of the names that services read in a path in their own ways, the one that the policy likes least.

    Args:
        head: the client's.
        match: its policy, and the paths of its routes: their last segment names a service, not a file.

    Raises:
        MalformedError: a name that cannot be read, or several that differ.
    """
    written = [*explicit_names(head), *path_names(head, match.paths)]
    names = {_judged(raw) for raw in written if raw}
    if len({base for base, _ in names}) > 1:
        raise MalformedError(FILE_NAMES_DIFFER, " and ".join(sorted(shown(base) for base, _ in names)[:3]))
    others = {_judged(raw): None for raw in other_path_names(head, match.paths) if raw not in written}
    # Of equal base names, one with a path before it tells more.
    told = sorted(names, key=lambda named: named[1] or b"", reverse=True)[:1]
    return strictest_name([*told, *others], match.policy)


def explicit_names(head: RequestHead) -> Iterator[bytes]:
    """The names in fields and in the query, decoded."""
    dispositions = head.values(b"content-disposition")
    if len(dispositions) > 1:
        raise MalformedError(grammar.DISPOSITION_DUPLICATE, f"{len(dispositions)} fields")
    yield from (name for value in dispositions if (name := parse_attachment(value)))
    for field, values in head.by_name.items():
        if plain(field) in _FIELDS:
            yield from map(_unescaped, values)
    for target in targets(head):
        yield from _in_query(target.partition(b"?")[2])


def _in_query(query: bytes) -> Iterator[bytes]:
    for pair in _BETWEEN_PAIRS.split(query):
        parameter, _, value = pair.partition(b"=")
        if _plain_parameter(parameter) in _PARAMETERS:
            yield _unescaped(value.replace(b"+", b" "))


def _plain_parameter(parameter: bytes) -> bytes:
    """The name of a parameter as PHP makes a variable of it: cut at a NUL and at the brackets of an array."""
    name = unquote_to_bytes(parameter).partition(b"\0")[0].lstrip(b" +")
    variable, _, index = name.partition(b"[")
    return (variable if b"]" in index else name).translate(_TO_UNDERSCORE).lower()


def path_names(head: RequestHead, own_paths: Sequence[str]) -> Iterator[bytes]:
    """The last segment of each path that the service may read, if it has a dot and is not a service's own.

    Raises:
        MalformedError: there are more paths than an honest client sends.
    """
    for path in _paths(head):
        yield from _last_segment(path.rstrip("/"), own_paths)


def other_path_names(head: RequestHead, own_paths: Sequence[str]) -> Iterator[bytes]:
    """What stands last in the paths for services that drop parameters, blanks or dots, or decode in their own order.

    Raises:
        MalformedError: the paths can be read in more ways than an honest client's.
    """
    for path in _paths(head):
        yield from _names_in(path, own_paths)


def new_names(head: RequestHead, own_paths: Sequence[str]) -> Sequence[Named]:
    """The names that a MOVE or COPY gives what stands at its target, as that of a raw file is read in a path.

    Raises:
        MalformedError: one that cannot be read, or more than an honest client sends.
    """
    found: dict[bytes, None] = {}
    for path in _few(destinations(head)):
        found |= dict.fromkeys((*_last_segment(path.rstrip("/"), own_paths), *_names_in(path, own_paths)))
    return tuple(map(_judged, found))


def _names_in(path: str, own_paths: Sequence[str]) -> Iterator[bytes]:
    found = readings(path)
    if found is None:
        raise MalformedError(FILE_NAMES_DIFFER, "a path that can be read in very many ways")
    for reading in found:
        yield from _last_segment(reading.rstrip(_NOTHING), own_paths)


def _paths(head: RequestHead) -> Sequence[str]:
    return _few(list(islice(paths(head), MOST_MOVED + 1)))


def _few(found: Sequence[str]) -> Sequence[str]:
    if len(found) > MOST_MOVED:
        raise MalformedError(FILE_NAMES_DIFFER, "very many paths")
    return found


def _last_segment(path: str, own_paths: Sequence[str]) -> Iterator[bytes]:
    if path in {own.rstrip("/") for own in own_paths}:
        return
    segment = unquote_to_bytes(path.rpartition("/")[2].encode("utf-8", "surrogateescape"))
    if b"." in segment:
        yield segment


def _unescaped(value: bytes) -> bytes:
    """A value as clients write it: with percent escapes, or as it is."""
    return unquote_to_bytes(value) if _ESCAPED.fullmatch(value) else value


def _judged(raw: bytes) -> Named:
    sent = judged_filename(raw)
    base = without_path(sent, set())
    return base, None if base == sent else sent
