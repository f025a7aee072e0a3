"""Settings of uploads: what a policy allows, and which requests it is for."""

from typing import Annotated, Any, Literal

from sidecar.policy.settings.base import MiB, Mode, Settings
from sidecar.policy.settings.bodies import Bodies
from sidecar.policy.settings.presets import Preset
from sidecar.policy.settings.rollout import Percent
from sidecar.policy.settings.scanners import Scanning
from sidecar.policy.values.kinds import at_least, at_most, before
from sidecar.policy.values.media_range import MediaRange
from sidecar.policy.values.suffixes import DEFAULT_DENY_SUFFIXES
from sidecar.policy.values.units import Size
from sidecar.policy.values.words import Lowered, Method, RouteLabel, RoutePath, Suffix, Switch, switch


class Files(Settings):
    """Which files are let in."""

    types: tuple[MediaRange, ...] = ("*/*",)
    """Content types let in, judged by content: `image/png`, `image/*`, `*/*`."""
    deny_suffixes: tuple[Suffix, ...] = DEFAULT_DENY_SUFFIXES
    """Suffixes refused at the end of a name, those that servers run also within it (`a.php.jpg`); without the dot."""
    metadata: Annotated[Literal["keep", "strip"], Lowered] = "keep"
    """strip: JPEG, PNG, GIF and WebP go on without EXIF (the place among it) but for the orientation, XMP, comments and
    text, the same pixels byte for byte; other images are refused. Only with delivery: hold and body: canonical."""


class Inside(Settings):
    """How far files within files are followed: archives, attachments."""

    max_depth: Annotated[int, at_least(1), at_most(32)] = 6
    """Levels that are opened; what would have to be examined deeper within is not examined."""
    max_files: Annotated[int, at_least(1)] = 10_000
    """Files in all levels together."""
    max_file: Size = 256 * MiB
    """One file, unpacked; one that a check must see whole only up to `inside.max_kept`."""
    max_bytes: Size = 512 * MiB
    """All files of all levels together, unpacked."""
    max_kept: Size = 64 * MiB
    """One file, unpacked, that a check must see whole: the tar in a `.tar.gz`, text in a `.gz`, an image in a ZIP. It
    is kept in the memory of a worker, so `isolation.memory` must be three times as much. Larger ones are not
    examined."""


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

    preset: Preset = "none"
    """A policy made ready, over `default` and under what is said here: its types and, for media, its sizes."""
    max_body: Size = 64 * MiB
    """The whole request body."""
    max_parts: Annotated[int, at_least(1)] = 1000
    """Fields and files together."""
    max_files: Annotated[int, at_least(0)] = 10
    """Files."""
    max_file: Size = 32 * MiB
    """One file."""
    max_field: Size = 1 * MiB
    """One field that is not a file."""
    files: Files = Files()
    """Which files are let in."""
    inside: Inside = Inside()
    """How far files within files are followed: archives, attachments."""
    bodies: Bodies = Bodies()
    """Uploads that are not forms, on requests that a route names."""
    not_examined: Annotated[Literal["refuse", "forward"], Lowered] = "refuse"
    """What happens to an upload that a check could not examine."""
    checks: Annotated[Literal["off"] | dict[str, Any], before(_checks)] = {}  # noqa: RUF012 - nobody changes it
    """Per check: `off`, `on` or its settings. `checks: off` turns off all of them; grammar and limits stay. `on` for
    all of them turns on what `default` turns off and keeps its settings; empty says nothing."""
    scanners: Scanning = Scanning()
    """Which scanners see the files, and what holds where they do not."""


Delivery = Literal["hold", "stream"]
Body = Literal["canonical", "original"]


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
    enforce_percent: Percent | None = None
    """Its own share of clients to which `enforce` applies; the global one if absent."""
    delivery: Annotated[Delivery, Lowered] = "hold"
    """hold: nothing goes to the service before the verdict. stream: it gets the upload while it is inspected, but not
    its end before the verdict; only for services that discard incomplete requests."""
    body: Annotated[Body, Lowered] = "canonical"
    """canonical: the service gets the body that the sidecar wrote. original: byte for byte what the client sent, and
    whatever would need normalising is refused."""

    tunnels: Annotated[Literal["refuse", "pass"], Lowered] = "refuse"
    """WebSockets and other upgrades on these paths: refuse, or pass without any inspection."""

    @property
    def label(self) -> str:
        """How metrics and logs call this route."""
        return self.name or self.path
