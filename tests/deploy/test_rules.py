"""The alerts: tried by promtool, each with its tests and its page in the runbook."""

import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from deploy.dashboard.rows import ROWS
from deploy.monitoring.build import RESOURCE, RULES, resource
from sidecar.telemetry.labels import Labels
from sidecar.telemetry.metrics import Metrics

DEPLOY = Path(__file__).parents[2] / "deploy"
RUNBOOK = (DEPLOY / "runbook.md").read_text()
GROUPS = yaml.safe_load(RULES.read_text())["groups"]
ALERTS = {rule["alert"]: rule for group in GROUPS for rule in group["rules"] if "alert" in rule}
RECORDS = {rule["record"] for group in GROUPS for rule in group["rules"] if "record" in rule}
ENTRIES = dict(re.findall(r"^## (UploadSidecar\w+)\n(.*?)(?=^## |\Z)", RUNBOOK, re.MULTILINE | re.DOTALL))
FIELDS = (
    "Meaning", "Impact", "First panel", "Make it safe", "Fix", "Safe to retry", "Owner", "Expected result", "Way back",
)  # fmt: skip
FULL = Labels(routes=("default",), reasons=("a",), upstream_errors=("b",), shed=("c",))


def promtool(*arguments: str) -> subprocess.CompletedProcess:
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is missing: Debian has it in the package prometheus")
    return subprocess.run(
        [program, *arguments], cwd=RULES.parent, capture_output=True, text=True, check=False, timeout=100
    )


def known_names() -> set[str]:
    """Names of all series that the sidecar can have, with those that histograms add."""
    names = re.findall(r"^# (?:TYPE|HELP) (\S+)", Metrics(FULL).render()[0].decode(), re.MULTILINE)
    return {name + end for name in names for end in ("", "_bucket", "_sum", "_count")} | RECORDS


def named(text: str) -> set[str]:
    """Names of metrics in a text."""
    return set(re.findall(r"\b(?:[a-z_]+:)?upload_sidecar_[a-z0-9_]+(?::[a-z0-9_]+)?", text))


def test_rules_are_valid():
    done = promtool("check", "rules", "rules.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_alerts_fire_when_they_should_and_only_then():
    done = promtool("test", "rules", "rules_test.yaml")
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_alert_is_tried_firing_and_silent():
    tests = yaml.safe_load((RULES.parent / "rules_test.yaml").read_text())["tests"]
    tried = [case for test in tests for case in test["alert_rule_test"]]
    assert {case["alertname"] for case in tried if case.get("exp_alerts")} == set(ALERTS)
    # Once where nothing is wrong, and once more: just before, just after, or beside its threshold.
    silent = [case["alertname"] for case in tried if not case.get("exp_alerts")]
    assert {name for name in silent if silent.count(name) >= 2} == set(ALERTS)


def test_rule_of_the_operator_is_the_plain_one():
    assert RESOURCE.read_text() == resource(RULES.read_text()), "run python -m deploy.monitoring.build"
    assert yaml.safe_load(RESOURCE.read_text())["spec"]["groups"] == GROUPS


@pytest.mark.parametrize("name", ALERTS)
def test_alert_says_how_bad_it_is_and_where_to_read_on(name):
    rule = ALERTS[name]
    assert rule["labels"]["severity"] in {"critical", "warning"}
    assert set(rule["annotations"]) == {"summary", "runbook"}
    path, _, anchor = rule["annotations"]["runbook"].partition("#")
    assert DEPLOY.parent / path == DEPLOY / "runbook.md"
    assert anchor == name.lower()


def test_runbook_has_an_entry_for_each_alert_and_no_other():
    assert list(ENTRIES) == list(ALERTS)


@pytest.mark.parametrize("name", ALERTS)
def test_entry_answers_every_question(name):
    fields = dict(re.findall(r"^\| \*\*([^*]+)\*\* \| (.+) \|$", ENTRIES[name], re.MULTILINE))
    assert tuple(fields) == FIELDS
    assert re.search(r"`[^`]+`", fields["Make it safe"])
    assert re.match(r"(Yes|No|Not by itself)\b", fields["Safe to retry"])
    panels = {panel.title for row in ROWS for panel in row.panels}
    assert set(re.findall(r"“([^”]+)”", fields["First panel"])) & panels
    assert set(re.findall(r"“([^”]+)”", fields["First panel"])) <= panels


@pytest.mark.parametrize("name", ALERTS)
def test_entry_names_only_metrics_that_exist(name):
    assert named(ENTRIES[name]) <= known_names()
    assert named(ENTRIES[name])


def test_rules_ask_only_for_metrics_that_exist():
    asked = set().union(*(named(rule["expr"]) for group in GROUPS for rule in group["rules"]))
    assert asked <= known_names()
    assert "upload_sidecar_requests_total" in asked
