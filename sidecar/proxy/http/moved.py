"""What fields of a request may put in place of its method and path: some services route by what those say."""

from collections.abc import Iterator
from itertools import chain, islice, product
from typing import Final

from sidecar.policy.routing.readings import decoded, text_of
from sidecar.policy.routing.router import MOST_MOVED
from sidecar.proxy.http.fields import plain
from sidecar.proxy.http.request_head import RequestHead

_MOUNTS: Final = frozenset({b"script-name", b"x-script-name", b"x-forwarded-prefix"})
"""Where the service is mounted, cut off the path: gunicorn believes SCRIPT_NAME of loopback (`forwarded_allow_ips`)."""
_TARGETS: Final = frozenset({b"x-original-url", b"x-rewrite-url"})
"""The target before a proxy rewrote it, preferred to that of the request (CVE-2018-14773)."""
_METHODS: Final = frozenset({b"x-http-method-override", b"x-http-method", b"x-method-override"})
_ALL: Final = _MOUNTS | _TARGETS | _METHODS


def moved(head: RequestHead) -> tuple[tuple[str, str], ...]:
    """Other methods and paths that a service may read, whatever sign stands in a field's name; most have none."""
    if _ALL.isdisjoint(map(plain, head.by_name)):
        return ()
    found = [
        (kind, value) for name, values in head.by_name.items() if (kind := plain(name)) in _ALL for value in values
    ]
    texts = {kinds: [text_of(value) for kind, value in found if kind in kinds] for kinds in (_MOUNTS, _TARGETS)}
    methods = [head.method, *(value.decode("latin-1") for kind, value in found if kind in _METHODS)]
    paths = islice(_paths(text_of(head.path), texts[_TARGETS], texts[_MOUNTS]), MOST_MOVED + 1)
    return tuple(islice(product(methods, paths), MOST_MOVED + 1))


def _paths(path: str, targets: list[str], mounts: list[str]) -> Iterator[str]:
    for each in chain((path,), map(_origin_form, targets)):
        yield each
        for mount in mounts:
            yield from _unmounted(each, mount)


def _origin_form(target: str) -> str:
    """The path of a target that may be a whole URL."""
    scheme, separator, rest = target.partition("://")
    if separator and "/" not in scheme:
        return "/" + rest.partition("/")[2]
    return target if target.startswith("/") else "/" + target


def _unmounted(path: str, mount: str) -> Iterator[str]:
    """The path behind a mount point: before and after decoding, in any case, at borders of segments or not."""
    for whole, cut in ((path, mount), (decoded(path), decoded(mount))):
        if cut and whole[: len(cut)].casefold() == cut.casefold():
            rest = whole[len(cut) :]
            yield rest if rest.startswith("/") else "/" + rest
