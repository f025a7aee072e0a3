"""The contract of a check."""

from collections.abc import Iterable
from typing import ClassVar

from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding
from sidecar.inspection.reason import Reason
from sidecar.inspection.whole import Whole
from sidecar.multipart.events import Part
from sidecar.policy.settings.model import Policy, Settings

Findings = Iterable[Finding]


class Check:
    """Looks at the parts of one upload; made anew for each if it has an `__init__`, and may keep something then.

    A new check is one file in `inspection/checks/` that holds a subclass, its reasons and its settings. It keeps O(1)
    bytes and never raises on input. `begin`, `feed` and `end` run on the event loop and take microseconds; `look` runs
    on a thread and may take milliseconds; `examine` runs in an isolated process, for whatever decodes a hostile format
    beyond a few header bytes.
    """

    name: ClassVar[str]
    """How the configuration calls it, under `checks:`."""
    reasons: ClassVar[tuple[Reason, ...]]
    """Every Reason that it can give."""
    settings_type: ClassVar[type[Settings]] = Settings
    """Its settings; a check without any keeps this one."""
    inside: ClassVar[bool] = True
    """Whether it judges files found inside others, too; False for what is about the upload alone."""
    files_only: ClassVar[bool] = False
    """Whether it has nothing to say of fields and empty file inputs: then it is not asked about them."""
    begins: ClassVar[bytes] = b""
    """Each byte that a file which it wants can begin with, empty for any: it is not asked about others."""
    parts: ClassVar[bool] = False
    """Whether `begin` and `feed` are asked about the parts of documents that are ZIPs, too, which are no files."""
    quick: ClassVar[bool] = False
    """Whether `examine` takes milliseconds of an honest file of 128 KiB and half a second of any: then several small
    files go to a worker together."""

    recorded: ClassVar[tuple[Reason, ...]] = ()
    """Those of its reasons that `begin`, `look` and `end` give by names, sizes, types and digests alone, without the
    bytes: a line of the audit log is enough to judge these again."""

    def __init__(self, settings: Settings, policy: Policy) -> None:
        self.settings = settings
        self.policy = policy

    @classmethod
    def is_idle(cls, settings: Settings) -> bool:  # noqa: ARG003 - as ARG002
        """Whether it finds nothing with these settings, so that it need not be asked."""
        return False

    def begin(self, part: Part) -> Findings:
        """A part has begun."""
        return ()

    def feed(self, part: Part, chunk: bytes | memoryview) -> Findings:
        """Some bytes of the part have arrived."""
        return ()

    def look(self, file: File) -> Findings:
        """The head of a file is complete (or the file is), and its content type is known."""
        return ()

    def wants(self, file: File) -> bool:
        """Whether this file must be examined whole; asked when its head was looked at."""
        return False

    def examine(self, file: File, whole: Whole) -> Findings:
        """See all of a file that it wanted; bounded in time and memory, and not called where the process dies first."""
        return ()

    def end(self, part: Part, size: int) -> Findings:
        """The part has ended, after `size` bytes."""
        return ()
