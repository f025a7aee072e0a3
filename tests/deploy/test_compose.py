"""What is there to try on a laptop, and the workflow of others, as far as they can be judged without running them."""

import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml

from sidecar.cli.config_file import read_config
from sidecar.inspection.doubtful import doubtful
from sidecar.policy.values.units import parse_size
from tests.deploy.containers import LOCKED_DOWN
from tests.deploy.test_rules import ALERTS, RECORDS

ROOT = Path(__file__).parents[2]
SERVICES = yaml.safe_load((ROOT / "docker-compose.yaml").read_text())["services"]
CI = yaml.safe_load((ROOT / ".github" / "workflows" / "ci.yaml").read_text())


def mounts(service: str) -> dict[str, Path]:
    """Where a service finds files of the checkout."""
    pairs = [mount.split(":") for mount in SERVICES[service].get("volumes", [])]
    assert all(way == "ro" for _, _, way in pairs)
    return {target: ROOT / source for source, target, _ in pairs}


@pytest.mark.parametrize("service", SERVICES)
def test_mounted_files_exist_and_no_port_is_open_to_the_network(service):
    assert all(path.exists() for path in mounts(service).values())
    assert all(port.startswith("127.0.0.1:") for port in SERVICES[service].get("ports", []))


@pytest.mark.parametrize(
    ("path", "schema"),
    [("docker-compose.yaml", "compose-spec"), (".github/workflows/ci.yaml", "github-workflows")],
)
def test_file_is_valid_by_the_schema_of_those_who_read_it(path, schema):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(ROOT / path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def test_docker_compose_reads_it():
    """By the program itself, which needs no daemon for this."""
    choices = (["docker-compose"], ["docker", "compose"])
    found = [words for words in choices if shutil.which(words[0]) and _works([*words, "version"])]
    if not found:
        pytest.skip("docker compose 2.17 or newer is missing")
    done = subprocess.run(
        [*found[0], "config", "--quiet"], cwd=ROOT, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr


def _works(command: list[str]) -> bool:
    told = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return told.returncode == 0 and not re.search(r"\b1\.\d+\.\d+", told.stdout)


def test_images_are_pinned_and_the_base_is_that_of_the_sidecar():
    (base,) = re.findall(r"FROM (\S+)", SERVICES["service"]["build"]["dockerfile_inline"])
    assert f"ARG BASE={base}\n" in (ROOT / "Dockerfile").read_text()
    images = [service["image"] for service in SERVICES.values() if "image" in service]
    assert all(re.search(r":v?\d+\.\d+\.\d+$", image) for image in images)


def test_sidecar_is_configured_as_its_container_is():
    config = read_config(mounts("sidecar")["/etc/upload-sidecar"] / "sidecar.yaml")
    published = {port.rpartition(":")[2] for port in SERVICES["sidecar"]["ports"]}
    assert {config.listen.rpartition(":")[2], config.admin.listen.rpartition(":")[2]} == published
    assert f'"{config.upstream.url.rpartition(":")[2]}"' in SERVICES["service"]["build"]["dockerfile_inline"]
    (size,) = re.findall(r"size=(\d+)m", SERVICES["sidecar"]["tmpfs"][0])
    assert config.spool.max_bytes <= 0.8 * parse_size(f"{size}MiB")
    assert config.scanners["clamd"].url == "clamd://clamd:3310"
    assert list(doubtful(config)) == []
    assert float(SERVICES["sidecar"]["stop_grace_period"][:-1]) > config.drain.timeout + config.drain.accept_for


def test_service_can_be_reached_through_the_sidecar_only():
    assert SERVICES["service"]["network_mode"] == "service:sidecar"
    assert "ports" not in SERVICES["service"]


def test_example_service_gets_what_the_project_says_it_needs():
    needs = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["demo"]
    assert set(re.findall(r"'([^']+)'", SERVICES["service"]["build"]["dockerfile_inline"])) == set(needs)


def test_prometheus_takes_its_configuration(tmp_path):
    program = shutil.which("promtool")
    if program is None:
        pytest.skip("promtool is missing: Debian has it in the package prometheus")
    text = mounts("prometheus")["/etc/prometheus/prometheus.yml"].read_text()
    rules = mounts("prometheus")["/etc/prometheus/rules.yaml"]
    path = tmp_path / "prometheus.yml"
    path.write_text(text.replace("/etc/prometheus/rules.yaml", str(rules)))
    done = subprocess.run(
        [program, "check", "config", str(path)], capture_output=True, text=True, check=False, timeout=30
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert f"{len(ALERTS) + len(RECORDS)} rules found" in done.stdout


def test_grafana_finds_the_dashboard_and_its_prometheus():
    provisioning = mounts("grafana")["/etc/grafana/provisioning"]
    (provider,) = yaml.safe_load((provisioning / "dashboards" / "upload-sidecar.yaml").read_text())["providers"]
    (source,) = yaml.safe_load((provisioning / "datasources" / "prometheus.yaml").read_text())["datasources"]
    dashboard = Path(SERVICES["grafana"]["environment"]["GF_DASHBOARDS_DEFAULT_HOME_DASHBOARD_PATH"])
    assert str(dashboard) in mounts("grafana")
    assert str(dashboard.parent) == provider["options"]["path"]
    assert (source["type"], source["url"]) == ("prometheus", "http://prometheus:9090")


def test_workflow_runs_the_one_script_and_may_only_read():
    steps = [step for job in CI["jobs"].values() for step in job["steps"]]
    assert {"run": ".ci/run"} in steps
    assert CI["permissions"] == {"contents": "read"}
    assert any("--sbom=true" in step.get("run", "") for step in steps)
    assert all(re.search(r"@[0-9a-f]{40}$", step["uses"]) for step in steps if "uses" in step)


def test_steps_of_the_workflow_are_valid_shell_and_the_image_is_tried_as_the_tests_try_it():
    scripts = [step["run"] for job in CI["jobs"].values() for step in job["steps"] if "run" in step]
    for script in scripts:
        subprocess.run(["bash", "-n"], input=script, text=True, check=True, timeout=30)
    (tried,) = [script for script in scripts if "docker run" in script]
    assert {"--read-only", "--cap-drop=ALL", "--tmpfs=/tmp:rw,noexec,nosuid,nodev"} <= set(LOCKED_DOWN)
    assert "--read-only --cap-drop ALL --tmpfs /tmp:rw,noexec,nosuid,nodev upload-sidecar:ci --version" in tried


def test_deployment_page_names_only_what_exists():
    page = (ROOT / "docs" / "deploy.md").read_text()
    places = {place for place in re.findall(r"deploy/[\w./-]+\w", page) if "/overlays/shop" not in place}
    assert len(places) > 4
    assert all((ROOT / place).exists() for place in places)
    links = re.findall(r"\]\(([^)#]+)\)", page)
    assert all((ROOT / "docs" / link).exists() for link in links)
    modules = re.findall(r"python -m ([\w.]+)", page)
    assert all((ROOT / (module.replace(".", "/") + ".py")).exists() for module in modules)
