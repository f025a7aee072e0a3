"""Settings of sockets, time and room: what holds for all requests."""

from typing import Annotated, Literal

from sidecar.policy.settings.base import FileOrNone, MiB, Settings
from sidecar.policy.values.addresses import ListenAddress, UpstreamUrl
from sidecar.policy.values.kinds import at_least, at_most, before, form
from sidecar.policy.values.units import Seconds, SecondsOrZero, Size, SizeOrZero
from sidecar.policy.values.words import Lowered, Switch, switch

CallsField = Annotated[
    str,
    form(
        r"^([A-Za-z0-9-]{1,64}|[Ss][Ee][Rr][Vv][Ee][Rr]-[Tt][Ii][Mm][Ii][Nn][Gg];[A-Za-z0-9_.-]{1,64})?$",
        "the name of a field, such as X-DB-Calls, or server-timing;NAME, or nothing",
    ),
]
HostOrNone = Annotated[
    str, form(r"^([A-Za-z0-9._:-]{1,253})?$", "the name of a host, such as app.example.com, or nothing")
]
Directory = Annotated[str, form(r"^/[^\x00-\x1f]*$", "an absolute path such as /var/spool/sidecar")]


class Admin(Settings):
    """The port for operators; not for the public."""

    listen: ListenAddress = "127.0.0.1:9090"
    """Address of health, readiness and metrics: host:port, or unix:///path of a socket."""


class Tls(Settings):
    """TLS for clients; the files are read again when they change."""

    certificate: FileOrNone = ""
    """File with the certificate and those between it and the root (PEM); empty: no TLS."""
    key: FileOrNone = ""
    """File with the certificate's private key (PEM, without a passphrase)."""
    client_ca: FileOrNone = ""
    """File of the authorities (PEM) one of which must vouch for every client; empty: clients show no certificate."""


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
    """Longest time a client may take to accept some bytes of an answer; `min_rate` holds for answers too."""
    linger_timeout: SecondsOrZero = 10.0
    """How long a refused body is still read and thrown away, so that its sender reads the refusal; 0: not at all."""
    linger_bytes: SizeOrZero = 512 * MiB
    """How much of a refused body is still read and thrown away."""
    max_line: Annotated[int, at_least(256), at_most(65_536)] = 8190
    """Bytes of the request target, and of one header field; beyond it 414 or 431."""
    max_fields: Annotated[int, at_least(8), at_most(1000)] = 128
    """Header fields of one request; beyond it 431."""
    max_head: Annotated[Size, at_least(1024), at_most(1 * MiB)] = 64 * 1024
    """Bytes of a whole request head; beyond it 431. Unfinished heads take two to three times as much memory."""
    underscores: Annotated[Literal["refuse", "drop", "keep"], Lowered] = "keep"
    """What happens to fields with _ in their name; one that imitates a field which rules the message is refused."""


class Upstream(Settings):
    """The service that stands behind."""

    url: UpstreamUrl = "http://127.0.0.1:8000"
    """http://host:port, https://host:port, or unix:///path of a socket."""
    ca: FileOrNone = ""
    """File of the authorities (PEM) that may vouch for an https service; those of the system if empty."""
    server_name: HostOrNone = ""
    """Name that an https service's certificate must have; the host of `url` if empty."""
    retries: Annotated[int, at_least(0), at_most(10)] = 2
    """Further attempts where the service cannot have acted on the first; 0: none, and no connection is used twice."""
    reuse: Annotated[Literal["reads", "all"], Lowered] = "all"
    """Which requests may go on a connection that served a moment ago. all: every request; one that cannot be sent
    twice only where the connection was idle for under a second, and for a minute on none after the service has closed
    one that soon. reads: GET, HEAD and OPTIONS alone, which can be sent again; each upload then costs a connection of
    its own."""
    connect_timeout: Seconds = 5.0
    """Longest wait for a connection."""
    write_timeout: Seconds = 30.0
    """Longest time the service may take to accept some bytes."""
    answer_timeout: Seconds = 60.0
    """Longest wait for the head of the answer once the request is sent; up to 100 interim answers (102, 103) begin it
    anew."""
    read_timeout: Seconds = 300.0
    """Longest silence in the middle of an answer."""
    db_calls: CallsField = ""
    """Field of an answer that tells how many calls of the database it cost: a name such as X-DB-Calls, whose value is
    the number, or server-timing;NAME, whose entries of that name tell it; empty: it is not measured."""
    tunnel_idle: Seconds = 3600.0
    """Longest silence, in both directions, of a WebSocket or another tunnel."""


class Spool(Settings):
    """Where held uploads wait for their verdict."""

    memory: SizeOrZero = 1 * MiB
    """Bytes of one upload kept in memory before it moves to a file; 0: always a file."""
    directory: Directory = "/tmp"  # noqa: S108 - the files have no name (O_TMPFILE), so nobody can find or replace them
    """Where the unnamed files are made; a volume that survives nothing."""
    max_memory: Size = 128 * MiB
    """Bytes of all held uploads together that are kept in memory; beyond it each moves to its file earlier."""
    max_bytes: Size = 1024 * MiB
    """Bytes of all held uploads together; beyond it an upload is refused with 503."""


class Overload(Settings):
    """What is taken on at once; beyond it 503 with Retry-After."""

    max_connections: Annotated[int, at_least(1)] = 12_000
    """Connections of clients, idle ones too; those beyond are answered and closed."""
    max_uploads: Annotated[int, at_least(1)] = 4000
    """Uploads under inspection; those beyond are refused, or in mode monitor forwarded without a look."""
    retry_after: Seconds = 5.0
    """What Retry-After tells a client that was turned away."""


def _listen_or_off(value: object) -> object:
    return None if switch(value) == "off" else value


class Drain(Settings):
    """How an instance ends after SIGTERM, or when it is asked to drain."""

    accept_for: SecondsOrZero = 1.0
    """How long new connections are still accepted once readiness fails; 0: not at all."""
    timeout: Seconds = 60.0
    """Longest wait for what is under way; beyond it the rest is cut and the exit code is 3."""
    listen: Annotated[ListenAddress | None, before(_listen_or_off)] = None
    """Address at which `GET /drain` drains and answers when nothing is under way: for a preStop hook; off: none."""
    lease: Seconds = 120.0
    """How long a drain that was asked for holds; an instance that lives on then serves as before."""


class Log(Settings):
    """What the log tells."""

    level: Annotated[Literal["debug", "info", "warning", "error"], Lowered] = "info"
    """The least severe line that is written."""
    names: Annotated[Literal["off", "hash", "plain"], Switch] = "hash"
    """File names in the log: left out, as a digest, or as they are (escaped)."""
    client: Annotated[Literal["off", "hash", "plain"], Switch] = "off"
    """Address of the client in the log: left out, as a digest that holds until a restart, or as it is."""
