"""What must hold before an instance starts: told in words, once, and not asked of one in another's place."""

import json

import pytest

from sidecar.cli.config_file import build_config
from sidecar.cli.serving.instance import Instance
from sidecar.cli.serving.starting import StartError


@pytest.fixture
def file(tmp_path):
    def write(**settings):
        path = tmp_path / "sidecar.yaml"
        path.write_text(json.dumps({"spool": {"directory": str(tmp_path)}, **settings}))
        return path

    return write


@pytest.mark.parametrize(
    ("settings", "setting"),
    [
        ({"spool": {"directory": "/nowhere"}}, "spool.directory"),
        ({"audit": {"file": "/nowhere/audit.jsonl"}}, "audit.file"),
        ({"quarantine": {"directory": "/proc/kept"}}, "quarantine.directory"),
    ],
)
def test_places_that_cannot_be_written_to_are_found_before_the_first_upload(file, settings, setting):
    with pytest.raises(StartError, match=rf"cannot write to {setting} /\S+: [A-Z].+; expected .+ Create it"):
        Instance(file(**settings), {}, {})


async def test_whoever_takes_the_place_of_another_starts_with_a_disk_that_has_failed_since(file):
    path = file(spool={"directory": "/nowhere"})
    instance = Instance(path, {}, {}, started=build_config(path.read_bytes(), {}, {}))
    assert await instance.stop(accept_for=0) == 0


async def test_off_starts_whatever_its_disks_are(file):
    instance = Instance(file(mode="off", spool={"directory": "/nowhere"}), {}, {})
    assert await instance.stop(accept_for=0) == 0
