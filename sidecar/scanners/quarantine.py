"""Files of refused uploads in a directory: each with a manifest, bounded in bytes and age, readable by nobody else."""

import contextlib
import fcntl
import json
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

_ID: Final = re.compile(r"[0-9a-f]{32}")
_CHUNK: Final = 1024 * 1024
_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
_MODE: Final = 0o600


class QuarantineError(Exception):
    """There is no such file, or it cannot be given out; the message says why and what was expected."""


class Store:
    """One directory, which several processes may use; every call blocks on the disk."""

    def __init__(self, directory: Path, *, max_bytes: int, max_age: float) -> None:
        self._directory = directory
        self._max_bytes = max_bytes
        self._max_age = max_age

    def keep(self, descriptor: int, size: int, about: dict[str, Any], now: float) -> str:
        """Keep a file, and let the oldest go; its id, empty where it is larger than all that may be kept.

        Args:
            descriptor: its bytes.
            size: how many.
            about: what the manifest tells besides.
            now: Unix time.

        Raises:
            OSError: such as ENOSPC; nothing is left behind.
        """
        if size > self._max_bytes:
            return ""
        self._directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        number = secrets.token_hex(16)
        with self._locked():
            self._prune(now, self._max_bytes - size)
            try:
                _copy(descriptor, size, self._data(number))
                manifest = {"id": number, "time": int(now), "size": size, **about}
                with os.fdopen(os.open(self._manifest(number), _FLAGS, _MODE), "w", encoding="utf-8") as file:
                    json.dump(manifest, file)
            except OSError:
                self._remove(number)
                raise
        return number

    def entries(self) -> list[dict[str, Any]]:
        """All manifests, the oldest first; what is not ours, or broken, is left out."""
        if not self._directory.is_dir():
            return []
        numbers = (path.stem for path in self._directory.glob("*.json") if _ID.fullmatch(path.stem))
        found = []
        for number in numbers:
            with contextlib.suppress(OSError, ValueError):
                manifest = json.loads(self._manifest(number).read_text("utf-8"))
                found.append({**manifest, "id": number, "time": int(manifest["time"]), "size": int(manifest["size"])})
        return sorted(found, key=lambda entry: (entry["time"], entry["id"]))

    def show(self, number: str) -> dict[str, Any]:
        """One manifest.

        Raises:
            QuarantineError: there is none.
        """
        found = [entry for entry in self.entries() if entry["id"] == number]
        if not found:
            raise QuarantineError("there is no file with this id; expected one that `quarantine list` shows")
        return found[0]

    def release(self, number: str, target: Path) -> int:
        """Copy a file out of it, to where nothing is yet; its size. The file stays until its time is up.

        Raises:
            QuarantineError: there is no such file, or the target exists.
            OSError: it cannot be read or written.
        """
        size = int(self.show(number)["size"])
        with self._data(number).open("rb") as file:
            try:
                _copy(file.fileno(), size, target)
            except FileExistsError:
                raise QuarantineError("the target exists; expected a path where nothing is yet") from None
        return size

    def _prune(self, now: float, room: int) -> None:
        entries = self.entries()
        used = sum(entry["size"] for entry in entries)
        for entry in entries:
            if used > room or entry["time"] < now - self._max_age:
                self._remove(entry["id"])
                used -= entry["size"]

    def _remove(self, number: str) -> None:
        self._manifest(number).unlink(missing_ok=True)
        self._data(number).unlink(missing_ok=True)

    def _data(self, number: str) -> Path:
        return self._directory / f"{number}.data"

    def _manifest(self, number: str) -> Path:
        return self._directory / f"{number}.json"

    @contextlib.contextmanager
    def _locked(self) -> Iterator[None]:
        descriptor = os.open(self._directory, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            yield
        finally:
            os.close(descriptor)


def _copy(descriptor: int, size: int, target: Path) -> None:
    with os.fdopen(os.open(target, _FLAGS, _MODE), "wb") as file:
        for offset in range(0, size, _CHUNK):
            file.write(os.pread(descriptor, min(_CHUNK, size - offset), offset))
