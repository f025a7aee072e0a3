"""Every command of the operators' pages is run: here, against an API server that is not there, or by another test."""

import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from sidecar.cli.config_file import read_config
from sidecar.cli.main import parser
from sidecar.policy.settings.model import Config
from tests.deploy.manifests import overlay, pod
from tests.e2e.process import SidecarProcess
from tests.wire import PNG

ROOT = Path(__file__).parents[2]
PAGES = ("docs/deploy.md", "docs/dashboard.md", "docs/rollout.md", "docs/refused.md", "deploy/runbook.md")
PROGRAMS = "kubectl|docker|upload-sidecar|promtool|python3?|cp|curl|freshclam|git|make|pip"
MENTIONED = {"kubectl apply -k", "kubectl port-forward", "git revert"}
"""Named in a sentence without what they are about, which the sentence says."""
ELSEWHERE = {
    "docker build -t REGISTRY/upload-sidecar:0.1.0 .": "test_image.py",  # by buildah, which needs no daemon
    "docker compose up --build": "test_laptop.py",  # part by part: images of others need a registry
    "python -m deploy.dashboard.picture http://127.0.0.1:9095 dashboard.svg --seconds 600": "test_laptop.py",
    "promtool test rules deploy/monitoring/rules_test.yaml": "test_rules.py",
}
EXAMPLES = {
    "NAMESPACE": "shop", "POD": "shop-0", "NAME": "default", "=N": "=4", "FILE": "deploy/overlays/monitor/sidecar.yaml",
    "PICTURE": "cat.png",
}  # fmt: skip


def blocks(page: str) -> list[tuple[str, str]]:
    """Language and text of every fenced block."""
    fenced = re.finditer(r"^( *)```(\w*)\n(.*?)^\1```$", (ROOT / page).read_text(), re.MULTILINE | re.DOTALL)
    return [(match[2], re.sub(f"^{match[1]}", "", match[3], flags=re.MULTILINE)) for match in fenced]


def commands(page: str) -> set[str]:
    """Lines of blocks without a language, and what stands in backticks and begins with a program."""
    lines = [line.split("  #")[0].strip() for kind, text in blocks(page) if not kind for line in text.splitlines()]
    prose = re.sub(r"^ *```.*?^ *```$", "", (ROOT / page).read_text(), flags=re.MULTILINE | re.DOTALL)
    spans = re.findall(r"`([^`\n]+)`", prose)
    return {text for text in lines + spans if re.match(rf"(?:{PROGRAMS}) ", text)}


ALL = sorted({command for page in PAGES for command in commands(page)})
FOR_A_CLUSTER = [text for text in ALL if re.match(r"kubectl (?!kustomize)", text) and text not in MENTIONED]
FOR_OPERATORS = [text for text in ALL if text.startswith("curl ")]
HERE = [text for text in ALL if text not in {*FOR_A_CLUSTER, *FOR_OPERATORS, *MENTIONED, *ELSEWHERE}]


@pytest.fixture(scope="module")
def copy(tmp_path_factory) -> Path:
    """What the commands need of a checkout, which they may change; after the first command of the page."""
    directory = tmp_path_factory.mktemp("checkout")
    shutil.copytree(ROOT / "deploy", directory / "deploy", ignore=shutil.ignore_patterns("__pycache__"))
    (directory / "cat.png").write_bytes(PNG)
    (first,) = [text for text in ALL if text.startswith("cp ")]
    subprocess.run(shlex.split(first), cwd=directory, check=True, timeout=30)
    return directory


def run(command: str, directory: Path, **environ: str) -> subprocess.CompletedProcess:
    for name, example in EXAMPLES.items():
        command = command.replace(name, example)
    program, *arguments = shlex.split(command)
    own = Path(sys.executable).parent
    found = shutil.which(program, path=f"{own}{os.pathsep}{os.environ['PATH']}")
    if found is None:
        pytest.skip(f"{program} is missing")
    return subprocess.run(
        [found, *arguments], cwd=directory, capture_output=True, text=True, check=False, timeout=60,
        env={**os.environ, **environ},
    )  # fmt: skip


@pytest.mark.parametrize("command", HERE)
def test_command_does_what_it_should(command, copy):
    named = re.fullmatch(r"upload-sidecar [a-z]+", command)  # in a sentence, without what it is about
    done = run(f"{command} --help" if named else command, copy)
    assert done.returncode == 0, done.stdout + done.stderr


@pytest.fixture
async def sidecar(tmp_path):
    path = tmp_path / "sidecar.yaml"
    path.write_text("listen: 127.0.0.1:0\nadmin: {listen: 127.0.0.1:0}\nisolation: {spare: 0}\nmode: enforce\n")
    sidecar = await SidecarProcess.start(path)
    yield sidecar
    await sidecar.kill()


async def test_commands_for_the_admin_port_are_taken_there(sidecar, tmp_path):
    assert len(FOR_OPERATORS) >= 4
    for command in FOR_OPERATORS:
        here = command.replace("127.0.0.1:9090", f"127.0.0.1:{sidecar.admin_port}").replace("curl ", "curl -s --fail ")
        done = await asyncio.to_thread(run, here, tmp_path)
        assert done.returncode == 0, here
        assert isinstance(json.loads(done.stdout), dict)


@pytest.mark.parametrize("command", FOR_A_CLUSTER)
def test_command_for_a_cluster_is_understood_and_asks_the_api_server(command, copy):
    """There is none; kubectl reads its arguments, and for `-k` renders, before it finds that out."""
    done = run(command, copy, KUBECONFIG=os.devnull, KUBERNETES_MASTER="http://127.0.0.1:1")
    assert done.returncode == 1
    assert "refused" in done.stderr, done.stderr
    _, _, within = command.partition(" -- upload-sidecar ")
    if within:
        assert parser().parse_args(shlex.split(within)).run


def test_copy_that_is_made_first_is_what_is_checked_and_applied():
    named = [text for text in commands("docs/deploy.md") if "deploy/overlays/" in text]
    (first,) = [text for text in named if text.startswith("cp ")]
    copied = shlex.split(first)[-1]
    assert len(named) > 3
    assert [text for text in named if copied not in text] == []


def test_command_that_kubectl_does_not_know_is_found(copy):
    done = run("kubectl -n NAMESPACE annotate pod -l a=b c=d --overwrit", copy, KUBERNETES_MASTER="http://127.0.0.1:1")
    assert "unknown flag" in done.stderr


def test_pages_have_commands_of_every_kind_and_others_run_what_is_not_run_here():
    assert len(FOR_A_CLUSTER) >= 10
    assert len(HERE) >= 5
    assert {*ELSEWHERE, *MENTIONED} <= set(ALL)
    assert all((ROOT / "tests" / "deploy" / name).exists() for name in ELSEWHERE.values())
    assert "deploy.dashboard.picture" in (ROOT / "tests/deploy/test_laptop.py").read_text()


def test_settings_in_the_pages_are_valid(tmp_path):
    found = [text for page in PAGES for kind, text in blocks(page) if kind == "yaml"]
    ours = [text for text in found if not {"metadata", "components"} & set(yaml.safe_load(text))]
    assert len(found) - len(ours) >= 3
    for text in ours:
        (tmp_path / "sidecar.yaml").write_text(text)
        assert read_config(tmp_path / "sidecar.yaml")


def test_names_in_the_commands_are_those_of_the_manifests():
    labels = pod(overlay("monitor"))["metadata"]["labels"]
    names = {item["name"] for item in pod(overlay("monitor"))["spec"]["initContainers"]} | {"freshclam"}
    for command in FOR_A_CLUSTER:
        words = shlex.split(command)
        selectors = [words[at + 1] for at, word in enumerate(words) if word == "-l"]
        assert all(dict([text.split("=")]).items() <= labels.items() for text in selectors)
        assert {words[at + 1] for at, word in enumerate(words) if word == "-c"} <= names
        if "annotate" in words:
            keys = {re.split("[=-]$|=", word)[0] for word in words if word.startswith("upload-sidecar/")}
            assert keys <= {Config().mode_file_key, "upload-sidecar/touched"}
            assert keys


def test_what_the_builders_write_is_what_is_committed(copy):
    for made in ("components/monitoring/prometheus-rule.yaml", "components/injection/policies.yaml"):
        assert (copy / "deploy" / made).read_text() == (ROOT / "deploy" / made).read_text()
