"""Rich Text (RTF 1.9.1): the control words that make it more than text and pictures."""

import re
from collections.abc import Callable, Iterator
from enum import Enum
from functools import partial
from typing import Final

from sidecar.inspection.formats.anatomy import Data
from sidecar.inspection.formats.bounds import Budget
from sidecar.inspection.formats.office import rtf_codes
from sidecar.inspection.formats.office.readings import Patterns
from sidecar.inspection.formats.office.rtf_groups import GroupText


class Trait(Enum):
    """One thing that was found; the value says it in words."""

    OBJECT = "an object"
    REMOTE = "a document of another machine"
    DDE = "DDE"


_WORDS: Final = re.compile(
    rb"\\(?:(?P<object>objdata|objupdate|objautlink|objlink|objhtml|objocx|objemb|objclass|objname|objalias)"
    rb"|(?P<text>template|fldinst|subdocument))(?![a-z])"
)
_RAW: Final = re.compile(rb"\\bin-?\d")
_IN_FIELDS: Final = (
    (Trait.DDE, (rtf_codes.DDE,)),
    (Trait.REMOTE, (rtf_codes.READING, rtf_codes.REMOTE_WORD)),
    (Trait.REMOTE, (rtf_codes.SHOWING, rtf_codes.SHARED_WORD)),
)
"""What a code asks for that begins with one of each of these."""
_IN_NAMES: Final = ((Trait.REMOTE, (rtf_codes.REMOTE,)),)
_MOST: Final = 500_000
"""Tokens and characters that are read of the fields and names of one file; those of an honest field are some fifty."""


def traits(data: Data) -> Iterator[tuple[Trait, str]]:
    """What is in it, and where; a name can be told several times.

    Raises:
        TooMuchError: there are more fields than are read, or they are too deep.
    """
    budget = Budget(_MOST, "too many fields")
    raw = _first_raw(data)
    for found in _WORDS.finditer(data):
        if found.start() < raw and _escaped(data, found.start()):
            continue
        if found["object"]:
            yield Trait.OBJECT, found["object"].decode()
            continue
        for skip_raw in (False, True) if raw < len(data) else (False,):
            yield from _of_group(data, found, partial(GroupText, budget=budget, skip_raw=skip_raw))


def _of_group(
    data: Data, found: re.Match[bytes], reading: Callable[[Patterns], GroupText]
) -> Iterator[tuple[Trait, str]]:
    """What the code of a field asks for, or a name leads to."""
    is_field = found["text"] == b"fldinst"
    if is_field and not reading(rtf_codes.FIELD).begins_so(data, found.end()):
        return
    for trait, asked in _IN_FIELDS if is_field else _IN_NAMES:
        groups = [reading(patterns) for patterns in asked]
        if all(group.begins_so(data, found.end()) for group in groups):
            yield trait, f"{found['text'].decode()} {groups[-1].text.strip()}"


def _first_raw(data: Data) -> int:
    """Where the first bytes may follow that are read as they are; the end where there are none."""
    found = _RAW.search(data, at) if (at := data.find(b"\\bin")) >= 0 else None
    return found.start() if found else len(data)


def _escaped(data: Data, at: int) -> bool:
    """Whether the backslash there is itself written behind one: a text that shows it."""
    before = data[max(0, at - 64) : at]
    return (len(before) - len(before.rstrip(b"\\"))) % 2 == 1
