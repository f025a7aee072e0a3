"""Images and containers, made by buildah and podman in a store of their own, without a registry."""

import contextlib
import fcntl
import json
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deploy.image_base import write_base

ROOT = Path(__file__).parents[2]
PROGRAMS = ("buildah", "podman", "runc")
PROCESSES = 3
ANY_PORTS = {
    "SIDECAR_LISTEN": "127.0.0.1:0",
    "SIDECAR_ADMIN__LISTEN": "127.0.0.1:0",
    "SIDECAR_DRAIN__LISTEN": "off",
}
BASE, IMAGE = "localhost/base", "localhost/upload-sidecar"
LOCKED_DOWN = (
    "--read-only", "--cap-drop=ALL", "--security-opt=no-new-privileges", "--network=host", "--no-healthcheck",
    "--tmpfs=/tmp:rw,noexec,nosuid,nodev", "--volume=/dev/null:/bin/sh:ro", "--ulimit=nofile=4096:4096",
    "--ulimit=nproc=1000:1000",
)  # fmt: skip
"""As a cluster would run it, and without a shell. Limits of its own, as those of this machine may not be raised."""


class Store:
    """Where the images are."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._places = (f"--root={directory}/root", f"--runroot={directory}/run")

    def buildah(self, *arguments: str) -> str:
        return _told("buildah", *self._places, *arguments)

    def podman(self, *arguments: str) -> str:
        runc = shutil.which("runc") or ""
        return _told("podman", *self._places, f"--runtime={runc}", "--cgroup-manager=cgroupfs", *arguments)

    def size(self, image: str) -> int:
        return json.loads(self.podman("image", "inspect", image))[0]["Size"]

    def close(self) -> None:
        with contextlib.suppress(Impossible):
            self.podman("rm", "--all", "--force", "--time=0")
        with contextlib.suppress(Impossible):
            self.podman("rmi", "--all", "--force")
        shutil.rmtree(self.directory, ignore_errors=True)


class Impossible(Exception):  # noqa: N818 - it is no error of ours
    """A program has failed; its last words."""


def _told(*command: str) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=240)
    if done.returncode:
        raise Impossible(f"{Path(command[0]).name} {command[3:]}: {done.stderr.strip()[-2000:]}")
    return done.stdout.strip()


def _wheels(directory: Path) -> None:
    """Every package that the lock files name, fetched as this machine fetches packages."""
    for lock in ("requirements.lock", "deploy/image/build.lock"):
        _told(
            sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps",
            "--only-binary=:all:", "--require-hashes", f"--dest={directory}", f"--requirement={ROOT / lock}",
        )  # fmt: skip


@contextlib.contextmanager
def shared(directory: Path) -> Iterator[Store]:
    """A store with the image in it, built once for all processes that run tests at the same time."""
    directory.mkdir(exist_ok=True)
    users = directory / "users"
    with _alone(directory):
        number = int(users.read_text()) if users.exists() else 0
        store = Store(directory) if number else _made(directory)
        if not number:
            build(store)
        users.write_text(str(number + 1))
    try:
        yield store
    finally:
        with _alone(directory):
            left = int(users.read_text()) - 1
            users.write_text(str(left))
            if not left:
                store.close()


@contextlib.contextmanager
def _alone(directory: Path) -> Iterator[None]:
    """Nobody else at the same time; beside the directory, which may go away."""
    with directory.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        directory.mkdir(exist_ok=True)
        yield


def _made(directory: Path) -> Store:
    """A store with a base in it; skips where that cannot be."""
    if missing := [name for name in PROGRAMS if shutil.which(name) is None]:
        pytest.skip(f"{' and '.join(missing)} missing: apt-get install {' '.join(PROGRAMS)}")
    if os.geteuid() != 0:
        pytest.skip("only root can build with --isolation=chroot")
    store = Store(directory)
    try:
        write_base(directory / "base.tar")
        store.podman("import", f"{directory}/base.tar", BASE)
        container = store.buildah("from", "--pull-never", BASE)
        store.buildah("run", "--isolation=chroot", container, "--", "/usr/bin/python3", "-c", "")
        store.buildah("rm", container)
    except Impossible as why:
        store.close()
        pytest.skip(f"buildah cannot work on this machine: {why}")
    return store


def build(store: Store) -> None:
    """The image, from the Dockerfile as it stands."""
    packages = store.directory / "packages"
    try:
        _wheels(packages)
    except Impossible as why:
        pytest.skip(f"the packages of the lock file cannot be had here: {why}")
    settings = store.directory / "pip.conf"
    settings.write_text("[global]\nno-index = true\nfind-links = /packages\n")
    store.buildah(
        "bud", "--format=docker", "--pull=never", "--isolation=chroot", f"--secret=id=pip,src={settings}",
        f"--volume={packages}:/packages:ro", f"--build-arg=BASE={BASE}", f"--tag={IMAGE}", str(ROOT),
    )  # fmt: skip


class Container:
    """One that runs."""

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self.name = name

    def run(self, *command: str, **environ: str) -> str:
        """A command in it; what it wrote."""
        flags = [f"--env={name}={value}" for name, value in environ.items()]
        return self._store.podman("exec", *flags, self.name, *command)

    @property
    def pid(self) -> int:
        return int(self._store.podman("inspect", "--format={{.State.Pid}}", self.name))

    def status(self) -> dict[str, str]:
        """What the kernel says of its process."""
        lines = Path(f"/proc/{self.pid}/status").read_text().splitlines()
        return dict(line.split(":", 1) for line in lines if ":" in line)

    def pids(self) -> list[int]:
        """Its processes: the sidecar, the template of its workers, and a worker that waits."""
        pids = [self.pid]
        for pid in pids:  # grows as it is walked
            with contextlib.suppress(OSError):  # it has ended meanwhile
                pids += map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())
        return pids

    def memory(self, processes: int = PROCESSES) -> int:
        """Bytes that so many processes of it take together at rest, where pages that they share count once (PSS)."""
        before: list[int] = []
        end = time.monotonic() + 30
        while time.monotonic() < end:
            pids = self.pids()
            if len(pids) == processes and pids == before:  # the template tries its filter in one that ends at once
                told = [Path(f"/proc/{pid}/smaps_rollup").read_text() for pid in pids]
                return sum(int(re.search(r"^Pss: +(\d+) kB", text, re.MULTILINE)[1]) * 1024 for text in told)
            before = pids
            time.sleep(0.2)
        raise AssertionError(f"{processes} processes were expected, not {pids}")

    def processor(self) -> float:
        """Seconds of processor so far."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def lines(self) -> list[dict]:
        return [json.loads(line) for line in self._store.podman("logs", self.name).splitlines()]

    def started(self) -> dict:
        """The line of the log that tells where it listens."""
        end = time.monotonic() + 30
        while time.monotonic() < end:
            if found := [line for line in self.lines() if line["event"] == "started"]:
                return found[0]
            time.sleep(0.05)
            if self.pid == 0:
                break
        raise AssertionError(f"it did not start: {self._store.podman('inspect', self.name)[-3000:]}")

    def stop(self) -> int:
        self._store.podman("stop", "--time=20", self.name)
        return int(self._store.podman("inspect", "--format={{.State.ExitCode}}", self.name))


@contextlib.contextmanager
def running(store: Store, *more: str, command: tuple[str, ...] = (), **environ: str) -> Iterator[Container]:
    """The image, locked down, with more flags and perhaps another command; skips where containers cannot run."""
    try:
        store.podman("run", "--rm", *LOCKED_DOWN, "--entrypoint=/usr/bin/python3", BASE, "-c", "")
    except Impossible as why:
        pytest.skip(f"podman cannot run containers on this machine: {why}")
    flags = [f"--env={name}={value}" for name, value in environ.items()]
    name = store.podman("run", "--detach", *LOCKED_DOWN, *flags, *more, IMAGE, *command)
    try:
        yield Container(store, name)
    finally:
        store.podman("rm", "--force", "--time=0", name)
