"""Names in the configuration: suffixes, methods, labels and paths of routes."""

import re
from typing import Annotated, Final, Literal

from sidecar.policy.values.kinds import Mark, after, before, characters, form
from sidecar.policy.values.strictness import rising

_SUFFIX: Final = re.compile(r"[^\s./\\:*?\"<>|]{1,64}")
_METHOD: Final = re.compile(r"[A-Z][A-Z-]{0,31}")
_PATH_NOT: Final = re.compile(r"[?#\\\x00-\x20\x7f]|//|/\.{1,2}(?:/|\Z)|%(?![0-9A-Fa-f]{2})")
_LONGEST_PATH: Final = 1024
_POINTER: Final = re.compile(r"(?:/(?:[^~/]|~[01])+)+")  # RFC 6901, section 3, without empty names


def parse_suffix(text: str) -> str:
    """A suffix in lower case without its dot: `php` for `.PHP`.

    Raises:
        ValueError: it is not one suffix; the message says what one looks like.
    """
    suffix = text.strip().removeprefix(".").lower()
    if not _SUFFIX.fullmatch(suffix):
        raise ValueError("expected one suffix such as php or .php: no inner dots, wildcards or spaces")
    return suffix


def parse_method(text: str) -> str:
    """A method in upper case.

    Raises:
        ValueError: it is not one; the message says what one looks like.
    """
    if not _METHOD.fullmatch(text.strip().upper()):
        raise ValueError("expected a method such as POST or PUT")
    return text.strip().upper()


def parse_route_path(text: str) -> str:
    """The path prefix of a route.

    Raises:
        ValueError: it cannot be one; the message says what one looks like.
    """
    if not text.startswith("/") or len(text) > _LONGEST_PATH or _PATH_NOT.search(text):
        raise ValueError("expected a path such as /api/avatars: without query, wildcards, spaces, // or dot segments")
    if "*" in text:
        raise ValueError("expected a path such as /api/avatars: it is a prefix already, so it needs no wildcard")
    return text


def parse_label(text: str) -> str:
    """The label of a route in metrics and logs.

    Raises:
        ValueError: it is not fit for one.
    """
    if not text.isprintable():
        raise ValueError("expected a name of printable characters")
    return text


def parse_json_member(text: str) -> str:
    """The name of a member of JSON objects, or a JSON pointer.

    Raises:
        ValueError: it is neither; the message says what one looks like.
    """
    if not text or (text.find("/") >= 0 and not _POINTER.fullmatch(text)):
        raise ValueError("expected the name of a member such as avatar, or a JSON pointer such as /user/photos/*/data")
    return text


def lowered(value: object) -> object:
    """Text in lower case without space around it, anything else as it is."""
    return value.strip().lower() if isinstance(value, str) else value


def switch(value: object) -> object:
    """`off` and `on` also where a YAML 1.1 tool has rewritten them as `false` and `true`."""
    text = str(value).lower() if isinstance(value, bool) else lowered(value)
    return {"false": "off", "true": "on"}.get(text, text) if isinstance(text, str) else text


NAME: Final = form(
    r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$", "letters, digits and . _ -, beginning with a letter or digit, at most 63"
)
"""Of a policy, or of a scanner."""
Suffix = Annotated[str, after(parse_suffix)]
Method = Annotated[str, after(parse_method)]
RoutePath = Annotated[str, Mark(after=parse_route_path, schema={"pattern": "^/"})]
RouteLabel = Annotated[str, after(parse_label), characters(most=100)]
Lowered = before(lowered)
Switch = before(switch)
PassOrRefuse = Annotated[Literal["pass", "refuse"], Lowered, rising("pass", "refuse")]
JudgePassOrRefuse = Annotated[Literal["judge", "pass", "refuse"], Lowered, rising("pass", "judge", "refuse")]
