"""Style sheets and styles: those that hold a program, and those that load from other hosts."""

import re
from typing import Final

from sidecar.inspection.formats.markup.addresses import IGNORED, Entities, ascii_of, decoded

_ESCAPE: Final = re.compile(rb"\\(?:([0-9a-f]{1,6})[\t\n\f\r ]?|(.))", re.IGNORECASE | re.DOTALL)
_COMMENT: Final = re.compile(rb"/\*(?:.*?\*/|.*)", re.DOTALL)
_NAMESPACE: Final = re.compile(
    rb"@namespace[\w -]{0,60}(?:url\( *+)?[\"']? *+https?://[^\s\"'(){};]{0,300}[\"']? *+\)? *+(?:;|\Z)"
)
"""A name that is written as an address; all of it has to be there, as a comment or a string may begin like one."""
_HOST: Final = rb" *+(?:(?:https?|ftps?|wss?):|file:[/\\]{2}[^/\\]|[/\\]{2})"
_URL: Final = re.compile(rb"(?:url|src)\( *+[\"']?%b" % _HOST)
_STRING: Final = re.compile(rb"(?<!=)(?<!= )[\"']%b" % _HOST)
"""Behind `=` it stands in a selector."""
_SHOWN: Final = re.compile(rb"[{};] *+content *+: *+\Z")
"""What stands before a string that is shown as text."""
_NEAR: Final = 40
_SET: Final = b"image-set("
_OWN: Final = b"--"
"""Within these a string is an address (CSS Images 4, 2.4), or what somebody makes one of elsewhere: properties and
functions of the sender's own (CSS Variables 1, 2; CSS Properties and Values 1, 2; CSS Mixins 1, 3)."""
_CLASS: Final = re.compile(rb"\.-?+[a-z_\x80-\xff][\w\x80-\xff-]*+")
"""In whose names two hyphens are usual: `.button--big`."""
_IMPORT: Final = re.compile(rb"@import *+(?:url\( *+)?[\"']?(?:%b| *+data:)|src\( *+[\"']?%b" % (_HOST, _HOST))
_IMPORTS: Final = (b"@import", b"src(")
_PROGRAM: Final = re.compile(rb"-moz-binding *+:|expression *+\(")
_PROGRAMS: Final = (b"javascript:", b"vbscript:", b"data:text/html")
_CALLS: Final = (b"-moz-binding", b"expression")
WORDS: Final = (b"\\", b"&", b"/*", b"url(", b"@", b"src(", *_CALLS)
"""What makes work in a style, in small letters."""
_SHORT: Final = 300
_TELLS: Final = re.compile(rb"[/\\@]|[ps]:|pt:|-m|xp|--")
"""One of these stands in each form that tells anything: most styles have none, and are asked for nothing else."""
Forms = tuple[bytes, ...]


def holds_program(forms: Forms) -> bool:
    """Whether a style sheet or a style holds a program, for browsers of any age."""
    return any(_has(form, _PROGRAMS) or _match(form, _CALLS, _PROGRAM) for form in forms)


def imports(forms: Forms) -> bool:
    """Whether a style sheet takes another from elsewhere."""
    return any(_match(form, _IMPORTS, _IMPORT) for form in forms)


def loads(forms: Forms) -> bool:
    """Whether anything in a style sheet or a style is on another host."""
    return any(_URL.search(form) or (_takes_strings(form) and _has_string(form)) for form in forms)


def _takes_strings(css: bytes) -> bool:
    """Whether strings can be addresses in it."""
    return css.find(_SET) >= 0 or (css.find(_OWN) >= 0 and _CLASS.sub(b"", css).find(_OWN) >= 0)


def _has_string(css: bytes) -> bool:
    return any(not _SHOWN.search(css[max(0, at.start() - _NEAR) : at.start()]) for at in _STRING.finditer(css))


def _has(css: bytes, words: tuple[bytes, ...]) -> bool:
    return any(css.find(word) >= 0 for word in words)


def _match(css: bytes, words: tuple[bytes, ...], pattern: re.Pattern[bytes]) -> bool:
    """Whether a pattern is found; its words are searched for first, which takes a tenth of the time."""
    return _has(css, words) and pattern.search(css) is not None


def forms_of(css: bytes, entities: Entities) -> Forms:
    """A style sheet or a style as written and without comments, each with escapes resolved and in small letters.

    Control characters are taken out: behind a backslash a line end is nothing (CSS Syntax 3, 4.3.5), and those of an
    address are dropped when it is parsed, written as escapes too. A short one that tells nothing has no form.
    """
    plain = decoded(css, entities)
    plain = _ESCAPE.sub(_escaped, plain) if b"\\" in plain else plain
    plain = plain.lower().translate(None, IGNORED)
    plain = _NAMESPACE.sub(b"", plain) if b"@namespace" in plain else plain
    if len(plain) < _SHORT and not _TELLS.search(plain):
        return ()
    return (plain, _COMMENT.sub(b"", plain)) if b"/*" in plain else (plain,)


def _escaped(found: re.Match[bytes]) -> bytes:
    return found[2] if found[2] is not None else ascii_of(int(found[1], 16))
