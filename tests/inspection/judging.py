"""Ways to ask the inspection one question at a time."""

from collections.abc import Iterable, Sequence

from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.check import Check
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding
from sidecar.inspection.inspector import Inspector
from sidecar.multipart.events import BodyEnd, Event, Part, PartBegin, PartData, PartEnd, SmallField
from sidecar.policy.loading.reading import read
from sidecar.policy.settings.model import Policy

PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"


def part_of(sent: bytes | str, declared: bytes | None = None, *, index: int = 0, name: bytes = b"f") -> Part:
    """A file part as the parser makes it: the base name goes on, the path is kept beside it."""
    raw = sent.encode() if isinstance(sent, str) else sent
    base = raw.replace(b"\\", b"/").rpartition(b"/")[2].rstrip(b". ") or raw
    return Part(index, name, base, declared, None if base == raw else raw)


def field(name: bytes = b"f", index: int = 0) -> Part:
    return Part(index, name, None, None)


def make(name: str, settings: dict[str, object] | None = None, policy: Policy | None = None) -> Check:
    """One check, with its defaults or the settings given."""
    check = all_checks()[name]
    return check(read(check.settings_type, settings or {}), policy or Policy())


def codes(findings: Iterable[Finding]) -> list[str]:
    return [finding.reason.code for finding in findings]


def on_name(check: Check, sent: bytes | str) -> list[str]:
    """What a check says of a name."""
    return codes(check.begin(part_of(sent)))


def on_content(check: Check, part: Part, content_type: str, head: bytes) -> list[Finding]:
    """What a check says of a head."""
    return list(check.look(File(part, head, content_type)))


def events(*parts: tuple[Part, bytes], cut: int = 0, at_once: bool = False) -> list[Event]:
    """A body of these parts, the data of each whole or in pieces of `cut` bytes; or every field told of at once."""
    said: list[Event] = []
    for part, data in parts:
        if at_once and not part.is_file:
            said.append(SmallField(part, data))
            continue
        said.append(PartBegin(part))
        said += [PartData(piece) for piece in pieces(data, cut)]
        said.append(PartEnd(part, len(data)))
    return [*said, BodyEnd(len(parts))]


def pieces(data: bytes, cut: int) -> Sequence[bytes]:
    if not cut:
        return [data] if data else []
    return [data[at : at + cut] for at in range(0, len(data), cut)]


def feed(inspector: Inspector, said: Iterable[Event], batch: int = 1) -> Inspector:
    """Give events as a caller does that gets `batch` of them with each chunk."""
    for count, event in enumerate(said, 1):
        inspector.receive(event)
        if count % batch == 0:
            inspector.look()
    inspector.look()
    return inspector
