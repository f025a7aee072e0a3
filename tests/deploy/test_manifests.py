"""Every overlay renders, is valid, and keeps what the documents promise of it."""

import re
import shutil
from pathlib import Path

import pytest

from sidecar.cli.config_file import read_config
from sidecar.policy.settings.base import MiB
from sidecar.policy.values.units import parse_size
from tests.deploy.manifests import DEPLOY, LEGACY, OLDEST, one, overlay, pod, rendered, restricted, strictly_valid

OVERLAYS = ("monitor", "canary", "enforce", "off")
WITH_PODS = {"Deployment", "StatefulSet", "DaemonSet", "Job"}


@pytest.fixture
def legacy(tmp_path):
    """The example with a plain container, in a copy, since kustomize takes no paths from elsewhere."""
    for part in ("components", "example"):
        shutil.copytree(DEPLOY / part, tmp_path / part, ignore=shutil.ignore_patterns("__pycache__"))
    application = tmp_path / "example" / "application.yaml"
    application.write_text(application.read_text().replace("inject: enabled", "inject: legacy"))
    (tmp_path / "kustomization.yaml").write_text("resources: [example]\ncomponents: [components/sidecar-legacy]\n")
    return rendered(str(tmp_path))


@pytest.mark.parametrize("name", [*OVERLAYS, "injection"])
def test_overlay_is_strictly_valid(name, tmp_path):
    strictly_valid(overlay(name), tmp_path)


def test_overlay_is_valid_where_native_sidecars_began_and_the_plain_container_before(legacy, tmp_path):
    strictly_valid(overlay("monitor"), tmp_path, OLDEST)
    strictly_valid(legacy, tmp_path, LEGACY)


@pytest.mark.parametrize("name", [*OVERLAYS, "injection"])
def test_pods_meet_pod_security_restricted(name):
    pods = [item["spec"]["template"]["spec"] for item in overlay(name) if item["kind"] in WITH_PODS]
    assert [restricted(spec) for spec in pods] == [[]] * len(pods)
    assert pods


def test_a_container_that_breaks_pod_security_is_found():
    assert restricted({"containers": [{"name": "a"}], "hostNetwork": True}) == ["hostNetwork", "a"]


def test_switching_between_overlays_restarts_no_pod():
    assert all(pod(overlay(name)) == pod(overlay("monitor")) for name in OVERLAYS)


@pytest.mark.parametrize(
    ("name", "port"), [("monitor", "upload-sidecar"), ("enforce", "upload-sidecar"), ("off", "http")]
)
def test_service_leads_to_the_sidecar_but_for_off(name, port):
    assert one(overlay(name), "Service")["spec"]["ports"][0]["targetPort"] == port
    assert {"port": port} in one(overlay(name), "NetworkPolicy")["spec"]["ingress"][0]["ports"]


def test_service_of_off_reaches_the_application_which_listens_on_more_than_loopback():
    port = one(overlay("off"), "Service")["spec"]["ports"][0]["targetPort"]
    application = pod(overlay("off"))["spec"]["containers"][0]
    said = dict(zip(application["command"], application["command"][1:], strict=False))
    assert said.get("--host") == "0.0.0.0"
    assert {"name": port, "containerPort": int(said["--port"])} in application["ports"]


def test_sidecar_is_native_and_the_application_waits_for_its_drain():
    spec = pod(overlay("monitor"))["spec"]
    (sidecar,) = spec["initContainers"]
    assert (sidecar["name"], sidecar["restartPolicy"]) == ("upload-sidecar", "Always")
    assert {"startupProbe", "readinessProbe", "livenessProbe"} <= set(sidecar)
    application = spec["containers"][0]
    assert application["name"] == "application"
    assert application["lifecycle"]["preStop"]["httpGet"] == {"path": "/drain", "port": 9091}


def test_legacy_sidecar_is_the_same_but_plain(legacy):
    spec, native = pod(legacy)["spec"], pod(overlay("monitor"))["spec"]
    (plain,) = [container for container in spec["containers"] if container["name"] == "upload-sidecar"]
    ours = native["initContainers"][0]
    assert {**plain, "restartPolicy": "Always", "image": ours["image"]} == ours
    (application,) = [container for container in spec["containers"] if container["name"] == "application"]
    assert application["lifecycle"] == native["containers"][0]["lifecycle"]
    assert restricted(spec) == []


@pytest.mark.parametrize("name", OVERLAYS)
def test_configuration_fits_the_pod(name, tmp_path):
    path = tmp_path / "sidecar.yaml"
    path.write_text(one_config(name))
    config, template = read_config(path), pod(overlay(name))
    spec = template["spec"]
    (spool,) = [volume["emptyDir"] for volume in spec["volumes"] if "emptyDir" in volume and "spool" in volume["name"]]
    assert config.spool.max_bytes <= 0.8 * parse_size(spool["sizeLimit"] + "B")
    assert config.drain.timeout + config.drain.accept_for < spec["terminationGracePeriodSeconds"] < config.drain.lease
    (limits,) = [each["resources"]["limits"] for each in spec["initContainers"] if each["name"] == "upload-sidecar"]
    held = config.spool.max_memory + config.isolation.workers * config.isolation.memory + 128 * MiB
    assert held <= parse_size(limits["memory"] + "B")
    mounts = {mount["mountPath"] for mount in spec["initContainers"][0]["volumeMounts"]}
    assert {config.spool.directory, str(Path(config.mode_file).parent)} <= mounts
    ports = {port["containerPort"] for port in spec["initContainers"][0]["ports"]}
    assert {
        int(place.rpartition(":")[2]) for place in (config.listen, config.admin.listen, config.drain.listen)
    } == ports
    assert config.mode.value == {"canary": "enforce"}.get(name, name)


def one_config(name: str) -> str:
    (found,) = [
        item["data"]["sidecar.yaml"]
        for item in overlay(name)
        if item["kind"] == "ConfigMap" and item["metadata"]["name"] == "upload-sidecar"
    ]
    return found


def test_canary_enforces_for_a_share():
    assert re.search(r"^enforce_percent: 10$", one_config("canary"), re.MULTILINE)


def test_only_pods_with_a_sidecar_are_scraped():
    monitor = one(overlay("monitor"), "PodMonitor")["spec"]
    labels = pod(overlay("monitor"))["metadata"]["labels"]
    assert monitor["selector"]["matchLabels"].items() <= labels.items()
    assert monitor["podMetricsEndpoints"][0]["port"] == "sidecar-admin"
