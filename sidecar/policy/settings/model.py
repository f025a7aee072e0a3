"""The configuration as frozen values: every setting, its default and one line of why."""

from typing import Annotated, Final

from sidecar.policy.settings.audit import Audit
from sidecar.policy.settings.base import FileOrNone, Mode, Settings
from sidecar.policy.settings.bounds import MOST_BOUNDS, BoundText
from sidecar.policy.settings.callers import Forwarded, Receipt
from sidecar.policy.settings.isolation import Isolation
from sidecar.policy.settings.refusals import Refusals
from sidecar.policy.settings.rollout import Percent, Rollout
from sidecar.policy.settings.scanners import Quarantine, Scanner, ScannerName, Scanning
from sidecar.policy.settings.transport import Admin, Client, Drain, Log, Overload, Spool, Tls, Upstream
from sidecar.policy.settings.uploads import Files, Policy, Route
from sidecar.policy.values.addresses import ListenAddress
from sidecar.policy.values.kinds import at_least, at_most, before, entries, form
from sidecar.policy.values.words import NAME, Switch

__all__ = [
    "MOST_WORKERS", "Admin", "Audit", "Change", "Client", "Config", "Drain", "Files", "Isolation", "Log", "Mode",
    "Overload", "Policy", "Quarantine", "Route", "Scanner", "Scanning", "Settings", "Spool", "Tls", "Upstream",
]  # fmt: skip


def _empty_mapping(value: object) -> object:
    return {} if value is None else value


def _empty_list(value: object) -> object:
    return () if value is None else value


MOST_WORKERS: Final = 64


class Change(Settings):
    """Who changed what, why, and the way back."""

    owner: str = ""
    """Who answers for this configuration."""
    reason: str = ""
    """Why it was changed last."""
    expected: str = ""
    """What the change should do to the figures."""
    bounds: Annotated[tuple[BoundText, ...], entries(MOST_BOUNDS), before(_empty_list)] = ()
    """What is expected, for `compare`, which fails where one is missed: `refused_ratio < 0.5%`, `p99 < +50ms`."""
    rollback: str = "set mode to off; takes effect within 1.5 seconds, no restart"
    """How to undo it."""


PolicyName = Annotated[str, NAME]
Annotation = Annotated[
    str,
    form(
        r"^[^\s=]{1,320}$",
        "the name of an annotation, such as upload-sidecar/mode, without spaces and =, at most 320 characters",
    ),
]


class Config(Settings):
    """One configuration file."""

    change: Change = Change()
    """Who changed what, why, and the way back."""
    mode: Annotated[Mode, Switch] = Mode.MONITOR
    """off: forward unchanged. monitor: inspect, count, forward. enforce: refuse what is bad."""
    enforce_percent: Percent = 100
    """Share of the clients to which `enforce` applies, 0 to 100; for the others it is monitor."""
    rollout: Rollout = Rollout()
    """Which clients are in the share where `enforce_percent` is below 100."""
    mode_file: FileOrNone = ""
    """A small file that can lower the mode at once: one word, or the lines of a downward-API volume; empty: none."""
    mode_file_key: Annotation = "upload-sidecar/mode"
    """The annotation that holds the mode, where `mode_file` has lines of key="value"."""
    listen: ListenAddress = "127.0.0.1:8080"
    """Where clients connect: host:port, or unix:///path of a socket."""
    tls: Tls = Tls()
    """TLS for clients; the files are read again when they change."""
    workers: Annotated[int, at_least(1), at_most(MOST_WORKERS)] = 1
    """Processes that share the address; they divide the limits of `spool` and `overload` between them."""
    admin: Admin = Admin()
    """The port for operators; not for the public."""
    upstream: Upstream = Upstream()
    """The service that stands behind."""
    client: Client = Client()
    """Patience with those who send."""
    forwarded: Forwarded = Forwarded()
    """Who is calling, as the service is told it."""
    refusals: Refusals = Refusals()
    """How clients are told that the sidecar refuses a request."""
    receipt: Receipt = Receipt()
    """What the service is told of an upload that was inspected before it."""
    spool: Spool = Spool()
    """Where held uploads wait for their verdict."""
    isolation: Isolation = Isolation()
    """The processes in which files are examined whole."""
    overload: Overload = Overload()
    """What is taken on at once; beyond it 503 with Retry-After."""
    drain: Drain = Drain()
    """How an instance ends after SIGTERM, or when it is asked to drain."""
    log: Log = Log()
    """What the log tells."""
    audit: Audit = Audit()
    """One line for every upload, from which a policy can be judged later; off by default."""
    scanners: Annotated[dict[ScannerName, Scanner], before(_empty_mapping)] = {}  # noqa: RUF012 - nobody changes it
    """Engines that look for malware, by name; policies say which of them they use."""
    quarantine: Quarantine = Quarantine()
    """Files of refused uploads, kept so that nothing is lost when a refusal was wrong."""
    policies: Annotated[dict[PolicyName, Policy], before(_empty_mapping)] = {"default": Policy()}  # noqa: RUF012 - nobody changes it
    """What uploads may be, by name. `default` is for every upload that no route names, and the others build on it."""
    routes: Annotated[tuple[Route, ...], before(_empty_list)] = ()
    """Which requests another policy or mode is for. The longest path that fits wins."""
