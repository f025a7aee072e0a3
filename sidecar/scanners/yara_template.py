"""The process that holds compiled YARA rules, and forks one confined process for every file."""

import contextlib
import fcntl
import json
import os
import select
import signal
import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

from sidecar.isolation.copy import Range
from sidecar.isolation.limits import Limits, confine, die_first

MESSAGE: Final = 64 * 1024
MEMORY: Final = 256 * 1024 * 1024
"""Bytes that a scan may take beyond the file itself."""
SUFFIXES: Final = (".yar", ".yara")
_MOST_RULES: Final = 100
# The proof needs a rule that finds the test file; in two pieces, so that no scanner takes this file for one.
_EICAR: Final = r"X5O!P%@AP[4\\PZX54(P^)7CC)7}$EICAR-STANDARD" + "-ANTIVIRUS-TEST-FILE!$H+H*"
_OWN: Final = f'rule eicar_test_file {{ strings: $a = "{_EICAR}" condition: $a }}'


def rule_files(directory: Path) -> list[Path]:
    """The files of rules in a directory, in order; not those below it, and none that is hidden."""
    found = (path for path in directory.iterdir() if path.suffix in SUFFIXES and not path.name.startswith("."))
    return sorted(path for path in found if path.is_file())


def compiled(directory: Path) -> tuple[Any, int]:
    """The rules, and in how many files they stand.

    Raises:
        ValueError: they cannot be used; the message says why.
    """
    try:
        import yara_x  # noqa: PLC0415 - an extra
    except ImportError:
        raise ValueError("yara-x is not installed: pip install '.[yara]' in the checkout") from None
    compiler = yara_x.Compiler()
    compiler.new_namespace("sidecar")
    compiler.add_source(_OWN)
    files = []
    try:
        files = rule_files(directory)
        if not files:
            raise ValueError(f"no file in it ends in {' or '.join(SUFFIXES)}")
        for path in files:
            compiler.new_namespace(path.stem)
            compiler.add_source(path.read_text(), origin=path.name)
        return compiler.build(), len(files)
    except (OSError, UnicodeError, yara_x.CompileError) as error:
        raise ValueError(str(error)) from error


def serve(control: socket.socket, directory: Path) -> None:
    """Compile, tell how that went, then scan whatever comes until nobody asks any more."""
    try:
        rules, files = compiled(directory)
    except ValueError as error:
        _tell(control, {"broken": str(error)[:1000]})
        return
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those that end
    die_first()
    _tell(control, {"files": files})
    parent = os.getpid()
    while True:
        message, descriptors, _, _ = socket.recv_fds(control, MESSAGE, 2)
        if len(descriptors) != 2:  # noqa: PLR2004 - the file, and where the answer goes
            return
        if os.fork() == 0:
            with _ending():
                asked = json.loads(message)
                file = Range(descriptors[0], asked["start"], asked["size"])
                _scan(rules, file, asked["cpu"], parent, descriptors[1])
        for descriptor in descriptors:
            os.close(descriptor)


@contextlib.contextmanager
def _ending() -> Iterator[None]:
    """End this process, whatever happens."""
    try:
        yield
    finally:
        os._exit(1)


def _scan(rules: Any, file: Range, cpu: int, parent: int, answer: int) -> None:  # noqa: ANN401 - yara_x has no stubs
    _end_with(answer)
    confine(Limits(MEMORY + 2 * file.size, cpu), parent)
    pieces, at = [], 0
    while at < file.size and (piece := os.pread(file.descriptor, file.size - at, file.start + at)):
        pieces.append(piece)
        at += len(piece)
    found = [f"{rule.namespace}.{rule.identifier}" for rule in rules.scan(b"".join(pieces)).matching_rules]
    os.write(answer, json.dumps({"size": at, "rules": found[:_MOST_RULES]}).encode("ascii"))
    os._exit(0)


def _end_with(answer: int) -> None:
    """Have the kernel end this process when nobody waits for its answer any more (SIGIO, fcntl(2))."""
    fcntl.fcntl(answer, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(answer, fcntl.F_SETFL, fcntl.fcntl(answer, fcntl.F_GETFL) | os.O_ASYNC)
    waiting = select.poll()
    waiting.register(answer, 0)
    if waiting.poll(0):  # nobody did from the beginning
        os._exit(0)


def _tell(control: socket.socket, said: dict[str, Any]) -> None:
    control.send(json.dumps(said).encode("ascii"))


def main() -> None:
    """The program: the descriptor of its socket, the directory of rules, then the paths of modules."""
    serve(socket.socket(fileno=int(sys.argv[1])), Path(sys.argv[2]))
