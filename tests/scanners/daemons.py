"""The real daemons, each with a database of a few signatures, in a directory of its own, started once per session."""

import contextlib
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import pytest

from sidecar.inspection.checks.eicar import TEST_STRING as EICAR

LIMIT = 2 * 1024 * 1024
C_ICAP_DIRECTORIES = ("/usr/lib/x86_64-linux-gnu/c_icap", "/usr/lib/aarch64-linux-gnu/c_icap", "/usr/lib/c_icap")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@dataclass
class Clamd:
    process: subprocess.Popen
    socket_path: Path
    port: int

    @property
    def url(self):
        return f"clamd://{self.socket_path}"

    @property
    def tcp_url(self):
        return f"clamd://127.0.0.1:{self.port}"


def waited_for(check, process, what, seconds=30):
    until = time.monotonic() + seconds
    while not check():
        if process.poll() is not None or time.monotonic() > until:
            pytest.fail(f"{what} did not start")
        time.sleep(0.02)


def answers(family, address):
    with contextlib.closing(socket.socket(family)) as peer:
        try:
            peer.connect(address)
        except OSError:
            return False
        return True


def start_clamd(directory: Path, *, threads: int = 8, largest: int = LIMIT) -> Clamd:
    """A clamd that knows the EICAR test file and takes files of bounded size.

    Args:
        directory: its own.
        threads: MaxThreads.
        largest: StreamMaxLength and MaxFileSize.
    """
    program = shutil.which("clamd") or "/usr/sbin/clamd"
    if not Path(program).exists():
        pytest.skip("clamd is missing: apt-get install clamav-daemon")
    (directory / "db").mkdir(exist_ok=True)
    (directory / "db" / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
    path, port = directory / "clamd.sock", free_port()
    (directory / "clamd.conf").write_text(
        f"DatabaseDirectory {directory}/db\nLocalSocket {path}\nTCPSocket {port}\nTCPAddr 127.0.0.1\nForeground yes\n"
        f"StreamMaxLength {largest}\nMaxFileSize {largest}\nMaxThreads {threads}\nAlertExceedsMax yes\n"
        f"TemporaryDirectory {directory}\n"
    )
    process = subprocess.Popen(
        ["/bin/sh", "-c", 'trap "" XFSZ; exec "$0" "$@"', program, "-c", str(directory / "clamd.conf")],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    waited_for(lambda: answers(socket.AF_UNIX, str(path)), process, "clamd")
    return Clamd(process, path, port)


def start_c_icap(directory: Path, clamd: Clamd) -> tuple[subprocess.Popen, int]:
    """A c-icap with `virus_scan` that asks the clamd."""
    program = shutil.which("c-icap")
    modules = next((path for path in C_ICAP_DIRECTORIES if (Path(path) / "virus_scan.so").exists()), None)
    if program is None or modules is None:
        pytest.skip("c-icap is missing: apt-get install c-icap libc-icap-mod-virus-scan")
    port = free_port()
    (directory / "c-icap.conf").write_text(
        f"PidFile {directory}/pid\nCommandsSocket {directory}/ctl\nPort 127.0.0.1:{port}\nStartServers 1\n"
        f"MaxServers 2\nMinSpareThreads 2\nMaxSpareThreads 10\nThreadsPerChild 10\n"
        f"TmpDir {directory}\nModulesDir {modules}\n"
        f"ServicesDir {modules}\nTemplateDir /usr/share/c_icap/templates/\nLoadMagicFile /etc/c-icap/c-icap.magic\n"
        f"ServerLog {directory}/server.log\nAccessLog {directory}/access.log\nModule common clamd_mod.so\n"
        f"clamd_mod.ClamdSocket {clamd.socket_path}\nService echo srv_echo.so\nService antivirus_module virus_scan.so\n"
        "ServiceAlias avscan virus_scan?allow204=on&sizelimit=off&mode=simple\n"
        "virus_scan.ScanFileTypes TEXT DATA EXECUTABLE ARCHIVE GIF JPEG MSOFFICE\n"
        "virus_scan.MaxObjectSize 1M\nvirus_scan.DefaultEngine clamd\n"
    )
    process = subprocess.Popen(
        [program, "-N", "-f", str(directory / "c-icap.conf")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    waited_for(lambda: answers(socket.AF_INET, ("127.0.0.1", port)), process, "c-icap")
    return process, port


def end(process: subprocess.Popen) -> None:
    process.terminate()
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
