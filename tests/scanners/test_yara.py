"""Rules of a directory: found, named, taken in when they change, and never worse than the last good set."""

import asyncio
import json
import logging
import os
import signal

import pytest

from bench.processes import tree
from sidecar.inspection.checks.eicar import TEST_STRING as EICAR
from sidecar.scanners.result import Bad, Clean, Trouble
from sidecar.telemetry.families import Families
from sidecar.telemetry.scans import Scans
from tests.scanners.conftest import hurried, of_one, results
from tests.waiting import until
from tests.wire import Wire, form, post

pytest.importorskip("yara_x")

RULES = 'rule greeting { strings: $a = "hello, rules" condition: $a }'
SECOND = 'rule second { strings: $a = "other" condition: $a }'
BROKEN = "rule broken { condition: nothing_known }"
ENDLESS = "rule endless { condition: filesize == 77 and for all i in (0..2000000000000) : (i * i != 7) }"


@pytest.fixture
def yara(scanner, tmp_path, monkeypatch):
    """Makes a scanner with some rules in a file `a.yar`."""
    monkeypatch.setattr("sidecar.scanners.yara._LOOK_EVERY", 0.05)

    def make(rules=RULES, **settings):
        (tmp_path / "a.yar").write_text(rules)
        return scanner(url=f"yara://{tmp_path}", **settings)

    return make


def children(pid):
    return tree(pid)[1:]


async def test_rules_of_a_directory_are_found_and_named(yara):
    assert await results(yara(), b"say hello, rules!", b"nothing", EICAR, b"") == [
        Bad("a.greeting"), Clean(), Bad("sidecar.eicar_test_file"), Clean(),
    ]  # fmt: skip


async def test_broken_rules_leave_the_last_good_ones_in_force_and_say_so(yara, tmp_path, caplog):
    engine = yara()
    families = Families()
    Scans(families).follow({"av": engine})

    def reloaded():
        return families.registry.get_sample_value("upload_sidecar_scanner_last_reload_successful", {"engine": "av"})

    assert await of_one(engine, b"hello, rules") == Bad("a.greeting")
    assert reloaded() == 1
    (tmp_path / "b.yar").write_text(BROKEN)
    await until(lambda: reloaded() == 0)
    assert await results(engine, b"hello, rules", b"other") == [Bad("a.greeting"), Clean()]
    (line,) = (record.getMessage() for record in caplog.records if record.levelno == logging.ERROR)
    assert line.startswith("YARA rules refused, the last good ones stay in force: ")
    assert "b.yar" in line
    (tmp_path / "b.yar").write_text(SECOND)
    await until(lambda: reloaded() == 1)
    assert await results(engine, b"hello, rules", b"other") == [Bad("a.greeting"), Bad("b.second")]


async def test_a_bug_while_rules_are_looked_at_does_not_end_the_looking(yara, tmp_path, monkeypatch, caplog):
    engine = yara()
    assert await of_one(engine, b"hello, rules") == Bad("a.greeting")

    def bug(_):
        raise RuntimeError("unheard of")

    with monkeypatch.context() as patched:
        patched.setattr("sidecar.scanners.yara._stamp", bug)
        await until(lambda: engine.refused)
        await asyncio.sleep(0.2)  # several looks
    assert await of_one(engine, b"hello, rules") == Bad("a.greeting")
    assert [record.exc_info[0] for record in caplog.records if record.exc_info] == [RuntimeError]
    (tmp_path / "b.yar").write_text(SECOND)
    await until(lambda: not engine.refused)
    assert await of_one(engine, b"other") == Bad("b.second")


@pytest.mark.parametrize("how", ["emptied", "removed"])
async def test_a_directory_that_loses_its_rules_loses_nothing_in_force(yara, tmp_path, how):
    engine = yara()
    assert await of_one(engine) == Clean()
    (tmp_path / "a.yar").unlink()
    if how == "removed":
        tmp_path.rename(tmp_path.with_name("elsewhere"))
    await until(lambda: engine.refused)
    assert await of_one(engine, b"hello, rules") == Bad("a.greeting")


async def test_no_good_rules_at_all_is_an_engine_that_is_down_until_there_are_some(yara, tmp_path):
    engine = yara(BROKEN)
    assert (await of_one(engine)).trouble is Trouble.DOWN
    assert "a.yar" in engine.health.why_down
    (tmp_path / "a.yar").write_text(RULES)
    await until(lambda: engine.health.up)


async def test_a_directory_without_rules_is_an_engine_that_is_down(scanner, tmp_path):
    engine = scanner(url=f"yara://{tmp_path}")
    assert (await of_one(engine)).trouble is Trouble.DOWN
    assert ".yar" in engine.health.why_down


async def test_a_process_with_the_rules_that_is_killed_is_started_again(yara):
    engine = yara()
    assert await of_one(engine) == Clean()
    os.kill(engine._engine._rules._process.pid, signal.SIGKILL)
    engine._engine._rules._process.wait()
    assert (await of_one(engine)).trouble is Trouble.DOWN
    async with asyncio.timeout(10):
        while await of_one(engine, b"hello, rules") != Bad("a.greeting"):
            await asyncio.sleep(0.05)


async def test_a_scan_that_nobody_waits_for_any_more_ends(yara):
    engine = yara(ENDLESS, deadline="60s")  # which is as many seconds of the processor for one scan
    assert await of_one(engine) == Clean()
    pid = engine._engine._rules._process.pid
    await until(lambda: not children(pid))
    scan = asyncio.create_task(of_one(engine, bytes(77)))
    await until(lambda: children(pid))
    scan.cancel()
    await until(lambda: not children(pid))


async def test_a_scan_that_takes_too_long_is_late_and_ends(yara):
    engine = yara(ENDLESS, deadline="60s")
    assert await of_one(engine) == Clean()
    with hurried(engine, 0.4):
        assert (await of_one(engine, bytes(77))).trouble is Trouble.LATE
    await until(lambda: not children(engine._engine._rules._process.pid))


async def test_an_upload_that_began_before_a_reload_is_scanned_all_the_same(start, service, tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yar").write_text(RULES)

    def settings(deadline):
        scanners = {"yara": {"url": f"yara://{tmp_path}/rules", "deadline": deadline}}
        return {"scanners": scanners, "policies": {"default": {"scanners": {"use": ["yara"]}, "checks": "off"}}}

    instance = await start(service, **settings("5s"))
    file = next(tmp_path.glob("sidecar-*.yaml"))
    port = int(instance.address.rpartition(":")[2])
    for data, status in ((b"hello, rules", 422), (b"other", 200)):
        whole = post(form(("file", "a.txt", "text/plain", data)))
        wire = await Wire.open(port)
        await wire.send(whole[:-10])
        async with asyncio.timeout(10):
            while not instance.metrics.render()[0].decode().count("requests_in_flight 1.0"):
                await asyncio.sleep(0.01)
        file.write_text(json.dumps({**json.loads(file.read_text()), **settings(f"{len(data)}s")}))
        before = instance._panel.scanners["yara"]
        instance.live.poll()
        assert instance._panel.scanners["yara"] is not before
        assert (await wire.ask(whole[-10:])).status == status
