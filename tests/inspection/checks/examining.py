"""Ways to ask a check about a whole file."""

from sidecar.inspection.file import File
from sidecar.inspection.types.content import HEAD_SIZE
from sidecar.inspection.whole import Whole
from tests.inspection.judging import codes, make, part_of


def judged(
    name: str, content_type: str, data: bytes, settings: dict[str, object] | None = None, called: str = "a"
) -> list:
    """What a check finds when it looks at a file, and then examines it if it wants to."""
    check = make(name, settings)
    file = File(part_of(called), data[:HEAD_SIZE], content_type, size=len(data))
    found, wanted = list(check.look(file)), check.wants(file)
    file.head = b""
    return found + (list(check.examine(file, Whole(data))) if wanted else [])


def found(
    name: str, content_type: str, data: bytes, settings: dict[str, object] | None = None, called: str = "a"
) -> list[str]:
    """The codes of what it finds, each once."""
    return sorted(set(codes(judged(name, content_type, data, settings, called))))


def judged_pdf(data, settings=None, inside=None):
    check = make("pdf", settings)
    whole = Whole(data) if inside is None else Whole(data, inside)
    return codes(check.examine(File(part_of("a.pdf"), data[:4096], "application/pdf"), whole))
