"""The image runs as the rendered pod says: its user, arguments and mounts, its configuration and its switch."""

import json
import time
import urllib.request
from pathlib import Path

import pytest

from tests.deploy import containers
from tests.deploy.manifests import overlay, pod

pytestmark = pytest.mark.timeout(400)
SWITCHED_WITHIN = 5.0
"""Seconds; half of one where nothing else runs."""


@pytest.fixture(scope="module")
def native() -> dict:
    (sidecar,) = pod(overlay("enforce"))["spec"]["initContainers"]
    return sidecar


@pytest.fixture
def volumes(tmp_path, native) -> tuple[dict[str, Path], list[str]]:
    """What the kubelet would mount, and the flags that mount it."""
    (settings,) = [
        item["data"]
        for item in overlay("enforce")
        if item["kind"] == "ConfigMap" and item["metadata"]["name"] == "upload-sidecar"
    ]
    places, flags = {}, []
    for mount in native["volumeMounts"]:
        directory = places[mount["name"]] = tmp_path / mount["name"]
        directory.mkdir()
        directory.chmod(0o777)  # of an emptyDir
        flags.append(f"--volume={directory}:{mount['mountPath']}:{'ro' if mount.get('readOnly') else 'rw'}")
    tmp_path.chmod(0o755)
    for name, text in settings.items():
        (places["upload-sidecar-config"] / name).write_text(text)
    annotate(places["upload-sidecar-switch"], "1", other="x")
    return places, flags


def annotate(directory: Path, version: str, **annotations: str) -> None:
    """A downward-API volume as the kubelet writes it: a directory of its own for each version, then one link."""
    (directory / f"..{version}").mkdir()
    lines = [f"{key}={json.dumps(value)}" for key, value in {"upload-sidecar/inject": "enabled", **annotations}.items()]
    (directory / f"..{version}" / "annotations").write_text("\n".join(lines))
    (directory / "..next").symlink_to(f"..{version}")
    (directory / "..next").replace(directory / "..data")
    if not (directory / "annotations").is_symlink():
        (directory / "annotations").symlink_to("..data/annotations")


def mode(address: str) -> str:
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as answer:
        lines = answer.read().decode().splitlines()
    (found,) = [line for line in lines if line.startswith("upload_sidecar_mode{") and line.endswith(" 1.0")]
    return found.split('"')[1]


def test_image_runs_with_the_configuration_of_the_overlay_and_obeys_the_annotation(store, native, volumes):
    places, flags = volumes
    security = native["securityContext"]
    user = f"--user={security['runAsUser']}:{security['runAsGroup']}"
    with containers.running(store, *flags, user, command=tuple(native["args"]), **containers.ANY_PORTS) as container:
        address = container.started()["admin"]
        assert mode(address) == "enforce"
        annotate(places["upload-sidecar-switch"], "2", **{"upload-sidecar/mode": "off"})
        end = time.monotonic() + SWITCHED_WITHIN
        while mode(address) != "off":
            assert time.monotonic() < end, container.lines()[-1]
            time.sleep(0.02)
        told = [line for line in container.lines() if line["event"] == "mode"][-1]
        assert (told["mode"], told["lowered"]) == ("off", True)
