import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from sidecar.inspection.catalogue import inspection_reasons
from sidecar.policy.settings.model import Config
from sidecar.policy.values.units import parse_seconds, parse_size
from sidecar.proxy.reasons import REASONS

ROOT = Path(__file__).parents[2]
TARGETS = re.findall(r"^([a-z]+):.*## (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)
DEFAULTS = re.findall(r"^\| `([a-z_.]+)` \| `([^`]+)` \|", (ROOT / "SECURITY.md").read_text(), re.MULTILINE)


def setting(path):
    value = Config()
    for name in path.split("."):
        value = value[name] if isinstance(value, dict) else getattr(value, name)
    return value


@pytest.mark.parametrize(("path", "told"), DEFAULTS)
def test_defaults_in_the_security_page_are_the_real_ones(path, told):
    match setting(path):
        case str() as text:
            assert told == text
        case float() as seconds:
            assert parse_seconds(told) == seconds
        case number:
            assert parse_size(told) == number


def test_security_page_tells_of_the_defaults_that_matter_most():
    assert {"mode", "listen", "admin.listen", "policies.default.not_examined"} <= {path for path, _ in DEFAULTS}


def test_codes_that_developers_are_told_of_are_given():
    rows = re.findall(r"^\| (`[^|]+) \|", (ROOT / "docs" / "refused.md").read_text(), re.MULTILINE)
    told = {code for row in rows for code in re.findall(r"`([a-z0-9_]+)`", row)} - {"code"}
    assert len(told) > 20
    assert told <= {reason.code for reason in (*inspection_reasons(), *REASONS)}


def test_probe_of_half_a_request_is_whole_up_to_where_it_stops():
    (probe,) = re.findall(
        r"^```\n(\(printf .*?)^```", (ROOT / "docs/deliveries.md").read_text(), re.MULTILINE | re.DOTALL
    )
    probe = probe.replace("sleep 2", "true").replace("timeout 3 nc 127.0.0.1 8000", "cat")
    sent = subprocess.run(["bash", "-c", probe], capture_output=True, check=True, timeout=30).stdout
    _, _, body = sent.partition(b"\r\n\r\n")
    length, _, rest = body.partition(b"\r\n")
    assert rest[int(length, 16) :] == b"\r\n"  # the chunk ends there, and no last one follows


def test_make_has_at_most_twelve_targets_and_lists_them_all():
    make = shutil.which("make")
    if make is None:
        pytest.skip("make is missing: apt-get install make")
    environ = {key: value for key, value in os.environ.items() if not key.startswith("MAKE")}  # of the make around us
    listed = subprocess.run(
        [make], cwd=ROOT, env=environ, capture_output=True, text=True, check=True, timeout=30
    ).stdout
    phony = re.search(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()
    assert [name for name, _ in TARGETS] == phony
    assert len(phony) <= 12
    assert [line.split()[1] for line in listed.splitlines()] == phony


def test_contributors_page_names_only_targets_that_exist():
    named = set(re.findall(r"`make ([a-z]+)", (ROOT / "CONTRIBUTING.md").read_text()))
    assert named <= {name for name, _ in TARGETS}
    assert "test" in named


def test_ci_runs_are_valid_shell_and_executable():
    script = ROOT / ".ci" / "run"
    assert script.stat().st_mode & 0o111
    subprocess.run(["bash", "-n", str(script)], check=True, timeout=30)
