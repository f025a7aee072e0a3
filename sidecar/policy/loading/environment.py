"""Settings from the environment and from flags, laid over those of the file."""

import re
from collections.abc import Iterator, Mapping
from typing import Final

from sidecar.policy.loading.document import Document
from sidecar.policy.loading.problem import ConfigError, Path, Problem, encodable, nearest, one_of, quoted, shown
from sidecar.policy.loading.tree import Checks, group_at, is_group, is_list, is_mapping, kind_at
from sidecar.policy.loading.yaml_document import parse_flow
from sidecar.policy.settings.base import fields_of
from sidecar.policy.values.words import switch

PREFIX: Final = "SIDECAR_"
FLAGS: Final = {
    "mode": "--mode",
    "listen": "--listen",
    "admin.listen": "--admin-listen",
    "upstream.url": "--upstream",
}
"""The flags of `run` by the settings that they are for."""
_SERVICE_LINKS: Final = re.compile(
    r"SIDECAR_(?:[A-Z0-9_]+_)?(?:SERVICE_HOST|SERVICE_PORT(?:_[A-Z0-9_]+)?|PORT(?:_[0-9]+_(?:TCP|UDP|SCTP)(?:_[A-Z]+)?)?)"
)
"""Kubernetes sets these in every pod for each Service, so a Service called `sidecar` must not stop the start."""
_LONGEST_NAME: Final = 120
_MAX_LENGTH: Final = 64 * 1024


def apply_environment(document: Document, environ: Mapping[str, str], checks: Checks) -> Iterator[Problem]:
    """Lay `SIDECAR_…` variables over a document; outer settings first, so that inner ones can refine them."""
    ours = {name: value for name, value in environ.items() if name.startswith(PREFIX)}
    for name in sorted(ours, key=lambda name: (name.count("__"), name)):
        if not _SERVICE_LINKS.fullmatch(name):
            path = _path(name.removeprefix(PREFIX).split("__"), document, checks)
            yield from _apply(document, path, ours[name], shown(name, _LONGEST_NAME), checks)


def apply_flags(document: Document, flags: Mapping[str, str], checks: Checks) -> Iterator[Problem]:
    """Lay flags over a document, by their settings: `{"admin.listen": "127.0.0.1:0"}` for `--admin-listen`."""
    for name, value in flags.items():
        path: Path = tuple(name.split("."))
        yield from _apply(document, path, value, FLAGS.get(name, f"--{name}"), checks)


def _path(words: list[str], document: Document, checks: Checks) -> Path:
    """The path that the words of a variable name mean; names of the configuration's own match in any case."""
    path: Path = ()
    for word in words:
        known = group_at(path, checks)
        if word.isdecimal() and known is None and is_list(kind_at(path, checks)):
            path = (*path, int(word[:9]))
        else:
            names = fields_of(known) if known else (*document.names(*path), *_check_names(path, checks))
            path = (*path, next((name for name in names if _folded(name) == _folded(word)), word.lower()))
    return path


def _check_names(path: Path, checks: Checks) -> tuple[str, ...]:
    return tuple(checks) if path[:1] == ("policies",) and path[2:] == ("checks",) else ()


def _folded(name: str) -> str:
    return re.sub(r"[^a-z0-9]", "_", name.lower())


def _apply(document: Document, path: Path, text: str, origin: str, checks: Checks) -> Iterator[Problem]:
    kind = kind_at(path, checks)
    if kind is None:
        yield _unknown(path, origin, checks)
        return
    try:
        value = _value(text, kind)
    except ConfigError as error:
        yield Problem(origin, None, error.problems[0].message, error.problems[0].expected, shown(text))
        return
    if path == ("mode",) and switch(document.get("mode")) == "off":
        return  # off is off wherever it is said: whoever needs it at night may reach only one of the places
    if not document.put(path, value, origin):
        yield Problem(origin, None, "leads through what holds no such setting", "a place that the file has", "")


def _value(text: str, kind: object) -> object:
    """Text for a scalar, a list between commas, or YAML in flow style."""
    stripped = text.strip()
    if len(text) > _MAX_LENGTH:
        raise ConfigError([Problem("", None, "is too long", f"at most {_MAX_LENGTH} characters")])
    if not encodable(text):
        raise ConfigError([Problem("", None, "is not UTF-8", "text in UTF-8")])
    if is_list(kind) and not stripped.startswith("["):
        return _items(stripped)
    composite = is_list(kind) or is_mapping(kind) or is_group(kind)
    return parse_flow(stripped) if composite and stripped[:1] in {"[", "{"} else stripped


def _items(text: str) -> list[str]:
    """What stands between commas; nothing at all is a variable that somebody forgot to set."""
    items = [item.strip() for item in text.split(",") if item.strip()]
    if not items:
        raise ConfigError([Problem("", None, "names nothing", "a list, or [] for an empty one")])
    return items


def _unknown(path: Path, origin: str, checks: Checks) -> Problem:
    end = next(end for end in range(len(path)) if kind_at(path[: end + 1], checks) is None)
    group = group_at(path[:end], checks)
    known = tuple(fields_of(group)) if group else _check_names(path[:end], checks)
    names = tuple(name.upper() for name in known)
    meant = nearest(str(path[end]), known)
    question = f", did you mean {quoted(meant.upper())}?" if meant else ""
    return Problem(
        origin, None, f"unknown setting{question}", one_of(names) if names else "", quoted(str(path[end]).upper())
    )
