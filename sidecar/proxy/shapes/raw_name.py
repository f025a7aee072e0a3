"""The one name of a file that is itself the body of a request."""

import re
from collections.abc import Iterator, Sequence
from typing import Final
from urllib.parse import unquote_to_bytes

from sidecar.multipart import grammar
from sidecar.multipart.disposition import parse_attachment
from sidecar.multipart.filename import judged_filename, without_path
from sidecar.multipart.rules import MalformedError
from sidecar.multipart.shown import shown
from sidecar.proxy.http.fields import plain
from sidecar.proxy.http.request_head import RequestHead
from sidecar.proxy.rules import FILE_NAMES_DIFFER

NAMELESS: Final = b"unnamed"
"""What a file is called in findings and logs that came without a name: no suffix, so it claims nothing."""
_FIELDS: Final = frozenset({b"x-filename", b"x-file-name"})
_PARAMETERS: Final = frozenset({b"filename", b"file_name", b"file-name", b"qqfile"})
_BETWEEN_PAIRS: Final = re.compile(b"[&;?]")
_TO_UNDERSCORE: Final = bytes.maketrans(b" +.[", b"____")  # PHP: variables have no such characters in their names
_ESCAPED: Final = re.compile(rb"(?:[^%]|%[0-9A-Fa-f]{2})*")

Named = tuple[bytes, bytes | None]
"""The base name that is judged and forwarded, and the name as sent where that is another."""


def name_of(head: RequestHead, own_paths: Sequence[str]) -> Named | None:
    """The name that the head gives its file, None where it gives none.

    Args:
        head: the client's.
        own_paths: paths of the routes that name the request: their last segment names a service, not a file.

    Raises:
        MalformedError: a name that cannot be read, or several that differ.
    """
    names = {_judged(raw) for raw in (*explicit_names(head), *path_names(head, own_paths)) if raw}
    if len({base for base, _ in names}) > 1:
        raise MalformedError(FILE_NAMES_DIFFER, " and ".join(sorted(shown(base) for base, _ in names)[:3]))
    # Of equal base names, one with a path before it tells more.
    return max(names, key=lambda named: named[1] or b"", default=None)


def explicit_names(head: RequestHead) -> Iterator[bytes]:
    """The names in fields and in the query, decoded."""
    dispositions = head.values(b"content-disposition")
    if len(dispositions) > 1:
        raise MalformedError(grammar.DISPOSITION_DUPLICATE, f"{len(dispositions)} fields")
    yield from (name for value in dispositions if (name := parse_attachment(value)))
    for field, values in head.by_name.items():
        if plain(field) in _FIELDS:
            yield from map(_unescaped, values)
    for pair in _BETWEEN_PAIRS.split(head.target.partition(b"?")[2]):
        parameter, _, value = pair.partition(b"=")
        if _plain_parameter(parameter) in _PARAMETERS:
            yield _unescaped(value.replace(b"+", b" "))


def _plain_parameter(parameter: bytes) -> bytes:
    """The name of a parameter as PHP makes a variable of it: cut at a NUL and at the brackets of an array."""
    name = unquote_to_bytes(parameter).partition(b"\0")[0].lstrip(b" +")
    variable, _, index = name.partition(b"[")
    return (variable if b"]" in index else name).translate(_TO_UNDERSCORE).lower()


def path_names(head: RequestHead, own_paths: Sequence[str]) -> Iterator[bytes]:
    """The last segment of the path, if it has a dot and is not a service's own."""
    path = head.path.rstrip(b"/")
    if path.decode("utf-8", "surrogateescape") in {own.rstrip("/") for own in own_paths}:
        return
    segment = unquote_to_bytes(path.rpartition(b"/")[2])
    if b"." in segment:
        yield segment


def _unescaped(value: bytes) -> bytes:
    """A value as clients write it: with percent escapes, or as it is."""
    return unquote_to_bytes(value) if _ESCAPED.fullmatch(value) else value


def _judged(raw: bytes) -> Named:
    sent = judged_filename(raw)
    base = without_path(sent, set())
    return base, None if base == sent else sent
