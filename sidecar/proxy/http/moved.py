"""What fields of a request may put in place of its method and path: some services route by what those say."""

from collections.abc import Iterable, Iterator
from itertools import chain, islice, product
from typing import Final

from sidecar.policy.routing.readings import text_of
from sidecar.policy.routing.router import MOST_MOVED
from sidecar.policy.values.spellings import decoded
from sidecar.proxy.http.fields import plain
from sidecar.proxy.http.request_head import RequestHead

_MOUNTS: Final = frozenset({b"script-name", b"x-script-name", b"x-forwarded-prefix"})
"""Where the service is mounted, cut off the path: gunicorn believes SCRIPT_NAME of loopback (`forwarded_allow_ips`)."""
_TARGETS: Final = frozenset({b"x-original-url", b"x-rewrite-url"})
"""The target before a proxy rewrote it, preferred to that of the request (CVE-2018-14773)."""
_METHODS: Final = frozenset({b"x-http-method-override", b"x-http-method", b"x-method-override"})
_DESTINATION: Final = frozenset({b"destination"})
_MOVING: Final = frozenset({"MOVE", "COPY"})
"""Methods that put what stands at the target where Destination says (RFC 4918, sections 9.8 and 9.9)."""
_ALL: Final = _MOUNTS | _TARGETS | _METHODS | _DESTINATION


def moved(head: RequestHead) -> tuple[tuple[str, str], ...]:
    """Other methods and paths that a service may read, whatever sign stands in a field's name; most have none.

    What is moved is judged where it goes, too, as if it were put there.
    """
    if _ALL.isdisjoint(map(plain, head.by_name)):
        return ()
    found = islice(chain(paths(head), ends := destinations(head)), MOST_MOVED + 1)
    return tuple(islice(product((*methods(head), "PUT") if ends else methods(head), found), MOST_MOVED + 1))


def methods(head: RequestHead) -> tuple[str, ...]:
    """The method as sent, then those that fields put in its place, in capitals: of a list some take one, some all."""
    values = b",".join(_values(head, _METHODS))
    told = (method.strip() for method in values.decode("latin-1").upper().split(","))
    return (head.method, *filter(None, told)) if values else (head.method,)


def targets(head: RequestHead) -> tuple[bytes, ...]:
    """The target as sent, then those that fields put in its place."""
    return (head.target, *_values(head, _TARGETS))


def paths(head: RequestHead) -> Iterator[str]:
    """The paths of all targets, each with and without what may be cut off it."""
    return _mounted(head, (text_of(head.path), *map(_origin_form, _values(head, _TARGETS))))


def destinations(head: RequestHead) -> tuple[str, ...]:
    """The paths to which the request moves or copies what stands at its target; at most MOST_MOVED and one."""
    if _MOVING.isdisjoint(methods(head)):
        return ()
    return tuple(islice(_mounted(head, map(_origin_form, _values(head, _DESTINATION))), MOST_MOVED + 1))


def _values(head: RequestHead, kinds: frozenset[bytes]) -> list[bytes]:
    return [value for name, values in head.by_name.items() if plain(name) in kinds for value in values]


def _mounted(head: RequestHead, found: Iterable[str]) -> Iterator[str]:
    mounts = [text_of(value) for value in _values(head, _MOUNTS)]
    for each in found:
        yield each
        for mount in mounts:
            yield from _unmounted(each, mount)


def _origin_form(value: bytes) -> str:
    """The path of a target that may be a whole URL."""
    target = text_of(value)
    scheme, separator, rest = target.partition("://")
    if separator and "/" not in scheme:
        return "/" + rest.partition("/")[2]
    return target if target.startswith("/") else "/" + target


def _unmounted(path: str, mount: str) -> Iterator[str]:
    """The path behind a mount point: before and after decoding, in any case, at borders of segments or not."""
    for whole, cut in {(path, mount): None, (decoded(path), decoded(mount)): None}:
        if cut and whole[: len(cut)].casefold() == cut.casefold():
            rest = whole[len(cut) :]
            yield rest if rest.startswith("/") else "/" + rest
