"""Which of several names counts, where services differ in which of them they read."""

from collections.abc import Sequence

from sidecar.inspection.inspector import Inspector
from sidecar.inspection.types.claims import claims_of
from sidecar.inspection.types.kinds import UNKNOWN, Kind
from sidecar.multipart.events import Part, PartBegin
from sidecar.multipart.rules import MalformedError
from sidecar.multipart.shown import shown
from sidecar.policy.settings.model import Policy
from sidecar.proxy.rules import FILE_NAMES_DIFFER

Named = tuple[bytes, bytes | None]
"""The base name that is judged and forwarded, and the name as sent where that is another."""


def strictest_name(names: Sequence[Named], policy: Policy) -> Named | None:
    """The first name that the policy refuses; else the first that says what the file is, else the first.

    Raises:
        MalformedError: they say different things.
    """
    if len(names) < 2:  # noqa: PLR2004 - one is what there is
        return names[0] if names else None
    if refused := next((named for named in names if refuses(policy, named)), None):
        return refused
    telling = {kind: named for named in reversed(names) if (kind := _kind_of(named)) is not None}
    if len(telling) > 1:
        raise MalformedError(FILE_NAMES_DIFFER, " and ".join(sorted(shown(base) for base, _ in telling.values())[:3]))
    return next(iter(telling.values()), names[0])


def refuses(policy: Policy, named: Named) -> bool:
    """Whether the policy refuses any file of that name, whatever is in it."""
    inspector = Inspector(policy, lambda _: UNKNOWN, stop_at_first=True)
    inspector.receive(PartBegin(part_of(b"", named)))
    return inspector.refusal is not None


def part_of(name: bytes, named: Named) -> Part:
    """The file of that name as checks know it, of no declared type."""
    base, sent = named
    return Part(0, name, base, None, sent, path_goes_on=True)


def _kind_of(named: Named) -> Kind | None:
    return claims_of(part_of(b"", named)).by_suffix
