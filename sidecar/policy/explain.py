"""What pydantic finds wrong, said in the words of the configuration file."""

from collections.abc import Collection, Iterator
from typing import Any, Final

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from sidecar.policy.document import Document
from sidecar.policy.model import ANNOTATION
from sidecar.policy.problem import Path, Problem, nearest, one_of, quoted
from sidecar.policy.rollout import FIELD_OR_NONE
from sidecar.policy.settings import FILE_OR_NONE, Settings
from sidecar.policy.transport import CALLS_FIELD, DIRECTORY, HOST_OR_NONE
from sidecar.policy.tree import Checks, group_at, homes
from sidecar.policy.units import LONGEST, seconds_text

_EXPECTED: Final = {
    "string_type": "text",
    "bool_type": "on or off",
    "bool_parsing": "on or off",
    "int_type": "a whole number",
    "int_parsing": "a whole number",
    "int_from_float": "a whole number",
    "int_parsing_size": "a smaller number",
    "float_type": "a number",
    "float_parsing": "a number",
    "finite_number": "a finite number",
    "tuple_type": "a list",
    "list_type": "a list",
    "set_type": "a list",
    "frozen_set_type": "a list",
    "model_type": "a mapping of settings",
    "model_attributes_type": "a mapping of settings",
    "dict_type": "a mapping",
    "missing": "a value; it has no default",
}
_BOUNDS: Final = {
    "greater_than": ("gt", "more than"),
    "greater_than_equal": ("ge", "at least"),
    "less_than": ("lt", "less than"),
    "less_than_equal": ("le", "at most"),
}
_LENGTHS: Final = {
    "string_too_short": "text that is not empty",
    "string_too_long": "at most {max_length} characters",
    "too_short": "at least {min_length} entries",
    "too_long": "at most {max_length} entries",
}
_FORMS: Final = {
    FILE_OR_NONE: "an absolute path such as /etc/upload-sidecar/file, or nothing",
    DIRECTORY: "an absolute path such as /var/spool/sidecar",
    FIELD_OR_NONE: "the name of a header field or a cookie, such as X-Client-Id, at most 64 characters, or nothing",
    ANNOTATION: "the name of an annotation, such as upload-sidecar/mode, without spaces and =, at most 320 characters",
    HOST_OR_NONE: "the name of a host, such as app.example.com, or nothing",
    CALLS_FIELD: "the name of a field, such as X-DB-Calls, or server-timing;NAME, or nothing",
}
"""Patterns in the words of those who have to write what fits them."""
_WRONG: Final = "is not valid"


def problems_of(
    group: type[Settings], value: object, document: Document, checks: Checks, prefix: Path = ()
) -> Iterator[Problem]:
    """Everything that pydantic finds wrong with a group of settings at a path."""
    try:
        group.model_validate(value)
    except ValidationError as error:
        for details in error.errors(include_url=False):
            yield _problem((*prefix, *details["loc"]), details, document, checks)


def _problem(path: Path, details: ErrorDetails, document: Document, checks: Checks) -> Problem:
    if path[-1:] == ("[key]",):
        form = "letters, digits and . _ -, beginning with a letter or digit, at most 63"
        return document.problem(path[:-1], "is not a usable name", form, actual=quoted(str(path[-2])))
    match details["type"]:
        case "extra_forbidden":
            return _unknown(path, document, checks)
        case "missing":
            return document.problem(path, "is missing", _EXPECTED["missing"], actual="")
    return document.problem(path, _WRONG, _expected(details))


def _expected(details: ErrorDetails) -> str:
    context: dict[str, Any] = details.get("ctx") or {}
    kind = details["type"]
    if kind == "value_error":
        return str(context.get("error", details["msg"])).removeprefix("expected ")
    if kind in {"enum", "literal_error"}:
        return str(context.get("expected", "")).replace("'", "")
    if kind in _BOUNDS:
        key, words = _BOUNDS[kind]
        return f"{words} {_bound(context[key])}"
    if kind in _LENGTHS:
        return _LENGTHS[kind].format(**context)
    if kind == "string_pattern_mismatch":
        return _FORMS.get(str(context.get("pattern")), "another form")
    return _EXPECTED.get(kind, details["msg"])


def _bound(value: object) -> str:
    return seconds_text(LONGEST) if value == LONGEST else f"{value:g}" if isinstance(value, float) else str(value)


def _unknown(path: Path, document: Document, checks: Checks) -> Problem:
    *parent, name = path
    group = group_at(tuple(parent), checks)
    known = tuple(group.model_fields) if group else ()
    return document.problem(path, *unknown(str(name), known), actual=quoted(str(name)))


def unknown(name: str, known: Collection[str], what: str = "setting") -> tuple[str, str]:
    """What is wrong with a name that does not exist, and what would have been right."""
    meant = nearest(name, known)
    if homes(name) and (meant is None or what == "setting"):
        places = one_of(f"`{home}`" if home else "the top level" for home in homes(name))
        return f"the {what} is unknown here", f"it under {places}"
    question = f", did you mean {quoted(meant)}?" if meant else ""
    return f"unknown {what}{question}", one_of(known) if known else f"no {what} here"
