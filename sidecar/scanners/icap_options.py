"""What an ICAP service says of itself in answer to OPTIONS (RFC 3507, section 4.10)."""

from dataclasses import dataclass
from typing import Final, Literal

from sidecar.inspection.finding import printable
from sidecar.scanners.engine import Identity
from sidecar.scanners.icap_message import Head
from sidecar.scanners.result import EngineError, Trouble

Method = Literal["REQMOD", "RESPMOD"]
_OK: Final = 200
_LONGEST: Final = 86_400
_MOST_PREVIEW: Final = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Options:
    """What holds until it is asked again."""

    method: Method
    preview: int | None
    """Bytes that it wants to see before it says whether it wants the rest; None for no preview."""
    connections: int | None
    """How many it takes at once."""
    lasts: float | None
    """Seconds for which all this holds; None for as long as nobody asks."""
    identity: Identity


def read_options(head: Head, wanted: Literal["auto", "respmod", "reqmod"]) -> Options:
    """The options of a service.

    Raises:
        EngineError: there is no such service, or it does not do what is wanted.
    """
    if head.status != _OK:
        raise EngineError(
            Trouble.DOWN, f"OPTIONS: ICAP status {head.status}; expected 200: is the service's name right?"
        )
    offered = {method.strip().upper() for method in head.fields.get("methods", "").split(",")}
    lasts = head.number("options-ttl")
    return Options(
        _method(offered, wanted),
        _preview(head),
        head.number("max-connections") or None,
        None if lasts is None else float(min(lasts, _LONGEST)),
        Identity(printable(head.fields.get("service", "an ICAP service"), 80), printable(head.fields.get("istag", ""))),
    )


def _method(offered: set[str], wanted: str) -> Method:
    choices: tuple[Method, ...] = ("RESPMOD", "REQMOD")
    for method in choices:
        if wanted in {"auto", method.lower()} and method in offered:
            return method
    names = printable(", ".join(sorted(offered)))
    raise EngineError(Trouble.DOWN, f"the service offers {names or 'nothing'}; expected {wanted.upper()}")


def _preview(head: Head) -> int | None:
    """What is sent here has no name, so of Transfer-Preview, -Ignore and -Complete only `*` concerns it."""
    size = head.number("preview")
    if size is None or head.fields.get("transfer-complete", "").strip() == "*":
        return None
    return min(size, _MOST_PREVIEW)
