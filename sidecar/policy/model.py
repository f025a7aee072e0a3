"""The configuration as frozen values: every setting, its default and one line of why."""

from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from sidecar.policy.addresses import ListenAddress, UpstreamUrl
from sidecar.policy.media_range import MediaRange
from sidecar.policy.suffixes import DEFAULT_DENY_SUFFIXES
from sidecar.policy.units import Seconds, SecondsOrZero, Size, SizeOrZero
from sidecar.policy.words import Lowered, Method, RouteLabel, RoutePath, Suffix, Switch, switch

MiB = 1024 * 1024


class Settings(BaseModel):
    """What all groups of settings share: unknown keys are errors, values never change."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, coerce_numbers_to_str=True, allow_inf_nan=False
    )

    @model_validator(mode="before")
    @classmethod
    def _empty_is_default(cls, data: object) -> object:
        """A group whose settings are all commented out reads as null: its defaults hold."""
        return {} if data is None else data


class Mode(StrEnum):
    """What happens to uploads."""

    OFF = "off"
    MONITOR = "monitor"
    ENFORCE = "enforce"


class Change(Settings):
    """Who changed what, why, and the way back."""

    owner: str = ""
    """Who answers for this configuration."""
    reason: str = ""
    """Why it was changed last."""
    expected: str = ""
    """What the change should do to the figures."""
    rollback: str = "set mode to off; takes effect within a second, no restart"
    """How to undo it."""


class Admin(Settings):
    """The port for operators; not for the public."""

    listen: ListenAddress = "127.0.0.1:9090"
    """Address of health, readiness and metrics: host:port, or unix:///path of a socket."""


class Client(Settings):
    """Patience with those who send."""

    head_timeout: Seconds = 15.0
    """Longest wait for a complete request head."""
    keep_alive: Seconds = 75.0
    """Longest idle time of a connection between requests."""
    idle_timeout: Seconds = 30.0
    """Longest silence in the middle of a body."""
    min_rate: SizeOrZero = 1024
    """Bytes per second that a body must keep up on average, after a grace of `idle_timeout`; 0: any pace."""
    max_duration: Seconds = 3600.0
    """Hard cap on the time one body may take, whatever its rate."""
    write_timeout: Seconds = 30.0
    """Longest time a client may take to accept some bytes of an answer."""


class Upstream(Settings):
    """The service that stands behind."""

    url: UpstreamUrl = "http://127.0.0.1:8000"
    """http://host:port, or unix:///path of a socket."""
    connect_timeout: Seconds = 5.0
    """Longest wait for a connection."""
    write_timeout: Seconds = 30.0
    """Longest time the service may take to accept some bytes."""
    answer_timeout: Seconds = 60.0
    """Longest wait for the head of the answer once the request is sent."""
    read_timeout: Seconds = 300.0
    """Longest silence in the middle of an answer."""


class Spool(Settings):
    """Where held uploads wait for their verdict."""

    memory: SizeOrZero = 1 * MiB
    """Bytes of one upload kept in memory before it moves to a file; 0: always a file."""
    directory: Annotated[str, Field(pattern=r"^/[^\x00-\x1f]*$")] = "/tmp"  # noqa: S108 - the files have no name (O_TMPFILE), so nobody can find or replace them
    """Where the unnamed files are made; a volume that survives nothing."""
    max_bytes: Size = 1024 * MiB
    """Bytes of all held uploads together; beyond it an upload is refused with 503."""


class Drain(Settings):
    """How an instance ends after SIGTERM."""

    accept_for: SecondsOrZero = 1.0
    """How long new connections are still accepted once readiness fails; 0: not at all."""
    timeout: Seconds = 60.0
    """Longest wait for what is under way; beyond it the rest is cut and the exit code is 3."""


class Log(Settings):
    """What the log tells."""

    level: Annotated[Literal["debug", "info", "warning", "error"], Lowered] = "info"
    """The least severe line that is written."""
    names: Annotated[Literal["off", "hash", "plain"], Switch] = "hash"
    """File names in the log: left out, as a digest, or as they are (escaped)."""


class Files(Settings):
    """Which files are let in."""

    types: tuple[MediaRange, ...] = ("*/*",)
    """Content types let in, judged by content: `image/png`, `image/*`, `*/*`."""
    deny_suffixes: tuple[Suffix, ...] = DEFAULT_DENY_SUFFIXES
    """Suffixes refused at the end of a name, those that servers run also within it (`a.php.jpg`); without the dot."""


def _checks(value: object) -> object:
    """`on` means every check with its own defaults, which is what an empty mapping says."""
    if isinstance(value, dict):
        return {name: switch(setting) for name, setting in value.items()}
    if switch(value) == "off":
        return "off"
    if value is None or switch(value) == "on":
        return {}
    raise ValueError("expected off, or a mapping of checks to off, on or their settings")


class Policy(Settings):
    """What one kind of upload may be."""

    max_body: Size = 64 * MiB
    """The whole request body."""
    max_parts: Annotated[int, Field(ge=1)] = 1000
    """Fields and files together."""
    max_files: Annotated[int, Field(ge=0)] = 10
    """Files."""
    max_file: Size = 32 * MiB
    """One file."""
    max_field: Size = 1 * MiB
    """One field that is not a file."""
    files: Files = Files()
    """Which files are let in."""
    not_examined: Annotated[Literal["refuse", "forward"], Lowered] = "refuse"
    """What happens to an upload that a check could not examine."""
    checks: Annotated[Literal["off"] | dict[str, Any], BeforeValidator(_checks)] = {}
    """Per check: `off`, `on` or its settings. `checks: off` turns off all of them; grammar and limits stay."""


class Route(Settings):
    """Which requests a policy is for."""

    path: RoutePath
    """Prefix of the path, matched at segment borders, in every way in which a service could read the path."""
    name: RouteLabel = ""
    """The label in metrics and logs; the path if empty."""
    methods: tuple[Method, ...] = ()
    """Only these methods; all if empty."""
    policy: str = "default"
    """Name of a policy."""
    mode: Annotated[Mode | None, Switch] = None
    """Its own mode; the global one if absent. A global `off` wins over it."""
    delivery: Literal["hold"] = "hold"
    """hold: nothing goes to the service before the verdict."""
    body: Literal["canonical"] = "canonical"
    """canonical: the service gets the body that the sidecar wrote."""

    @property
    def label(self) -> str:
        """How metrics and logs call this route."""
        return self.name or self.path


def _empty_mapping(value: object) -> object:
    return {} if value is None else value


def _empty_list(value: object) -> object:
    return () if value is None else value


PolicyName = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")]


class Config(Settings):
    """One configuration file."""

    change: Change = Change()
    """Who changed what, why, and the way back."""
    mode: Annotated[Mode, Switch] = Mode.MONITOR
    """off: forward unchanged. monitor: inspect, count, forward. enforce: refuse what is bad."""
    listen: ListenAddress = "127.0.0.1:8080"
    """Where clients connect: host:port, or unix:///path of a socket."""
    admin: Admin = Admin()
    """The port for operators; not for the public."""
    upstream: Upstream = Upstream()
    """The service that stands behind."""
    client: Client = Client()
    """Patience with those who send."""
    spool: Spool = Spool()
    """Where held uploads wait for their verdict."""
    drain: Drain = Drain()
    """How an instance ends after SIGTERM."""
    log: Log = Log()
    """What the log tells."""
    policies: Annotated[dict[PolicyName, Policy], BeforeValidator(_empty_mapping)] = {"default": Policy()}
    """What uploads may be, by name. `default` is for every upload that no route names, and the others build on it."""
    routes: Annotated[tuple[Route, ...], BeforeValidator(_empty_list)] = ()
    """Which requests another policy or mode is for. The longest path that fits wins."""
