"""Settings of sockets, time and room: what holds for all requests."""

from typing import Annotated, Literal

from pydantic import Field

from sidecar.policy.addresses import ListenAddress, UpstreamUrl
from sidecar.policy.settings import MiB, Settings
from sidecar.policy.units import Seconds, SecondsOrZero, Size, SizeOrZero
from sidecar.policy.words import Lowered, Switch


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
