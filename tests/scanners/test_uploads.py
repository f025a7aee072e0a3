"""From a client's upload to its answer, with a real clamd: what a policy names is what happens."""

import asyncio
import json

import pytest

from sidecar.cli.main import main
from sidecar.inspection.checks.eicar import TEST_STRING as EICAR
from tests.scanners import broken
from tests.scanners.conftest import hurried, zipped
from tests.wire import Wire, form, post


def upload(data=None):
    return post(form(("file", "notes.txt", "text/plain", data or b"an ordinary text\n")))


def settings(url, **scanning):
    return {
        "scanners": {"av": {"url": url, "max_file": "1MiB", "deadline": "2s", "pause": "100ms"}},
        "policies": {"default": {"scanners": {"use": ["av"], **scanning}, "checks": "off"}},
    }


def nobody(tmp_path):
    return f"clamd://{tmp_path}/nobody.sock"


async def test_malware_is_refused_and_the_service_sees_nothing_of_it(sidecar, service, clamd):
    wire = await Wire.open(await sidecar(service, **settings(clamd.url)))
    for data in (EICAR, zipped(EICAR), zipped(zipped(EICAR))):
        answer = await wire.ask(upload(data))
        assert (answer.status, json.loads(answer.body)["code"]) == (422, "malware_found")
        assert "Test.Eicar" in json.loads(answer.body)["actual"]
    assert service.requests == []
    assert (await wire.ask(upload())).status == 200


async def test_a_scanner_that_is_down_is_503_with_retry_after(sidecar, service, tmp_path):
    wire = await Wire.open(await sidecar(service, **settings(nobody(tmp_path))))
    answer = await wire.ask(upload())
    problem = json.loads(answer.body)
    assert (answer.status, problem["code"], problem["retry"]) == (503, "scanner_down", "safe")
    assert answer.values("retry-after")
    assert str(tmp_path) not in answer.body.decode()
    assert service.requests == []


async def hang(reader, *_):
    await reader.read()


async def cut(*_):
    raise ConnectionError


async def babble(_, writer, *__):
    writer.write(b"what?\r\n\r\n\0")


@pytest.mark.parametrize("engine", [broken.clamd, broken.icap], ids=["clamd", "icap"])
@pytest.mark.parametrize(
    ("fault", "code"),
    [(hang, "scan_late"), (cut, "scanner_down"), (babble, "scanner_down")],
    ids=["hang", "cut", "babble"],
)
async def test_an_engine_that_fails_at_an_upload_is_what_the_policy_says_by_the_deadline(
    start, service, engine, fault, code
):
    async with broken.Broken(engine(fault)) as daemon:
        for then, status in (("refuse", 503), ("forward", 200)):
            place = f"127.0.0.1:{daemon.port}"
            chosen = settings(f"icap://{place}/av" if engine is broken.icap else f"clamd://{place}", on_down=then)
            chosen["scanners"]["av"] |= {"deadline": "60s"}
            instance = await start(service, **chosen)
            scanner = instance._panel.scanners["av"]
            await scanner.health.known()
            wire = await Wire.open(int(instance.address.rpartition(":")[2]))
            with hurried(scanner, 0.3 if code == "scan_late" else 60):
                answer = await wire.ask(upload())
            assert answer.status == status
            assert then == "forward" or json.loads(answer.body)["code"] == code
            assert f'reason="{code}"' in instance.metrics.render()[0].decode()
        assert len(service.requests) == 1


async def test_a_scanner_that_is_down_lets_in_what_the_policy_says_and_counts_it(start, service, tmp_path):
    instance = await start(service, **settings(nobody(tmp_path), on_down="forward"))
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    assert (await wire.ask(upload())).status == 200
    text = instance.metrics.render()[0].decode()
    assert 'upload_sidecar_findings_total{action="forwarded",reason="scanner_down"} 1.0' in text
    assert 'upload_sidecar_scans_total{engine="av",result="down"} 1.0' in text
    assert 'upload_sidecar_scanner_up{engine="av"} 0.0' in text
    assert instance.not_ready() == []


@pytest.mark.parametrize(("then", "status"), [("refuse", 422), ("forward", 200)])
async def test_what_is_too_large_for_a_scanner_is_what_the_policy_says(sidecar, service, clamd, then, status):
    wire = await Wire.open(await sidecar(service, **settings(clamd.url, on_not_examined=then)))
    assert (await wire.ask(upload(b"x" * (1024 * 1024 + 1)))).status == status


async def test_an_instance_is_ready_when_the_scanner_that_it_needs_is_proven(start, service, clamd, tmp_path):
    missing = await start(service, **settings(nobody(tmp_path)))
    assert any("scanner av" in reason for reason in missing.not_ready())
    instance = await start(service, **settings(clamd.url))
    async with asyncio.timeout(10):
        while instance.not_ready():
            await asyncio.sleep(0.02)
    text = instance.metrics.render()[0].decode()
    assert 'upload_sidecar_scanner_up{engine="av"} 1.0' in text
    assert "upload_sidecar_scan_slots 4.0" in text


async def test_fifty_half_sent_uploads_do_not_delay_the_scan_of_another(sidecar, service, clamd):
    port = await sidecar(service, **settings(clamd.url), drain={"timeout": "50ms"})
    whole = upload(EICAR + b"x" * 10_000)
    for _ in range(50):
        await (await Wire.open(port)).send(whole[: len(whole) // 2])
    assert (await (await Wire.open(port)).ask(upload(EICAR))).status == 422


async def test_the_verdict_offline_is_the_one_that_an_upload_gets(sidecar, service, clamd, tmp_path, capsys):
    wire = await Wire.open(await sidecar(service, **settings(clamd.url)))
    config = str(next(tmp_path.glob("sidecar-*.yaml")))
    for data in (EICAR, zipped(zipped(EICAR)), b"an ordinary text\n", bytes(1024 * 1024 + 1)):
        (tmp_path / "notes.txt").write_bytes(data)
        answer = await wire.ask(upload(data))
        code = await asyncio.to_thread(main, ["scan", "--json", "--config", config, str(tmp_path / "notes.txt")])
        told = json.loads(capsys.readouterr().out)
        assert (told["accepted"], code) == (answer.status == 200, int(answer.status != 200))
        assert told["accepted"] or told["findings"][0]["code"] == json.loads(answer.body)["code"]


async def test_monitor_forwards_and_counts_what_a_scanner_finds(start, service, clamd):
    instance = await start(service, **{**settings(clamd.url), "mode": "monitor"})
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    assert (await wire.ask(upload(EICAR))).status == 200
    await wire.ask(upload())
    text = instance.metrics.render()[0].decode()
    assert 'upload_sidecar_findings_total{action="forwarded",reason="malware_found"} 1.0' in text


async def test_what_was_refused_can_be_listed_shown_and_given_back(start, service, clamd, tmp_path, capsys):
    directory = tmp_path / "quarantine"
    instance = await start(service, **settings(clamd.url), quarantine={"directory": str(directory)})
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    assert (await wire.ask(upload(EICAR))).status == 422
    assert (await wire.ask(upload())).status == 200
    assert {oct(path.stat().st_mode & 0o777) for path in directory.iterdir()} == {"0o600"}
    assert oct(directory.stat().st_mode & 0o777) == "0o700"
    config = ("--config", str(next(tmp_path.glob("sidecar-*.yaml"))))
    assert main(["quarantine", "list", *config]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    number = line.split()[0]
    assert "malware_found" in line
    assert "notes.txt" in line
    assert main(["quarantine", "show", number, *config]) == 0
    assert json.loads(capsys.readouterr().out)["size"] == len(EICAR)
    target = tmp_path / "back"
    assert main(["quarantine", "release", number, "--to", str(target), *config]) == 0
    assert target.read_bytes() == EICAR
    assert main(["quarantine", "release", number, "--to", str(target), *config]) == 2
    assert main(["quarantine", "show", "f" * 32, *config]) == 2


async def test_nothing_of_a_hostile_name_reaches_a_terminal(start, service, clamd, tmp_path, capsys):
    directory = tmp_path / "quarantine"
    instance = await start(service, **settings(clamd.url), quarantine={"directory": str(directory)})
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    name = "..%2f..%2fetc\u202e<b>\u009b31m;$(id)&.txt"
    assert (await wire.ask(post(form(("file\u202e", name, "text/plain", EICAR))))).status == 422
    assert len(list(directory.iterdir())) == 2
    config = ("--config", str(next(tmp_path.glob("sidecar-*.yaml"))))
    assert main(["quarantine", "list", *config]) == 0
    told = capsys.readouterr().out
    assert main(["quarantine", "show", told.split()[0], *config]) == 0
    told += capsys.readouterr().out
    assert "etc" in told
    assert told.isascii()
    assert told.replace("\n", "").isprintable()


def test_a_quarantine_that_cannot_be_read_is_2_and_not_an_empty_one(tmp_path, capsys):
    (tmp_path / "kept").write_text("a file")
    config = tmp_path / "sidecar.yaml"
    config.write_text(json.dumps({"quarantine": {"directory": str(tmp_path / "kept")}}))
    assert main(["quarantine", "list", "--config", str(config)]) == 2
    assert "Not a directory" in capsys.readouterr().err
