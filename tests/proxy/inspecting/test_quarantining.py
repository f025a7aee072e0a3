"""What becomes of the files of a refused upload, whatever the disk does."""

import asyncio
import fcntl
import json
import os

import pytest

from tests.waiting import until
from tests.wire import Wire, form, post

PHP = b"<?php echo 1;"


def archive_with(name):
    import io  # noqa: PLC0415
    import zipfile  # noqa: PLC0415

    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, PHP)
    return held.getvalue()


BAD = archive_with("run.php")


@pytest.fixture
def refused(start, service, tmp_path):
    """Has an upload refused by a check that sees the whole file; the instance, and its figures of the quarantine."""

    async def ask(directory, name="a.zip", once_started=lambda: None):
        instance = await start(service, quarantine={"directory": str(directory)})
        once_started()
        wire = await Wire.open(int(instance.address.rpartition(":")[2]))
        answer = await wire.ask(post(form(("file", name, "application/zip", BAD))))
        assert answer.status == 422
        text = instance.metrics.render()[0].decode()
        told = {
            result: f'upload_sidecar_quarantined_files_total{{result="{result}"}} 1.0' in text
            for result in ("kept", "too_large", "failed")
        }
        return [result for result, true in told.items() if true]

    return ask


async def test_a_refused_file_is_kept_and_counted(refused, tmp_path):
    assert await refused(tmp_path / "kept") == ["kept"]
    assert [path.read_bytes() for path in (tmp_path / "kept").glob("*.data")] == [BAD]


async def test_a_directory_in_which_others_may_write_is_told_of_once(refused, tmp_path, caplog, monkeypatch):
    monkeypatch.setattr("sidecar.proxy.inspecting.quarantining._PRUNED_EVERY", 0.001)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept").chmod(0o777)
    assert await refused(tmp_path / "kept") == ["kept"]
    assert caplog.text.count("quarantine.directory: others than its owner may write there (mode 0777)") == 1


async def test_a_directory_that_cannot_be_had_any_more_changes_no_verdict_and_is_told(refused, tmp_path, caplog):
    kept = tmp_path / "kept"
    assert await refused(kept, once_started=lambda: kept.write_text("a file")) == ["failed"]
    assert "a refused file could not be kept" in caplog.text


async def test_a_disk_that_hangs_holds_up_no_answer_and_keeps_the_file_when_it_goes_on(
    refused, tmp_path, monkeypatch, caplog
):
    monkeypatch.setattr("sidecar.proxy.inspecting.quarantining._PATIENCE", 0.2)
    kept = tmp_path / "kept"
    kept.mkdir()
    hanging = os.open(kept, os.O_RDONLY)
    fcntl.flock(hanging, fcntl.LOCK_EX)
    try:
        async with asyncio.timeout(10):
            assert await refused(kept) == ["failed"]
        assert list(kept.iterdir()) == []
    finally:
        os.close(hanging)
    await until(lambda: list(kept.glob("*.json")))


async def test_what_is_too_old_goes_though_nothing_new_comes(start, service, tmp_path):
    kept = tmp_path / "kept"
    kept.mkdir()
    old = kept / f"{'a' * 32}.json"
    old.write_text(json.dumps({"time": 1, "size": 1}))
    os.utime(old, (1, 1))
    await start(service, quarantine={"directory": str(kept)})
    await until(lambda: not old.exists())


async def test_what_the_client_may_send_again_is_not_kept(start, service, tmp_path):
    instance = await start(
        service,
        quarantine={"directory": str(tmp_path / "kept")},
        scanners={"gone": {"url": f"clamd://{tmp_path}/nobody.sock"}},
        policies={"default": {"scanners": {"use": ["gone"]}}},
    )
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    assert (await wire.ask(post(form(("file", "a.txt", "text/plain", b"an ordinary text\n"))))).status == 503
    assert not (tmp_path / "kept").exists()
