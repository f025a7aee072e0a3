"""Settings of the processes in which hostile formats are decoded."""

from typing import Annotated

from sidecar.policy.settings.base import MiB, Settings
from sidecar.policy.values.kinds import at_least, at_most
from sidecar.policy.values.units import Seconds, SecondsOrZero, Size


class Isolation(Settings):
    """The processes in which files are examined whole."""

    workers: Annotated[int, at_least(1), at_most(64)] = 2
    """Files that are examined at the same time; of 2 or more, one place is kept for quick files while any wait."""
    spare: Annotated[int, at_least(0), at_most(64)] = 1
    """Workers that wait, forked and limited, for the next file; 0: nothing is started before the first file."""
    idle: SecondsOrZero = 300.0
    """Time without a file to examine after which the waiting workers end and give their memory back; the next such
    file starts them again while it arrives. 0: never."""
    memory: Size = 256 * MiB
    """What one worker may allocate: at least three times `inside.max_kept` of every policy."""
    files: Annotated[int, at_least(1), at_most(10_000)] = 200
    """Files that a worker examines before another takes its place; 1: no worker sees more than one. One that died, or
    that a file kept busy, never sees another."""
    cpu: Annotated[int, at_least(1), at_most(3600)] = 10
    """Seconds of computing for one file."""
    time: Seconds = 20.0
    """Longest time for one file, however busy the machine is."""
    patience: Seconds = 10.0
    """Longest wait for a free worker; beyond it the file is not examined."""
    max_file: Size = 256 * MiB
    """Larger files are not examined; where that refuses an upload, it is refused as soon as a file grows past it."""
