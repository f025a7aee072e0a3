"""What kustomize makes of the overlays, and what Kubernetes would say of it."""

import shutil
import subprocess
import sys
from collections.abc import Iterable
from functools import cache
from pathlib import Path

import pytest
import yaml

DEPLOY = Path(__file__).parents[2] / "deploy"
NEWEST, OLDEST, LEGACY = "1.37.0", "1.29.0", "1.25.0"
"""Versions of Kubernetes: the newest, the oldest with native sidecars, and one for the plain container."""
FOREIGN = {"PodMonitor", "PrometheusRule"}
"""Kinds of the Prometheus operator, whose schema Kubernetes does not have."""
VOLUMES = {
    "configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "persistentVolumeClaim", "projected", "secret",
}  # fmt: skip


@cache
def rendered(place: str) -> tuple[dict, ...]:
    kubectl = shutil.which("kubectl")
    if kubectl is None:
        pytest.skip("kubectl 1.21 or newer is missing; .ci/run installs it where npm is, Debian has an older one")
    done = subprocess.run([kubectl, "kustomize", place], capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stderr
    return tuple(yaml.safe_load_all(done.stdout))


def overlay(name: str) -> tuple[dict, ...]:
    return rendered(str(DEPLOY / "overlays" / name))


def one(objects: tuple[dict, ...], kind: str) -> dict:
    (found,) = [item for item in objects if item["kind"] == kind]
    return found


def pod(objects: tuple[dict, ...]) -> dict:
    return one(objects, "Deployment")["spec"]["template"]


def strictly_valid(objects: Iterable[dict], directory: Path, kubernetes: str = NEWEST) -> None:
    """Fails with what is wrong with them by the schema of Kubernetes, unknown fields included."""
    pytest.importorskip("kubernetes_validate", reason="pip install kubernetes-validate")
    path = directory / "all.yaml"
    path.write_text(yaml.safe_dump_all(item for item in objects if item["kind"] not in FOREIGN))
    command = [sys.executable, "-m", "kubernetes_validate", "--strict", "-k", kubernetes, str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 0, done.stdout + done.stderr


def restricted(spec: dict) -> list[str]:
    """What breaks the PodSecurity standard `restricted`, as Kubernetes documents it."""
    broken = [key for key in ("hostNetwork", "hostPID", "hostIPC") if spec.get(key)]
    broken += [volume["name"] for volume in spec.get("volumes", []) if not set(volume) - {"name"} <= VOLUMES]
    for container in spec.get("initContainers", []) + spec["containers"]:
        security = container.get("securityContext", {})
        keeps = (
            security.get("allowPrivilegeEscalation") is False
            and security.get("runAsNonRoot") is True
            and security.get("runAsUser") != 0
            and security.get("capabilities") == {"drop": ["ALL"]}
            and security.get("seccompProfile", {}).get("type") in {"RuntimeDefault", "Localhost"}
            and not security.get("privileged")
        )
        ports = [port for port in container.get("ports", []) if "hostPort" in port]
        broken += [] if keeps and not ports else [container["name"]]
    return broken
