"""Settings of what the service is told: who is calling, and what was found in an upload."""

from typing import Annotated, Literal

from sidecar.policy.settings.base import FileOrNone, Settings
from sidecar.policy.values.kinds import at_least, at_most
from sidecar.policy.values.words import Lowered, Switch

ForwardedField = Annotated[Literal["x-forwarded-for", "x-forwarded-proto", "x-forwarded-host", "forwarded"], Lowered]


class Forwarded(Settings):
    """Who is calling, as the service is told it."""

    fields: Annotated[Literal["keep", "append", "replace"], Lowered] = "keep"
    """X-Forwarded-* and Forwarded: keep what came; append this hop; or replace what no trusted hop wrote."""
    trusted_hops: Annotated[int, at_least(0), at_most(16)] = 0
    """Proxies before the sidecar whose word on the address of a client is believed; 0: nobody's."""
    write: tuple[ForwardedField, ...] = ("x-forwarded-for", "x-forwarded-proto", "x-forwarded-host")
    """Which of them are written where `fields` is append or replace."""
    trace: Annotated[Literal["pass", "begin", "restart"], Lowered] = "pass"
    """W3C traceparent: pass it on as it came; begin a trace where there is none; or restart every trace here."""


class Receipt(Settings):
    """What the service is told of an upload that was inspected before it."""

    send: Annotated[Literal["off", "on"], Switch] = "off"
    """Whether a held upload goes on with header fields that tell verdict, policy and files."""
    key_file: FileOrNone = ""
    """File with the key (16 to 4096 bytes) that signs them; empty: unsigned. Read again when it changes."""
    max_files: Annotated[int, at_least(0), at_most(100)] = 10
    """Files told of, one field each; the rest are only counted."""
