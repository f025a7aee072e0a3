import os
import signal
import subprocess
import sys

import pytest

from sidecar import __version__
from sidecar.cli.main import main
from tests.cli.conftest import ENVIRON, ROOT

COMMANDS = ("run", "check", "scan", "schema", "health", "demo")


def test_help_teaches_what_there_is_how_to_begin_and_what_the_exit_codes_mean(process):
    done = process("--help")
    assert done.code == 0
    assert all(f"\n    {command} " in done.out for command in COMMANDS)
    assert "upload-sidecar run --config sidecar.yaml" in done.out
    assert all(f"\n  {code}  " in done.out for code in (*range(4), 130, 141))


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(capsys, command):
    assert main([command, "--help"]) == 0
    told = capsys.readouterr().out
    assert f"usage: upload-sidecar {command}" in told
    assert "exit code" in told or command in {"run", "schema"}


def test_version_is_told(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"upload-sidecar {__version__}\n"


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["frobnicate"],
        ["check"],
        ["scan"],
        ["run", "--frob"],
        ["--vers"],
        ["demo", "--port", "x"],
        ["demo", "--port", "65536"],
        ["demo", "--port", "-1"],
    ],
)
def test_a_wrong_command_line_is_2_with_the_usage(capsys, arguments):
    assert main(arguments) == 2
    assert "usage: upload-sidecar" in capsys.readouterr().err


@pytest.mark.parametrize("command", COMMANDS)
def test_a_flag_that_a_command_does_not_know_is_told_with_its_usage(capsys, command):
    required = {"check": ["a"], "scan": ["a"]}.get(command, [])
    assert main([command, *required, "--frob"]) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"usage: upload-sidecar {command} ")
    assert told.endswith(f"upload-sidecar {command}: error: unrecognized arguments: --frob\n")


@pytest.mark.parametrize(
    "arguments",
    [
        ("schema",),
        ("check", "sidecar.yaml"),
        ("scan", "sidecar.yaml"),
        ("replay", "--config", "sidecar.yaml", "a.jsonl"),
    ],
    ids=lambda arguments: arguments[0],
)
def test_an_output_without_room_is_2_and_no_traceback(tmp_path, arguments):
    (tmp_path / "sidecar.yaml").write_text("mode: enforce\n")
    (tmp_path / "a.jsonl").write_bytes(b"")
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a descriptor to hand on
        done = subprocess.run(
            [sys.executable, "-m", "sidecar", *arguments], cwd=tmp_path, env={**ENVIRON, "PYTHONPATH": str(ROOT)},
            stdout=full, stderr=subprocess.PIPE, text=True, timeout=60, check=False,
        )  # fmt: skip
    why = "the output cannot be written: No space left on device; expected room for it"
    assert (done.returncode, done.stderr) == (2, f"upload-sidecar: {why}\n")


def test_a_reader_that_goes_away_causes_no_traceback():
    command = f"{sys.executable} -m sidecar schema | head -c 10"
    done = subprocess.run(
        ["/bin/sh", "-c", command], cwd=ROOT, env=ENVIRON, capture_output=True, timeout=60, check=False
    )
    assert done.stdout == b'{\n  "$sche'
    assert done.stderr == b""


_MAIN = "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler)\nimport sidecar.__main__"


def started(tmp_path, *arguments, **streams):
    environ = {**ENVIRON, "PYTHONPATH": str(ROOT)}
    return subprocess.Popen([sys.executable, "-c", _MAIN, *arguments], cwd=tmp_path, env=environ, text=True, **streams)


def test_ctrl_c_is_not_taken_for_a_refusal(tmp_path):
    os.mkfifo(tmp_path / "waiting")
    waiting = started(tmp_path, "check", "waiting", stderr=subprocess.PIPE)
    with waiting as process, (tmp_path / "waiting").open("wb"):  # opened once the command reads it
        process.send_signal(signal.SIGINT)
        assert (process.wait(60), process.stderr.read()) == (130, "")


def test_an_output_that_nobody_reads_is_not_taken_for_a_refusal(tmp_path):
    (tmp_path / "sidecar.yaml").write_text("mode: enforce\n")
    reader, writer = os.pipe()
    os.close(reader)
    with started(tmp_path, "check", "sidecar.yaml", stdout=writer, stderr=subprocess.PIPE) as process:
        os.close(writer)
        assert (process.wait(60), process.stderr.read()) == (141, "")


@pytest.mark.parametrize("closed", [">&-", ">&- 2>&-"])
def test_outputs_that_are_closed_change_no_verdict(tmp_path, closed):
    (tmp_path / "sidecar.yaml").write_text("mode: enforce\n")
    (tmp_path / "wrong.yaml").write_text("mode: of\n")
    environ = {**ENVIRON, "PYTHONPATH": str(ROOT)}
    for name, code in (("sidecar.yaml", 0), ("wrong.yaml", 2)):
        command = f"{sys.executable} -m sidecar check {name} {closed}"
        done = subprocess.run(
            ["/bin/sh", "-c", command], cwd=tmp_path, env=environ, capture_output=True, timeout=60, check=False
        )
        assert (done.returncode, b"Traceback" in done.stderr) == (code, False)


READING = {
    "check": ["check", "sidecar.yaml"],
    "run": ["run", "--config", "sidecar.yaml"],
    "scan": ["scan", "--config", "sidecar.yaml", "sidecar.yaml"],
    "health": ["health", "--config", "sidecar.yaml"],
    "quarantine": ["quarantine", "list", "--config", "sidecar.yaml"],
    "snapshot": ["snapshot", "--config", "sidecar.yaml", "--output", "out.json"],
    "replay": ["replay", "--config", "sidecar.yaml", "sidecar.yaml"],
}


@pytest.mark.parametrize("arguments", READING.values(), ids=READING)
def test_every_command_tells_what_is_wrong_with_a_configuration_in_the_same_words(cli, tmp_path, arguments):
    (tmp_path / "sidecar.yaml").write_text("mode: enforce\nworkers: none\nlisten: nowhere\n")
    done = cli(*arguments)
    assert (done.code, done.out) == (2, "")
    assert [line.partition("; ")[0] for line in done.err.splitlines()] == [
        "sidecar.yaml:2: workers: is not valid",
        "sidecar.yaml:3: listen: is not valid",
    ]


def test_without_a_configuration_no_file_is_named(cli):
    lists = {"SIDECAR_POLICIES__DEFAULT__CHECKS__KNOWN_FILES__DENY": "[/nowhere]"}
    done = cli("scan", "a.png", environ=lists)
    assert done.code == 2
    assert done.err.startswith("policies.default.checks.known_files.deny: cannot be read: No such file or directory")
