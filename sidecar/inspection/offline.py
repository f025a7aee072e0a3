"""The verdict on one file that did not come over the wire, the same as in a form that holds only this file."""

from collections.abc import Callable, Iterable

from sidecar.inspection.checks.metadata_removal import not_removed
from sidecar.inspection.examined import Examined
from sidecar.inspection.file import File, Stripped
from sidecar.inspection.finding import Finding
from sidecar.inspection.inspector import Inspector
from sidecar.inspection.verdict import Verdict
from sidecar.multipart.events import BodyEnd, Part, PartBegin, PartData, PartEnd
from sidecar.policy.settings.model import Policy


def judge_file(
    name: bytes,
    declared_type: bytes | None,
    chunks: Iterable[bytes],
    policy: Policy,
    identify: Callable[[bytes], str],
    examine: Callable[[File, bytes], Examined] | None = None,
    scan: Callable[[File, bytes], Iterable[Finding]] | None = None,
) -> Verdict:
    """Inspect one file to its end; all findings, not only the first.

    Args:
        name: its base name, as bytes of UTF-8.
        declared_type: what a client would declare; None for nothing.
        chunks: its bytes, read only as long as wanted.
        policy: what is allowed.
        identify: content type by the first bytes (`libmagic.Identifier()`).
        examine: examines the file whole, if a check wants that (`Examination.examine`, or workers that call it);
            without it only names and heads are judged.
        scan: asks the scanners that the policy names.
    """
    kept: list[bytes | memoryview] = []
    keep = None if examine is None else lambda _, data: kept.append(data)
    inspector = Inspector(policy, identify, stop_at_first=False, keep=keep)
    part = Part(0, b"file", name, declared_type)
    inspector.receive(PartBegin(part))
    size = 0
    for chunk in chunks:
        size += len(chunk)
        inspector.receive(PartData(chunk))
        inspector.look()
    inspector.receive(PartEnd(part, size))
    inspector.look()
    inspector.receive(BodyEnd(1))
    file = next(iter(inspector.files), None)
    if examine is not None and file is not None:
        data = b"".join(kept)
        found = _examined(file, data, examine) if file.wanted_by else ()
        for finding in (*found, *(scan(file, data) if scan is not None else ())):
            inspector.receive(finding)
    return inspector.verdict()


def _examined(file: File, data: bytes, examine: Callable[[File, bytes], Examined]) -> tuple[Finding, ...]:
    """What was found; what is left of an image without its metadata is noted in the file."""
    examined = examine(file, data)
    rewrite = examined.rewrite
    if rewrite is not None and rewrite.pieces != ((0, len(data)),) and rewrite.fits(len(data)):
        file.stripped = Stripped(rewrite.size, rewrite.sha256(lambda size, at: data[at : at + size]))
    return (*examined.findings, *(() if examined.findings else not_removed(file, rewrite)))
