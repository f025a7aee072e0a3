"""Real engines, and files for them."""

import contextlib
import io
import time
import zipfile

import pytest

from sidecar.policy.loading.reading import read
from sidecar.policy.settings.scanners import Scanner as Settings
from sidecar.scanners.held import sample
from sidecar.scanners.panel import make_engine
from sidecar.scanners.result import result_label
from sidecar.scanners.scanner import Scanner
from tests.scanners import daemons


@pytest.fixture(scope="session")
def clamd(tmp_path_factory):
    """One clamd for all tests of a session."""
    running = daemons.start_clamd(tmp_path_factory.mktemp("clamd"))
    yield running
    daemons.end(running.process)


@pytest.fixture(scope="session")
def icap_url(tmp_path_factory, clamd):
    """The `virus_scan` of one c-icap."""
    process, port = daemons.start_c_icap(tmp_path_factory.mktemp("icap"), clamd)
    yield f"icap://127.0.0.1:{port}/avscan"
    daemons.end(process)


class Told:
    """What metrics would be told."""

    def __init__(self):
        self.results = []

    def scanned(self, _engine, result, _seconds, *, cached):
        self.results.append("cached" if cached else result_label(result))

    def waited(self, seconds):
        pass

    def signed(self, engine, at):
        pass


@pytest.fixture
async def scanner():
    """Makes scanners from settings; ends them after the test."""
    made = []

    def make(**settings):
        chosen = read(Settings, {"max_file": "1MiB", "deadline": "5s", "pause": "100ms", **settings})
        made.append(Scanner("av", chosen, make_engine(chosen), Told(), time.monotonic))
        made[-1].health.start()
        return made[-1]

    yield make
    for each in made:
        await each.close()


def zipped(data, name="inner"):
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, data)
    return held.getvalue()


async def results(scanner, *files):
    """What a scanner says of the files of one upload."""
    with contextlib.ExitStack() as stack:
        held = [stack.enter_context(sample(data)) for data in files]
        return await scanner.scan(held, stop_at_bad=False)


@contextlib.contextmanager
def hurried(scanner, seconds):
    """So little time for a scan; to prove the engine there is as much as ever."""
    before = scanner.settings
    scanner.settings = before.replaced(deadline=seconds)
    yield
    scanner.settings = before


async def of_one(scanner, data=b"some file"):
    """What a scanner says of one file."""
    (result,) = await results(scanner, data)
    return result
