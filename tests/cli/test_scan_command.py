import hashlib
import json
import os
import pty
import subprocess
import sys

import pytest

from sidecar.cli.demo_files import _png
from sidecar.cli.scanning.report import Judged, as_json, as_text
from sidecar.inspection.catalogue import inspection_reasons
from sidecar.inspection.finding import Finding
from sidecar.inspection.verdict import Verdict
from tests.cli.conftest import ENVIRON, ROOT

PNG = _png()


@pytest.fixture
def files(tmp_path):
    (tmp_path / "good.png").write_bytes(PNG)
    (tmp_path / "bad.php").write_bytes(b"<?php echo 1;")
    (tmp_path / "empty.txt").write_bytes(b"")
    return tmp_path


def test_a_good_file_is_0_and_says_what_it_is(cli, files):
    done = cli("scan", "good.png")
    assert (done.code, done.err) == (0, "")
    digest = hashlib.sha256(PNG).hexdigest()
    verdict, tree = done.out.splitlines()
    assert verdict == f"good.png: accepted by policy default; image/png, {len(PNG)} bytes, sha256 {digest}"
    assert tree.startswith(f"  good.png: image/png, {len(PNG)} bytes; examined by ")


def test_a_bad_file_is_1_and_says_why_what_was_expected_and_what_to_do(cli, files):
    done = cli("scan", "bad.php")
    assert done.code == 1
    assert done.out.startswith("bad.php: refused by policy default; text/x-php, 13 bytes")
    assert "\n  suffix_forbidden (422): " in done.out
    assert "\n    expected  " in done.out
    assert "\n    advice    " in done.out


def test_all_files_are_judged_and_the_worst_exit_code_wins(process, cli, files):
    done = process("scan", "good.png", "bad.php", "nowhere.txt", ".", "empty.txt")
    assert done.code == 2
    assert [line.split(" ")[0] for line in done.out.splitlines() if not line.startswith(" ")] == [
        "good.png:",
        "bad.php:",
        "empty.txt:",
    ]
    assert done.err == (
        "nowhere.txt: cannot be read: No such file or directory; expected a file\n"
        ".: cannot be read: Is a directory; expected a file\n"
    )
    assert cli("scan", "good.png", "bad.php", "good.png").code == 1


def test_json_is_one_object_per_file(cli, files):
    done = cli("scan", "--json", "good.png", "bad.php")
    assert done.code == 1
    good, bad = map(json.loads, done.out.splitlines())
    tree = good.pop("tree")
    assert (tree["name"], tree["size"], tree["inside"]) == ("good.png", len(PNG), [])
    assert "image_structure" in tree["examined_by"]
    assert good == {
        "file": "good.png",
        "policy": "default",
        "accepted": True,
        "verdict": "clean",
        "findings": [],
        "filename": "good.png",
        "content_type": "image/png",
        "size": len(PNG),
        "sha256": hashlib.sha256(PNG).hexdigest(),
    }
    assert (bad["accepted"], bad["verdict"]) == (False, "bad")
    codes = {finding["code"] for finding in bad["findings"]}
    assert "suffix_forbidden" in codes <= {reason.code for reason in inspection_reasons()}
    assert set(bad["findings"][0]) == {
        "code", "title", "status", "failed", "expected", "actual", "advice", "retry", "not_examined",
    }  # fmt: skip


def test_standard_input_is_judged_under_a_name(process):
    assert process("scan", "-", stdin=PNG).out.startswith("-: accepted by policy default; image/png")
    done = process("scan", "--name", "x.php", "-", stdin=PNG)
    assert (done.code, "suffix_forbidden" in done.out) == (1, True)


@pytest.mark.parametrize("path", ["-", "/dev/zero"])
def test_what_has_no_end_is_read_little_further_than_a_file_may_be_long(process, tmp_path, path):
    """Which `timeout` would end otherwise."""
    (tmp_path / "sidecar.yaml").write_text("policies: {default: {max_file: 3MiB}}\n")
    with open("/dev/zero", "rb") as endless:  # noqa: PTH123 - a descriptor to hand on
        done = process("scan", "--config", "sidecar.yaml", path, stdin=endless)
    assert (done.code, "file_too_large (413)" in done.out) == (1, True)
    assert done.err == f"{path}: not read beyond max_file (3MiB) and 1 MiB more\n"


def test_the_declared_type_is_judged_too(cli, files):
    assert cli("scan", "--type", "image/png", "good.png").code == 0
    assert cli("scan", "--type", "application/pdf", "good.png").code == 1


def test_a_policy_of_the_configuration_judges(cli, files):
    (files / "sidecar.yaml").write_text("mode: off\npolicies: {tiny: {max_file: 10}, open: {checks: off}}\n")
    assert "file_too_large (413)" in cli("scan", "--config", "sidecar.yaml", "--policy", "tiny", "good.png").out
    assert cli("scan", "--config", "sidecar.yaml", "--policy", "open", "bad.php").code == 0
    assert cli("scan", "--config", "sidecar.yaml", "bad.php").code == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--policy", "defalt"], "--policy: unknown policy, did you mean default?; expected default, got defalt"),
        (["--config", "nowhere.yaml"], "nowhere.yaml: cannot be read: No such file or directory; expected a YAML file"),
        (["--config", "bad.yaml"], "bad.yaml:1: mode: is not valid"),
    ],
)
def test_what_keeps_a_scan_from_beginning_is_2(cli, files, arguments, told):
    (files / "bad.yaml").write_text("mode: x\n")
    done = cli("scan", *arguments, "good.png")
    assert (done.code, done.out) == (2, "")
    assert done.err.startswith(told)


@pytest.mark.parametrize("flag", ["--name", "--type"])
def test_an_empty_name_or_type_is_2_and_nothing_is_judged(process, files, flag):
    done = process("scan", flag, "", "bad.php")
    assert (done.code, done.out) == (2, "")
    assert done.err.endswith(f"argument {flag}: expected text that is not empty, or no {flag} at all\n")


def test_a_name_that_is_not_utf_8_is_refused_as_the_grammar_would(cli, files):
    name = os.fsdecode(b"\xff.png")
    (files / name).write_bytes(PNG)
    done = cli("scan", name)
    assert (done.code, done.out.isascii()) == (1, True)
    assert "name_not_utf8 (400)" in done.out


def test_nothing_of_a_hostile_name_reaches_the_terminal(cli, files):
    name = "a\x1b[31m\u202e<b>.png"
    (files / name).write_bytes(PNG)
    for arguments in ([], ["--json"]):
        done = cli("scan", *arguments, name)
        assert done.out.isascii()
        assert "\x1b" not in done.out
        assert "<b>" not in done.out


def test_a_big_file_tells_its_progress_on_a_terminal(files):
    with (files / "big.bin").open("wb") as big:
        big.truncate(130 * 1024 * 1024)
    controller, terminal = pty.openpty()
    command = [sys.executable, "-m", "sidecar", "scan", "big.bin"]
    environ = {**ENVIRON, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=files, env=environ, stdout=subprocess.DEVNULL, stderr=terminal, timeout=60, check=False)
    os.close(terminal)
    assert b"big.bin: 64 MiB read" in os.read(controller, 4096)
    os.close(controller)


@pytest.mark.parametrize(("forward", "accepted"), [(True, True), (False, False)])
def test_what_was_not_examined_is_never_called_clean(forward, accepted):
    unseen = next(reason for reason in inspection_reasons() if reason.not_examined)
    judged = Judged("a.bin", "default", Verdict((Finding(unseen),), forward_not_examined=forward))
    assert as_text(judged).startswith(
        f"a.bin: {'accepted' if accepted else 'refused'}, not examined by policy default\n"
    )
    told = json.loads(as_json(judged))
    assert (told["accepted"], told["verdict"], told["findings"][0]["not_examined"]) == (accepted, "not_examined", True)
