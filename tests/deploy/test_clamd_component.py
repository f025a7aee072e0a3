"""The component clamd renders beside any overlay, and a real clamd with that very configuration finds malware."""

import json
import os
import shutil
import socket
import subprocess
import tempfile
from pathlib import Path

import pytest

from sidecar.inspection.checks.eicar import TEST_STRING as EICAR
from sidecar.policy.settings.model import Policy
from sidecar.policy.settings.scanners import parse_engine
from sidecar.policy.values.units import parse_size
from tests.deploy.manifests import DEPLOY, overlay, rendered, restricted, strictly_valid
from tests.e2e.process import SidecarProcess
from tests.scanners.daemons import answers, end, free_port, waited_for
from tests.wire import Wire, form, post

COMPONENT = DEPLOY / "components" / "clamd"
NOBODY = 65532


@pytest.fixture(scope="module")
def with_clamd(tmp_path_factory):
    """The overlay `enforce` with one component more."""
    copy = tmp_path_factory.mktemp("deploy") / "deploy"
    shutil.copytree(DEPLOY, copy, ignore=shutil.ignore_patterns("__pycache__"))
    file = copy / "overlays" / "enforce" / "kustomization.yaml"
    file.write_text(file.read_text().replace("components: [", "components: [../../components/clamd, "))
    return rendered(str(file.parent))


def ours(objects, kind):
    (found,) = [item for item in objects if item["kind"] == kind and item["metadata"]["name"].startswith("clamd")]
    return found


def test_component_adds_a_clamd_and_changes_nothing_else(with_clamd, tmp_path):
    strictly_valid(with_clamd, tmp_path)
    added = [item["kind"] for item in with_clamd if item["metadata"]["name"].startswith("clamd")]
    assert sorted(added) == ["ConfigMap", "Deployment", "NetworkPolicy", "Service"]
    rest = [item for item in with_clamd if not item["metadata"]["name"].startswith("clamd")]
    assert rest == list(overlay("enforce"))


def test_its_pods_meet_pod_security_restricted_and_have_no_token(with_clamd):
    spec = ours(with_clamd, "Deployment")["spec"]["template"]["spec"]
    assert restricted(spec) == []
    assert spec["automountServiceAccountToken"] is False
    for container in spec["initContainers"] + spec["containers"]:
        assert container["securityContext"]["readOnlyRootFilesystem"] is True
        assert container["image"].startswith("clamav/clamav:1.")
        assert "memory" in container["resources"]["limits"]


def test_only_sidecars_reach_it_where_the_documents_say(with_clamd):
    policy = ours(with_clamd, "NetworkPolicy")["spec"]
    assert policy["ingress"][0]["from"] == [{"podSelector": {"matchLabels": {"upload-sidecar": "injected"}}}]
    service = ours(with_clamd, "Service")
    engine = parse_engine(f"clamd://{service['metadata']['name']}")
    assert engine.address.port == service["spec"]["ports"][0]["port"]


def test_its_files_are_where_the_containers_look(with_clamd):
    spec = ours(with_clamd, "Deployment")["spec"]["template"]["spec"]
    (config,) = [volume["configMap"]["name"] for volume in spec["volumes"] if "configMap" in volume]
    (maps,) = [item for item in with_clamd if item["metadata"]["name"] == config]
    assert set(maps["data"]) == {"clamd.conf", "freshclam.conf"}
    asked = {word for container in spec["initContainers"] + spec["containers"] for word in container["command"]}
    assert {f"--config-file=/etc/clamd/{name}" for name in maps["data"]} <= asked


def test_programs_of_clamav_know_every_option():
    clamconf = shutil.which("clamconf")
    if clamconf is None:
        pytest.skip("clamconf is missing: apt-get install clamav-daemon")
    done = subprocess.run(
        [clamconf, f"--config-dir={COMPONENT}"], capture_output=True, text=True, check=False, timeout=30
    )
    assert "ERROR" not in done.stdout + done.stderr
    assert "Config file: freshclam.conf\n" in done.stdout
    assert 'DatabaseMirror = "database.clamav.net"' in done.stdout


def local(text: str, directory: Path, port: int) -> str:
    """The configuration on this machine: another directory, another port, and loopback."""
    places = {
        "DatabaseDirectory /var/lib/clamav": f"DatabaseDirectory {directory}/signatures",
        "TemporaryDirectory /tmp": f"TemporaryDirectory {directory}/scratch",
        "TCPSocket 3310": f"TCPSocket {port}",
        "TCPAddr 0.0.0.0": "TCPAddr 127.0.0.1",
    }
    for theirs, here in places.items():
        assert theirs in text
        text = text.replace(theirs, here, 1)
    return text


@pytest.fixture
def clamd():
    """A real clamd as the container starts it: that configuration, and the user who may nothing."""
    program = shutil.which("clamd") or "/usr/sbin/clamd"
    if not Path(program).exists():
        pytest.skip("clamd is missing: apt-get install clamav-daemon")
    if os.geteuid() != 0:
        pytest.skip("only root can become another user")
    directory, port = Path(tempfile.mkdtemp()), free_port()
    directory.chmod(0o755)  # pytest's own directories are closed to other users
    for name in ("signatures", "scratch"):
        (directory / name).mkdir()
        os.chown(directory / name, NOBODY, NOBODY)
    (directory / "signatures" / "test.ndb").write_text(f"Test.Eicar:0:*:{EICAR.hex()}\n")
    (directory / "clamd.conf").write_text(local((COMPONENT / "clamd.conf").read_text(), directory, port))
    process = subprocess.Popen(
        [program, f"--config-file={directory}/clamd.conf"], user=NOBODY, group=NOBODY, extra_groups=[],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        waited_for(lambda: answers(socket.AF_INET, ("127.0.0.1", port)), process, "clamd")
        yield f"clamd://127.0.0.1:{port}"
    finally:
        end(process)
        shutil.rmtree(directory)


@pytest.fixture
async def sidecar(clamd, service, tmp_path):
    settings = {
        "mode": "enforce",
        "listen": "127.0.0.1:0",
        "admin": {"listen": "127.0.0.1:0"},
        "upstream": {"url": service.url},
        "spool": {"directory": str(tmp_path)},
        "scanners": {"clamd": {"url": clamd}},
        "policies": {"default": {"checks": {"eicar": "off"}, "scanners": {"use": ["clamd"]}}},
    }
    path = tmp_path / "sidecar.yaml"
    path.write_text(json.dumps(settings))
    sidecar = await SidecarProcess.start(path)
    yield sidecar
    await sidecar.kill()


async def test_sidecar_with_it_refuses_the_test_file_and_lets_an_honest_one_in(sidecar, service):
    wire = await Wire.open(sidecar.port)
    answer = await wire.ask(post(form(("doc", "a.txt", "text/plain", EICAR))))
    assert (answer.status, json.loads(answer.body)["code"]) == (422, "malware_found")
    assert (await wire.ask(post(form(("doc", "a.txt", "text/plain", b"nothing but words"))))).status == 200
    assert len(service.requests) == 1


def test_its_limits_hold_the_files_that_a_policy_lets_in_by_default():
    sizes = dict(line.split() for line in (COMPONENT / "clamd.conf").read_text().splitlines() if line.endswith("M"))
    largest = Policy().max_file
    assert parse_size(sizes["StreamMaxLength"] + "iB") >= largest
    assert sizes["MaxFileSize"] == sizes["StreamMaxLength"]
