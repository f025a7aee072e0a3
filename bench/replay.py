"""How long `replay` takes: makes an audit log as a running sidecar writes it, and judges it by another policy."""

import argparse
import random
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from sidecar.inspection.file import FileRecord
from sidecar.inspection.types.content import content_of
from sidecar.multipart.events import BodyEnd, Part, PartEnd
from sidecar.policy.routing.router import Router
from sidecar.policy.settings.audit import Audit
from sidecar.policy.settings.model import Config
from sidecar.telemetry.audit_line import line_of
from sidecar.telemetry.outcome import Outcome
from sidecar.telemetry.seen import Seen

KINDS = (
    ("jpg", "image/jpeg", b"\xff\xd8\xff\xe0"),
    ("png", "image/png", b"\x89PNG\r\n\x1a\n"),
    ("pdf", "application/pdf", b"%PDF-1.7"),
    ("txt", "text/plain", b"hello"),
    ("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document", b"PK\3\4\0"),
    ("html", "text/html", b"<!DOCTYPE html>"),
)
PLACES = ("/api/avatars", "/api/documents", "/forms/contact", "/files")
CONFIG = """\
mode: enforce
policies:
  default: {max_file: 5MiB}
  avatars: {max_file: 1MiB, files: {types: [image/png, image/jpeg]}}
  documents: {max_files: 2, files: {types: [application/pdf, text/plain], deny_suffixes: [html, docx]}}
routes:
  - {path: /api/avatars, policy: avatars}
  - {path: /api/documents, policy: documents}
"""


def lines(number: int, chance: random.Random):  # noqa: ANN201 - an iterator of bytes
    """Uploads of one to three files, each on a path of its own, recorded by the default policy in monitor."""
    router = Router(Config())
    for at in range(number):
        path = f"{chance.choice(PLACES)}/{chance.randrange(10**6)}".encode()
        seen = Seen(router.match("POST", path), path, None)
        receive = seen.before(lambda _: None)
        files = tuple(_file(chance) for _ in range(chance.choice((1, 1, 1, 2, 3))))
        receive(PartEnd(Part(0, b"title", None, None), chance.randrange(100)))
        for each in files:
            receive(PartEnd(Part(1, b"file", each.filename.encode(), None), each.size))
        receive(BodyEnd(len(files) + 1))
        outcome = Outcome(
            f"{chance.getrandbits(128):032x}", "default", "POST", "monitor", 200, upload=True, verdict="clean",
            action="forwarded", policy="default", files=files, parts=len(files) + 1, seen=seen,
            received=sum(each.size for each in files) + 400,
        )  # fmt: skip
        yield line_of(outcome, Audit(), b"k" * 32, 1_800_000_000 + at)


def _file(chance: random.Random) -> FileRecord:
    suffix, kind, head = chance.choice(KINDS)
    stem = "".join(chance.choices("abcdefghijkl mnoprstu.-0123", k=chance.randrange(3, 50)))
    size = int(chance.lognormvariate(11, 2)) + 1
    digest = f"{chance.getrandbits(256):064x}"
    return FileRecord("file", f"{stem}.{suffix}", kind, kind, size, digest, None, content_of(kind, head))


def main() -> None:
    """Make the file, replay it, tell both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lines", type=int, default=1_000_000, metavar="N")
    number = parser.parse_args().lines
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "new.yaml").write_text(CONFIG)
        began = time.process_time()
        with (folder / "audit.jsonl").open("wb") as file:
            file.writelines(lines(number, random.Random(7)))
        print(f"{number:,} lines of {(folder / 'audit.jsonl').stat().st_size / number:.0f} bytes made")
        print(
            f"made: {(time.process_time() - began) / number * 1e6:.0f} µs of processor a line, the making up included"
        )
        command = (sys.executable, "-m", "sidecar", "replay", "--config", "new.yaml", "audit.jsonl")
        began = time.monotonic()
        subprocess.run(command, cwd=folder, check=True)
        took, used = time.monotonic() - began, resource.getrusage(resource.RUSAGE_CHILDREN)
        cpu = used.ru_utime + used.ru_stime
        print(f"replay: {took:.1f} s, {cpu:.1f} s of processor, {used.ru_maxrss / 1024:.0f} MiB resident at most")


if __name__ == "__main__":
    main()
