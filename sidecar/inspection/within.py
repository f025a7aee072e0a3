"""A file found within another: judged as if it had been uploaded, and examined where a check wants it whole."""

import re
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import TYPE_CHECKING, Final

from sidecar.inspection.check import Check
from sidecar.inspection.examined import Node
from sidecar.inspection.file import File
from sidecar.inspection.finding import Finding
from sidecar.inspection.inspector import Inspector
from sidecar.inspection.limits import in_words
from sidecar.inspection.unexamined import INSIDE_KEPT_TOO_LARGE
from sidecar.multipart.events import Part, PartBegin, PartData, PartEnd

if TYPE_CHECKING:
    from sidecar.inspection.examination import Examination

_NAMELESS: Final = b"-"


class Within:
    """One such file, while it is unpacked."""

    def __init__(self, examination: "Examination", holder: File, path: bytes, nodes: tuple[Node, ...]) -> None:
        """Nothing of it is read yet.

        Args:
            examination: what it is a part of.
            holder: the file that holds it.
            path: where it stands there; its last segment is judged as a name, and all of it as a path.
            nodes: its own in the tree, behind those of the files that hold it.
        """
        self._part = part_within(holder, path)
        self._holder = holder
        self._examination = examination
        self._nodes = nodes
        self._kept = BytesIO()  # no list of pieces: joining them takes their memory twice
        self._kept_size = 0
        self._inspector = self._inspecting()

    def _inspecting(self) -> Inspector:
        examination = self._examination
        return Inspector(
            examination.policy, examination.identify, stop_at_first=False, checks=examination.checks, keep=self._keep,
            within=True,
        )  # fmt: skip

    def judge(self, chunks: Iterable[bytes]) -> None:
        """Read it to its end, or to the end of a budget."""
        if not self._read(chunks):
            return
        file = self._concluded(self._inspector)
        self._tell(file)
        if file.wanted_by and not self._examination.stopped:
            self._examine(file)

    def judge_names(self, paths: Iterable[bytes]) -> None:
        """Other paths that some reader could take for its own, as names: what is in it was judged already."""
        for path in paths:
            inspector = self._inspecting()
            inspector.receive(PartBegin(part_within(self._holder, path)))
            self._concluded(inspector)

    def _concluded(self, inspector: Inspector) -> File:
        """Note what it found."""
        verdict, file = inspector.verdict(), inspector.files[0]
        for failure in inspector.failures:
            self._examination.failed("a file within", failure)
        for finding in verdict.findings:
            self._examination.note(finding, file, self._nodes)
        return file

    def _read(self, chunks: Iterable[bytes]) -> bool:
        inspector, size = self._inspector, 0
        inspector.receive(PartBegin(self._part))
        for chunk in chunks:
            size += len(chunk)
            if (finding := self._examination.count(len(chunk), size)) is not None:
                self._examination.exhaust(finding, inspector.files[0], self._nodes)
                return False
            inspector.receive(PartData(chunk))
            if inspector.wants_look:
                inspector.look()
        inspector.receive(PartEnd(self._part, size))
        return True

    def _tell(self, file: File) -> None:
        node = self._nodes[-1]
        node.content_type, node.size, node.sha256 = file.content_type, file.size, file.sha256

    def _keep(self, _file: File, data: bytes | memoryview) -> None:
        self._kept_size += len(data)
        if self._kept_size <= self._examination.policy.inside.max_kept:
            self._kept.write(data)
        elif self._kept.tell():
            self._kept = BytesIO()

    def _examine(self, file: File) -> None:
        most = self._examination.policy.inside.max_kept
        if self._kept_size > most:
            finding = Finding(INSIDE_KEPT_TOO_LARGE, f"{file.size} bytes", f"at most {in_words(most)}")
            self._examination.note(finding, file, self._nodes)
            return
        kept, self._kept = self._kept.getvalue(), BytesIO()
        self._examination.run(file, kept, self._nodes)


def search(checks: Iterable[Check], part: Part, chunks: Iterable[bytes]) -> Iterator[Finding]:
    """What some checks find in a part of a document, while it is read to its end; each tells of it once."""
    asked = list(checks)
    for check in asked:
        yield from check.begin(part)
    for chunk in chunks:
        for check in tuple(asked):
            found = tuple(check.feed(part, chunk))
            yield from found
            if found:
                asked.remove(check)


def part_within(holder: File, path: bytes) -> Part:
    """As if it had been uploaded: the last segment is its name."""
    base = re.split(rb"[/\\]", path)[-1] or _NAMELESS
    return Part(holder.part.number, holder.part.name, base, None, None if base == path else path, path_goes_on=True)
