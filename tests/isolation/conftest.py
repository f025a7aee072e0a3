"""A catalogue, and a template, with a check that misbehaves as its file says."""

from pathlib import Path

import pytest

from sidecar.inspection import checks, plan
from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.file import File
from sidecar.isolation import process
from sidecar.isolation.copy import AT_HAND, Range
from sidecar.isolation.pool import Pool
from sidecar.isolation.sealed import sealed
from sidecar.multipart.events import Part
from sidecar.policy.loading.reading import read
from sidecar.policy.settings.model import Isolation

_HERE = Path(__file__).parent
_PROGRAM = (
    "import sys; sys.path[:] = sys.argv[2:]; sys.path.append({here!r}); "
    "from template_with_misbehaviour import main; main()"
)


@pytest.fixture
def misbehaving(monkeypatch):
    """The check is in the catalogue, here and in the template."""
    monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(_HERE / "checks")])
    monkeypatch.setattr(process, "_PROGRAM", _PROGRAM.format(here=str(_HERE)))
    _forget()
    yield
    _forget()


def _forget() -> None:
    all_checks.cache_clear()
    plan._plans.cache_clear()


class MemoryCopy:
    """A file for a worker, made here."""

    def __init__(
        self, data: bytes, filename: bytes = b"deed.txt", wanted_by: tuple[str, ...] = ("misbehaving",)
    ) -> None:
        part = Part(0, b"file", filename, None)
        self.file = File(part, b"", "text/plain", len(data), "", wanted_by)
        self.size = len(data)
        self._data = data

    def at_hand(self) -> bytes | None:
        return self._data if self.size <= AT_HAND else None

    def in_memory(self) -> list[bytes] | None:
        return [self._data[:1000], self._data[1000:]]

    async def range(self) -> Range:
        return Range(sealed([self._data]), 0, self.size)


@pytest.fixture
async def pool_of():
    """Makes pools with some settings, those of the last of which may be changed; ends them after the test."""
    pools = []

    def make(**settings) -> Pool:
        pool = Pool(lambda: read(Isolation, {"spare": 0, **settings}), made.deaths.append, lambda _: None)
        pools.append(pool)
        made.settings = settings
        return pool

    made = make
    made.deaths = []
    yield make
    for pool in pools:
        await pool.stop()
