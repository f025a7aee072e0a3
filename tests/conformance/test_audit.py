"""The audit log of a running sidecar: one line for every upload, whatever becomes of it, and no upload waits for it."""

import asyncio
import fcntl
import json
import os

import pytest

from sidecar.cli.serving.instance import Instance
from sidecar.cli.serving.starting import StartError
from sidecar.policy.loading.problem import ConfigError
from tests.wire import PATIENCE, PNG, Wire, form, post

GOOD = form(("avatar", "a.png", "image/png", PNG))
BAD = form(("avatar", "shell.php", "image/png", PNG))


@pytest.fixture
def path(tmp_path):
    return tmp_path / "audit.jsonl"


async def asked(port, body, target="/upload", **head):
    wire = await Wire.open(port)
    return (await wire.ask(post(body, target=target, **head))).status


async def lines(path, number):
    """The lines of the file, once there are so many."""
    async with asyncio.timeout(PATIENCE):
        while not path.exists() or len(found := path.read_text().splitlines()) < number:
            await asyncio.sleep(0.005)
    return [json.loads(line) for line in found]


@pytest.mark.parametrize(
    ("mode", "body", "told"),
    [
        ("enforce", GOOD, ("clean", "forwarded", True, True)),
        ("enforce", BAD, ("bad", "rejected", True, False)),
        ("enforce", GOOD[:-6], ("bad", "rejected", True, False)),
        ("monitor", BAD, ("bad", "forwarded", False, True)),
        ("off", BAD, ("not_inspected", "forwarded", False, False)),
    ],
)
async def test_every_upload_has_a_line_that_tells_what_became_of_it(sidecar, service, path, mode, body, told):
    await asked(await sidecar(service, mode=mode, audit={"file": str(path)}), body, "/upload/7?secret=1")
    line = (await lines(path, 1))[0]
    assert tuple(line[name] for name in ("verdict", "action", "enforced", "complete")) == told
    assert (line["path"], line["mode"]) == ("/upload/7", mode)
    assert "secret" not in path.read_text()


async def test_what_is_no_upload_has_no_line(sidecar, service, path):
    port = await sidecar(service, audit={"file": str(path)})
    assert await (await Wire.open(port)).ask(b"GET / HTTP/1.1\r\nHost: a\r\n\r\n")
    await asked(port, GOOD)
    assert [line["method"] for line in await lines(path, 1)] == ["POST"]


async def test_a_file_that_is_no_form_is_told_of_as_one_in_a_form(sidecar, service, path):
    routes = [{"path": "/raw"}]
    port = await sidecar(service, routes=routes, audit={"file": str(path)})
    request = b"POST /raw/a.png HTTP/1.1\r\nHost: a\r\nContent-Type: image/png\r\nContent-Length: %d\r\n\r\n%s"
    await (await Wire.open(port)).ask(request % (len(PNG), PNG))
    line = (await lines(path, 1))[0]
    assert (line["files"], line["complete"], line["prefixes"]) == (1, True, ["/raw"])
    assert line["listed"][0]["size"] == len(PNG)


async def test_a_reload_turns_it_on_and_off(start, service, path):
    instance = await start(service)
    port = int(instance.address.rpartition(":")[2])
    source = instance.live._source
    settings = json.loads(source.read_text())
    await asked(port, GOOD)
    for audit in ({"file": str(path)}, {}):
        source.write_text(json.dumps({**settings, "audit": audit}))
        instance.live.poll()
        await asked(port, GOOD)
    assert len(await lines(path, 1)) == 1


async def test_uploads_do_not_wait_for_a_disk_that_stalls(start, service, path):
    path.touch()
    descriptor = os.open(path, os.O_RDONLY)
    fcntl.flock(descriptor, fcntl.LOCK_EX)  # whoever writes the file waits
    instance = await start(service, audit={"file": str(path)})
    port = int(instance.address.rpartition(":")[2])
    for _ in range(5):
        assert await asked(port, GOOD) == 200
    assert path.read_bytes() == b""
    os.close(descriptor)
    assert len(await lines(path, 5)) == 5


async def test_lines_that_cannot_be_written_are_counted_and_uploads_go_on(start, service):
    instance = await start(service, audit={"file": "/dev/full"})
    assert await asked(int(instance.address.rpartition(":")[2]), GOOD) == 200
    async with asyncio.timeout(PATIENCE):
        while "upload_sidecar_audit_records_dropped_total 1.0" not in instance.metrics.render()[0].decode():
            await asyncio.sleep(0.005)


def test_a_file_that_cannot_be_written_is_told_at_the_start(tmp_path):
    config = tmp_path / "sidecar.yaml"
    config.write_text(json.dumps({"audit": {"file": "/nowhere/audit.jsonl"}, "spool": {"directory": str(tmp_path)}}))
    with pytest.raises(
        StartError, match=r"cannot write to audit\.file /nowhere/audit\.jsonl: No such file or directory"
    ):
        Instance(config, {}, {})


def test_a_key_that_cannot_be_read_is_told_at_the_start(tmp_path):
    config = tmp_path / "sidecar.yaml"
    config.write_text(json.dumps({"audit": {"key_file": "/nowhere/key"}, "spool": {"directory": str(tmp_path)}}))
    with pytest.raises(ConfigError, match=r"audit\.key_file"):
        Instance(config, {}, {})
