"""What does not fit a group of settings, said in the words of the configuration file."""

from collections.abc import Collection, Iterable, Iterator

from sidecar.policy.loading.document import Document
from sidecar.policy.loading.problem import Path, Problem, nearest, one_of, quoted
from sidecar.policy.loading.reading import UNKNOWN, Fault, UnfitError, read
from sidecar.policy.loading.tree import Checks, group_at, homes
from sidecar.policy.settings.base import Settings, fields_of


def problems_of(
    group: type[Settings], value: object, document: Document, checks: Checks, prefix: Path
) -> Iterator[Problem]:
    """Everything that does not fit a group of settings at a path."""
    try:
        read(group, value)
    except UnfitError as error:
        yield from told(error.faults, document, checks, prefix)


def told(faults: Iterable[Fault], document: Document, checks: Checks, prefix: Path = ()) -> Iterator[Problem]:
    """Each of them with its place; of a name that does not exist also what was probably meant."""
    for fault in faults:
        path = (*prefix, *fault.path)
        message, expected = fault.message, fault.expected
        if message == UNKNOWN:
            group = group_at(path[:-1], checks)
            message, expected = unknown(str(path[-1]), tuple(fields_of(group)) if group else ())
        yield document.problem(path, message, expected, actual=fault.actual)


def unknown(name: str, known: Collection[str], what: str = "setting") -> tuple[str, str]:
    """What is wrong with a name that does not exist, and what would have been right."""
    meant = nearest(name, known)
    if homes(name) and (meant is None or what == "setting"):
        places = one_of(f"`{home}`" if home else "the top level" for home in homes(name))
        return f"the {what} is unknown here", f"it under {places}"
    question = f", did you mean {quoted(meant)}?" if meant else ""
    return f"unknown {what}{question}", one_of(known) if known else f"no {what} here"
