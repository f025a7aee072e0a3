"""What makes sense setting by setting but not together."""

import re
from collections.abc import Iterator
from typing import Final

from sidecar.policy.loading.document import Document
from sidecar.policy.loading.explain import problems_of, unknown
from sidecar.policy.loading.inheritance import effective
from sidecar.policy.loading.problem import Path, Problem, quoted
from sidecar.policy.loading.shadowing import shadowing_problems
from sidecar.policy.loading.shares import rollout_problems
from sidecar.policy.loading.stripping import stripping_problems
from sidecar.policy.loading.tree import Checks
from sidecar.policy.settings.model import MOST_WORKERS, Admin, Config, Spool, Upstream
from sidecar.policy.settings.scanners import Scanner
from sidecar.policy.values.addresses import Address, parse_listen, parse_upstream, speaks_tls
from sidecar.policy.values.clashes import clash
from sidecar.policy.values.units import parse_size, size_text
from sidecar.policy.values.words import switch

_WITHIN: Final = (("max_file", "max_body"), ("max_field", "max_body"), ("max_files", "max_parts"))
"""Limits that the second makes unreachable when it is lower."""
_URL: Final = re.compile("https?://", re.IGNORECASE)
_ON_OR_OFF: Final = ("on", "off")  # no set: a list can be asked for, too


def inconsistencies(document: Document, checks: Checks) -> Iterator[Problem]:
    """Everything that does not fit together; what is wrong by itself is left to others."""
    yield from _routes(document)
    yield from _addresses(document)
    yield from _drain(document)
    yield from rollout_problems(document)
    yield from _tls(document)
    for name in document.names("policies"):
        yield from _limits(document, name)
        yield from _checks(document, name, checks)
        yield from _used_scanners(document, name)
    yield from _spool(document)
    yield from stripping_problems(document)
    yield from _scans(document)


def _routes(document: Document) -> Iterator[Problem]:
    shadowed = shadowing_problems(document)
    yield from shadowed.values()
    labels: dict[str, int] = {}
    policies = {"default", *document.names("policies")}
    for index, route in enumerate(document.entries("routes")):
        if not isinstance(route, dict):
            continue
        policy = route.get("policy", "default")
        if isinstance(policy, str) and policy not in policies:
            yield document.problem(("routes", index, "policy"), *unknown(policy, sorted(policies), "policy"))
        label = route.get("name") or route.get("path")
        if isinstance(label, str) and index not in shadowed:
            yield from _label(document, index, label, labels)


def _label(document: Document, index: int, label: str, labels: dict[str, int]) -> Iterator[Problem]:
    step = "name" if document.get("routes", index, "name") else "path"
    if label == "default":
        free = "another name: `default` stands for requests that no route names"
        yield document.problem(("routes", index, step), "is taken", free)
    elif label in labels:
        other = f"a `name` that routes[{labels[label]}] does not have, for the metrics"
        yield document.problem(("routes", index, step), "two routes are called the same", other)
    labels.setdefault(label, index)


def _addresses(document: Document) -> Iterator[Problem]:
    listen = _address(document.get("listen") or Config.listen)
    admin = _address(document.get("admin", "listen") or Admin.listen)
    upstream = _address(document.get("upstream", "url") or Upstream.url)
    if listen and admin and clash(listen, admin):
        place = ("admin", "listen") if document.get("admin", "listen") else ("listen",)
        yield document.problem(place, "clients and operators cannot share an address", "another port")
    if listen and upstream and clash(listen, upstream):
        place = ("upstream", "url") if document.get("upstream", "url") else ("listen",)
        yield document.problem(place, "the sidecar would be its own service", "the address of the service behind")
    if admin and upstream and clash(admin, upstream):
        place = ("upstream", "url") if document.get("upstream", "url") else ("admin", "listen")
        expected = "the address of the service behind, and admin.listen at another port"
        yield document.problem(place, "clients would be led to the port for operators", expected)


def _drain(document: Document) -> Iterator[Problem]:
    text = document.get("drain", "listen")
    drain = _address(text) if text and switch(text) != "off" else None
    for path, default in (
        (("listen",), Config.listen),
        (("admin", "listen"), Admin.listen),
        (("upstream", "url"), Upstream.url),
    ):
        other = _address(document.get(*path) or default)
        if drain and other and clash(drain, other):
            problem = f"cannot share an address with {'.'.join(path)}"
            yield document.problem(("drain", "listen"), problem, "another port, or off")


def _tls(document: Document) -> Iterator[Problem]:
    for setting, other in (("certificate", "key"), ("key", "certificate"), ("client_ca", "certificate")):
        if document.get("tls", setting) and not document.get("tls", other):
            yield document.problem(("tls", setting), "is of no use alone", f"tls.{other} beside it")
    if not speaks_tls(str(document.get("upstream", "url") or "")):
        for setting in ("ca", "server_name"):
            if document.get("upstream", setting):
                yield document.problem(("upstream", setting), "is of no use without TLS", "upstream.url: https://…")


def _address(text: object) -> Address | None:
    try:
        return parse_upstream(str(text)) if _URL.match(str(text)) else parse_listen(str(text))
    except ValueError:
        return None


def _limits(document: Document, name: str) -> Iterator[Problem]:
    for inner, outer in _WITHIN:
        if document.get("policies", name, inner) is None:
            continue  # inherited: the outer limit simply comes first
        low, high = (_amount(effective(document.data, name, setting)) for setting in (inner, outer))
        if low is not None and high is not None and low > high:
            expected = f"at most {high if outer == 'max_parts' else size_text(high)}, or a higher {outer}"
            yield document.problem(("policies", name, inner), f"can never be reached under {outer}", expected)


def _amount(value: object) -> int | None:
    try:
        return parse_size(value)
    except ValueError:
        return None


def _workers(document: Document) -> int | None:
    workers = _amount(document.get("workers") or 1)
    return workers if workers is not None and workers <= MOST_WORKERS else None


def _spool(document: Document) -> Iterator[Problem]:
    room = _amount(document.get("spool", "max_bytes") or Spool.max_bytes)
    workers = _workers(document)
    room = None if room is None or not workers else room // workers  # each worker has its share
    for name in dict.fromkeys(("default", *document.names("policies"))):
        body = _amount(effective(document.data, name, "max_body"))
        own = document.get("policies", name, "max_body") is not None
        if room is not None and body is not None and body > room and (own or name == "default"):
            place: Path = ("policies", name, "max_body") if own else ("spool", "max_bytes")
            expected = (
                f"at most {'spool.max_bytes' if workers == 1 else 'the share of one worker'} ({size_text(room)})"
                if own
                else f"at least {size_text(body * (workers or 1))}, or a lower max_body"
            )
            yield document.problem(place, "a full-sized upload would never fit the spool", expected)


def _used_scanners(document: Document, policy: str) -> Iterator[Problem]:
    known = sorted(document.names("scanners"))
    for index, name in enumerate(document.entries("policies", policy, "scanners", "use")):
        if isinstance(name, str) and name not in known:
            path = ("policies", policy, "scanners", "use", index)
            yield document.problem(path, *unknown(name, known, "scanner"), actual=quoted(name))


def _scans(document: Document) -> Iterator[Problem]:
    workers = _workers(document)
    for name in document.names("scanners"):
        scans = _amount(document.get("scanners", name, "max_scans") or Scanner.max_scans)
        if workers and scans and scans < workers:
            expected = f"at least {workers}, one for each of the workers"
            yield document.problem(("scanners", name, "max_scans"), f"{scans} cannot be divided", expected)


def _checks(document: Document, policy: str, checks: Checks) -> Iterator[Problem]:
    for name in document.names("policies", policy, "checks"):
        path = ("policies", policy, "checks", name)
        value = document.get(*path)
        if name not in checks:
            yield document.problem(path, *unknown(name, checks, "check"), actual=quoted(name))
        elif isinstance(value, dict):
            yield from problems_of(checks[name], value, document, checks, path)
        elif switch(value) not in _ON_OR_OFF:
            yield document.problem(path, "is not valid", "off, on or a mapping of its settings")
