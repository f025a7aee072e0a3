"""Settings of the audit log: one line for every upload, from which a policy can be judged later."""

from typing import Annotated, Literal

from sidecar.policy.settings.base import FileOrNone, MiB, Settings
from sidecar.policy.values.kinds import at_least, at_most
from sidecar.policy.values.units import Size
from sidecar.policy.values.words import Switch


class Audit(Settings):
    """One line of JSON for every upload, for `replay` and `suggest`."""

    file: FileOrNone = ""
    """File that the lines are appended to; empty: no audit log. All workers write to the one file."""
    max_size: Annotated[Size, at_least(MiB // 16)] = 32 * MiB
    """Bytes of the file; a line that would not fit makes it `FILE.1`, and that `FILE.2`."""
    keep: Annotated[int, at_least(0), at_most(1000)] = 7
    """Such older files that are kept beside it; those beyond are deleted."""
    names: Annotated[Literal["off", "hashed", "plain"], Switch] = "hashed"
    """File names besides their shape: left out, as a keyed digest, or as they are (escaped)."""
    key_file: FileOrNone = ""
    """File with the key of those digests, 16 to 4096 bytes; empty: a random one that ends with the process."""
    paths: Annotated[Literal["off", "plain"], Switch] = "plain"
    """Paths of the requests without their query: left out, or as they are; `replay` finds the routes by them."""
