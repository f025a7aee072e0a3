"""Settings of scanners: engines outside this process, and what a policy asks of them."""

import re
from dataclasses import dataclass
from typing import Annotated, Final, Literal

from sidecar.policy.settings.base import FileOrNone, MiB, Settings
from sidecar.policy.values.addresses import Address, parse_upstream, with_port
from sidecar.policy.values.kinds import at_least, at_most, read_by
from sidecar.policy.values.units import Seconds, Size
from sidecar.policy.values.words import NAME, Lowered

Kind = Literal["clamd", "icap", "yara"]
_URL: Final = re.compile(r"(?P<kind>clamd|icap|yara)://(?P<place>[^/?#\s]*)(?P<path>/[^\x00-\x20?#\x7f]*)?")
_CLAMD_PORT: Final = 3310
_ICAP_PORT: Final = 1344
_FORM: Final = (
    "expected clamd:///path/of/socket, clamd://host:3310, icap://host:1344/service, or yara:///directory/of/rules"
)


@dataclass(frozen=True, slots=True)
class Engine:
    """Which engine, and where."""

    kind: Kind
    address: Address | None
    """Where it listens; None for one that runs within this product."""
    name: str = ""
    """The ICAP service, or the directory of YARA rules."""


def parse_engine(url: str) -> Engine:
    """The engine that a URL names.

    Raises:
        ValueError: it names none; the message says what one looks like.
    """
    match = _URL.fullmatch(url)
    if match is None:
        raise ValueError(_FORM)
    place, path = match["place"], (match["path"] or "").rstrip("/")
    match match["kind"], bool(place), bool(path):
        case "icap", True, True:
            return Engine("icap", _parsed(f"http://{with_port(place, _ICAP_PORT)}"), path[1:])
        case "icap", True, False:
            raise ValueError("expected the name of the ICAP service at the end, such as icap://host:1344/avscan")
        case "clamd", True, False:
            return Engine("clamd", _parsed(f"http://{with_port(place, _CLAMD_PORT)}"))
        case "clamd", False, True:
            return Engine("clamd", _parsed(f"unix://{path}"))
        case "yara", False, True:
            return Engine("yara", None, path)
    raise ValueError(_FORM)


def _parsed(url: str) -> Address:
    try:
        return parse_upstream(url)
    except ValueError:
        raise ValueError(_FORM) from None


EngineUrl = Annotated[str, read_by(parse_engine)]
ScannerName = Annotated[str, NAME]


class Scanner(Settings):
    """One engine that looks for malware."""

    url: EngineUrl
    """clamd:///path/of/socket, clamd://host:3310, icap://host:1344/service, yara:///directory/of/rules."""
    max_file: Size = 32 * MiB
    """Largest file that it is sent; larger ones are not examined. Where the engine takes less, that holds."""
    max_scans: Annotated[int, at_least(1), at_most(1000)] = 4
    """Scans at once; the workers divide them. For clamd below its MaxThreads."""
    max_waiting: Annotated[int, at_least(0)] = 200
    """Scans that wait for one of these places; beyond it a scan fails at once."""
    deadline: Seconds = 30.0
    """Longest time that the files of one upload may take here together, the wait for a place included."""
    connect_timeout: Seconds = 2.0
    """Longest wait for a connection, and for the answer to a ping."""
    failures: Annotated[int, at_least(1), at_most(1000)] = 3
    """Failures in a row after which the engine counts as down, and is asked nothing but whether it works again."""
    pause: Seconds = 5.0
    """How long an engine that is down is left alone before it is proven again."""
    ping_every: Seconds = 10.0
    """How often a working engine is asked whether it is there, and by which signatures; others are proven at once."""
    prove_every: Seconds = 300.0
    """How often a working engine is sent the EICAR test file and a clean one, to see that it tells them apart."""
    cache: Annotated[int, at_least(0), at_most(10_000_000)] = 0
    """Verdicts kept by SHA-256 and version of the signatures; 0: none."""
    transfer: Annotated[Literal["auto", "stream", "descriptor"], Lowered] = "auto"
    """How clamd gets a file: as a stream, or as a descriptor through its socket; auto: the latter where it works."""
    method: Annotated[Literal["auto", "respmod", "reqmod"], Lowered] = "auto"
    """How an ICAP service is asked; auto: as it offers, RESPMOD first."""


class Scanning(Settings):
    """Which scanners see the files, and what holds where they do not."""

    use: tuple[ScannerName, ...] = ()
    """Names of `scanners`; each file is clean only if all of them say so."""
    run: Annotated[Literal["in_order", "side_by_side"], Lowered] = "side_by_side"
    """in_order: each is asked only if those before it found nothing. side_by_side: all at once."""
    on_not_examined: Annotated[Literal["refuse", "forward"], Lowered] = "refuse"
    """A file that a scanner cannot look into: too large, encrypted, nested too deep. forward: count it, let it in."""
    on_down: Annotated[Literal["refuse", "forward"], Lowered] = "refuse"
    """A scanner that is down, late or overrun: refuse with 503, or forward what nobody has scanned, and count it."""


class Quarantine(Settings):
    """Files of refused uploads, kept so that nothing is lost when a refusal was wrong."""

    directory: FileOrNone = ""
    """Where they are kept, readable by nobody else; empty: nothing is kept."""
    max_bytes: Size = 256 * MiB
    """All files together, with their manifests; the oldest go first."""
    max_files: Annotated[int, at_least(1), at_most(100_000)] = 1000
    """How many; the oldest go first."""
    max_age: Seconds = 7 * 86400.0
    """How long each is kept."""
