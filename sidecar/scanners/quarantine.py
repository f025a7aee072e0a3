"""Files of refused uploads in a directory: each with a manifest, bounded in number, bytes and age, for nobody else."""

import contextlib
import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator
from dataclasses import dataclass
from errno import EIO
from pathlib import Path
from typing import Any, Final

from sidecar.isolation.copy import Range

_NAME: Final = re.compile(r"([0-9a-f]{32})\.(data|json)")
_CHUNK: Final = 1024 * 1024
_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_MODE: Final = 0o600
_STRANGERS: Final = 0o022
PRIVATE: Final = "a directory with mode 0700, such as a new one within it, which is made so"
_LARGEST_MANIFEST: Final = 1024 * 1024


class QuarantineError(Exception):
    """There is no such file, or it cannot be given out; the message says why and what was expected."""


@dataclass(slots=True)
class _Pair:
    """The two files of one id, as the directory has them."""

    size: int = 0
    """Bytes of both."""
    time: float = 0.0
    """Unix time of the manifest; 0 where there is none, as after a crash: it is the first to go."""


def open_to_others(directory: Path) -> str:
    """Why others could take files away, or have theirs released; empty where they cannot, or it is not there."""
    try:
        mode = directory.stat().st_mode & 0o7777
    except OSError:
        return ""
    return f"others than its owner may write there (mode {mode:04o})" if mode & _STRANGERS else ""


class Store:
    """One directory, which several processes may use; every call blocks on the disk."""

    def __init__(self, directory: Path, *, max_bytes: int, max_age: float, max_files: int) -> None:
        self._directory = directory
        self._max_bytes = max_bytes
        self._max_age = max_age
        self._max_files = max_files

    def keep(self, file: Range, about: dict[str, Any], now: float) -> str:
        """Keep a file, and let the oldest go; its id, empty where it is larger than all that may be kept.

        Args:
            file: its bytes.
            about: what the manifest tells besides.
            now: Unix time.

        Raises:
            OSError: such as ENOSPC; nothing is left behind.
        """
        number = secrets.token_hex(16)
        manifest = json.dumps({"id": number, "time": int(now), "size": file.size, **about}).encode("ascii")
        room = self._max_bytes - file.size - len(manifest)
        if room < 0:
            return ""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        with self._locked():
            self._prune(now, room, self._max_files - 1)
            try:
                _write(self._path(number, "data"), _read(file))
                _write(self._path(number, "json"), iter((manifest,)))
                os.utime(self._path(number, "json"), (now, now))
            except OSError:
                self._remove(number)
                raise
        return number

    def prune(self, now: float) -> None:
        """Remove what is too old.

        Raises:
            OSError: the directory cannot be read or written.
        """
        if self._directory.is_dir():
            with self._locked():
                self._prune(now, self._max_bytes, self._max_files)

    def entries(self) -> list[dict[str, Any]]:
        """All manifests, the oldest first; what is not ours, or broken, is left out.

        Raises:
            OSError: the directory cannot be read.
        """
        found = [self._manifest(number) for number in (self._pairs() if self._directory.exists() else ())]
        return sorted((each for each in found if each), key=lambda entry: (entry["time"], entry["id"]))

    def _manifest(self, number: str) -> dict[str, Any]:
        with contextlib.suppress(OSError, ValueError, TypeError, LookupError, OverflowError, RecursionError):
            with self._path(number, "json").open("rb") as file:
                manifest = json.loads(file.read(_LARGEST_MANIFEST))
            return {**manifest, "id": number, "time": int(manifest["time"]), "size": int(manifest["size"])}
        return {}

    def show(self, number: str) -> dict[str, Any]:
        """One manifest.

        Raises:
            QuarantineError: there is none.
        """
        found = self._manifest(number) if _NAME.fullmatch(f"{number}.json") else {}
        if not found:
            raise QuarantineError("there is no file with this id; expected one that `quarantine list` shows")
        return found

    def release(self, number: str, target: Path) -> int:
        """Copy a file out of it, to where nothing is yet; its size. The file stays until its time is up.

        Raises:
            QuarantineError: there is no such file, or the target exists.
            OSError: it cannot be read or written whole; nothing is left at the target.
        """
        size = int(self.show(number)["size"])
        with self._path(number, "data").open("rb") as file:
            try:
                _write(target, _read(Range(file.fileno(), 0, size)))
            except FileExistsError:
                raise QuarantineError("the target exists; expected a path where nothing is yet") from None
        return size

    def _pairs(self) -> dict[str, _Pair]:
        pairs: dict[str, _Pair] = {}
        with os.scandir(self._directory) as listing:
            for entry in listing:
                if match := _NAME.fullmatch(entry.name):
                    pair = pairs.setdefault(match[1], _Pair())
                    status = entry.stat(follow_symlinks=False)
                    pair.size += status.st_size
                    pair.time = status.st_mtime if match[2] == "json" else pair.time
        return pairs

    def _prune(self, now: float, room: int, most: int) -> None:
        pairs = sorted(self._pairs().items(), key=lambda item: item[1].time)
        used, number = sum(pair.size for _, pair in pairs), len(pairs)
        for each, pair in pairs:
            if used > room or number > most or pair.time < now - self._max_age:
                self._remove(each)
                used, number = used - pair.size, number - 1

    def _remove(self, number: str) -> None:
        self._path(number, "json").unlink(missing_ok=True)
        self._path(number, "data").unlink(missing_ok=True)

    def _path(self, number: str, suffix: str) -> Path:
        return self._directory / f"{number}.{suffix}"

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _read(file: Range) -> Iterator[bytes]:
    offset = 0
    while offset < file.size:
        data = os.pread(file.descriptor, min(_CHUNK, file.size - offset), file.start + offset)
        if not data:
            raise OSError(EIO, "the file is shorter than it should be")
        offset += len(data)
        yield data


def _write(target: Path, pieces: Iterator[bytes]) -> None:
    """A new file, whole or not at all."""
    descriptor = os.open(target, _FLAGS, _MODE)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.writelines(pieces)
    except OSError:
        target.unlink(missing_ok=True)
        raise
