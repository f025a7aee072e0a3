"""A base for the image where no registry is to be had: this machine's own Python, with the libraries it needs."""

import ensurepip
import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tarfile
from collections.abc import Iterator
from pathlib import Path

GLIBC = ("libc.so.6", "libdl.so.2", "libm.so.6", "libpthread.so.0", "libresolv.so.2", "librt.so.1", "libutil.so.1")
LIBRARIES = (*GLIBC, "libgcc_s.so.1", "libstdc++.so.6")
"""What wheels may expect of every system (PEP 513)."""
NOT_NEEDED = {"__pycache__", "site-packages", "dist-packages", "test", "idlelib", "tkinter", "turtledemo", "lib2to3"}


def write_base(target: Path) -> None:
    """A root file system as a tar archive."""
    python = Path(os.path.realpath(sys._base_executable))
    stdlib = Path(sysconfig.get_path("stdlib", vars={"installed_base": sys.base_prefix, "base": sys.base_prefix}))
    trees = [stdlib, *(Path(place) for place in (ensurepip._WHEEL_PKG_DIR,) if place)]
    binaries = [python, Path(shutil.which("sh")), *(stdlib / "lib-dynload").glob("*.so"), *_found()]
    with tarfile.open(target, "w") as archive:
        for tree in trees:
            archive.add(tree, filter=_needed)
        for path in {python, *_libraries(binaries)}:
            archive.add(os.path.realpath(path), str(path))
        archive.add(os.path.realpath(shutil.which("sh")), "usr/local/bin/sh")
        _add_frame(archive, python)


def _add_frame(archive: tarfile.TarFile, python: Path) -> None:
    """Names that every system has, and an empty /tmp."""
    links = {"usr/bin/python3": str(python)}
    if not any(name in {"bin", "usr/bin"} for name in archive.getnames()):
        links["bin"] = "usr/local/bin"
    for name, goal in links.items():
        link = tarfile.TarInfo(name)
        link.type, link.linkname = tarfile.SYMTYPE, goal
        archive.addfile(link)
    for name, mode in (("tmp", 0o1777), ("proc", 0o555), ("sys", 0o555), ("dev", 0o755), ("run", 0o755)):
        directory = tarfile.TarInfo(name)
        directory.type, directory.mode = tarfile.DIRTYPE, mode
        archive.addfile(directory)


def _needed(entry: tarfile.TarInfo) -> tarfile.TarInfo | None:
    name = Path(entry.name).name
    return None if name in NOT_NEEDED or name.startswith(("config-", "_tkinter")) else entry


def _found() -> Iterator[Path]:
    told = subprocess.run(["/sbin/ldconfig", "-p"], capture_output=True, text=True, check=True, timeout=30).stdout
    for name in LIBRARIES:
        match = re.search(rf"{re.escape(name)} .*=> (\S+)", told)
        if match:
            yield Path(match[1])


def _libraries(binaries: list[Path]) -> set[Path]:
    """What the dynamic linker loads for them, and the libraries among them."""
    told = subprocess.run(["ldd", *map(str, binaries)], capture_output=True, text=True, check=False, timeout=60).stdout
    needed = {Path(path) for path in re.findall(r"(?:=> |^\s+)(/\S+) \(0x", told, re.MULTILINE)}
    return needed | {path for path in binaries if path.name in LIBRARIES}
