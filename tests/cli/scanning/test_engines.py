"""`scan` asks the scanners that its policy names, and says so where it cannot."""

import json

import pytest

pytest.importorskip("yara_x")

RULES = 'rule greeting { strings: $a = "hello, rules" condition: $a }'


@pytest.fixture
def files(tmp_path):
    (tmp_path / "rules").mkdir()
    (tmp_path / "rules" / "a.yar").write_text(RULES)
    (tmp_path / "good.txt").write_text("an ordinary text\n")
    (tmp_path / "bad.txt").write_text("hello, rules\n")
    scanners = {"yara": {"url": f"yara://{tmp_path}/rules"}, "gone": {"url": "clamd:///nobody.sock"}}
    uses = {"default": ["yara"], "both": ["gone", "yara"], "lax": ["gone"]}
    policies = {name: {"scanners": {"use": use}} for name, use in uses.items()}
    policies["lax"]["scanners"]["on_down"] = "forward"
    (tmp_path / "sidecar.yaml").write_text(json.dumps({"scanners": scanners, "policies": policies}))
    return tmp_path


def test_a_file_in_which_a_scanner_finds_something_is_refused_and_the_scanner_named(cli, files):
    done = cli("scan", "--config", "sidecar.yaml", "bad.txt", "good.txt")
    assert (done.code, done.err) == (1, "")
    assert "malware_found (422): Malware was found in a file: a.greeting, by yara" in done.out
    assert "\n  yara: bad: a.greeting; " in done.out
    assert "\ngood.txt: accepted by policy default" in done.out
    assert "\n  yara: clean; " in done.out


def test_json_has_what_each_scanner_said(cli, files):
    done = cli("scan", "--config", "sidecar.yaml", "--policy", "both", "--json", "bad.txt")
    gone, yara = json.loads(done.out)["scanners"]
    assert (done.code, gone["scanner"], gone["result"], gone["version"]) == (1, "gone", "down", "")
    assert gone["detail"]
    assert (yara["result"], yara["detail"]) == ("bad", "a.greeting")
    assert yara["seconds"] > 0


def test_a_file_that_only_a_scanner_could_decide_that_cannot_be_asked_is_2_and_not_decided(cli, files):
    done = cli("scan", "--config", "sidecar.yaml", "--policy", "both", "good.txt")
    assert done.code == 2
    assert done.out.startswith("good.txt: not decided by policy both; ")
    assert "\n  gone: down: No such file or directory; " in done.out
    assert "\n  yara: clean; " in done.out
    assert done.err == "good.txt: not decided: a scanner cannot be asked; --no-scanners leaves them out\n"


def test_a_policy_that_forwards_while_its_scanner_is_down_accepts_and_says_not_examined(cli, files):
    done = cli("scan", "--config", "sidecar.yaml", "--policy", "lax", "bad.txt")
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("bad.txt: accepted, not examined by policy lax; ")


def test_scanners_that_are_left_out_are_named(cli, files):
    arguments = ("scan", "--config", "sidecar.yaml", "--policy", "both", "--no-scanners")
    done = cli(*arguments, "bad.txt")
    assert (done.code, done.err) == (0, "")
    assert "\n  gone: not asked, as --no-scanners says\n  yara: not asked" in done.out
    told = json.loads(cli(*arguments, "--json", "bad.txt").out)["scanners"]
    assert told == [{"scanner": name, "result": "not_asked"} for name in ("gone", "yara")]
