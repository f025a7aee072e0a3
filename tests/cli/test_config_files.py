import json
import re

import pytest

from sidecar.cli.config_file import settings_of_checks
from sidecar.inspection.catalogue import all_checks
from sidecar.policy.loading.load import load
from sidecar.policy.loading.tree import settings_below
from sidecar.policy.loading.yaml_document import parse_document
from sidecar.policy.settings.base import default_of
from sidecar.policy.settings.model import Config
from sidecar.proxy.control.restart_only import RESTART_ONLY
from tests.cli.conftest import ROOT

CONFIG = ROOT / "config"
MANUAL = (CONFIG / "sidecar.yaml").read_text()
# In the manual, `#setting: value` is a setting at its default; `# text` is text.
UNCOMMENTED = re.sub(r"^( *)#((?:  )*[a-z_]+:(?: .*)?)$", r"\1\2", MANUAL, flags=re.MULTILINE)
WRITTEN = parse_document(UNCOMMENTED)
LONG_LIST = 8


def checked(text):
    return load(text, {}, settings_of_checks())


@pytest.mark.parametrize(
    "path", [CONFIG / "sidecar.yaml", *sorted(CONFIG.glob("examples/*.yaml"))], ids=lambda path: path.name
)
def test_every_configuration_in_the_project_is_right_and_points_to_its_schema(cli, path):
    done = cli("check", path)
    assert (done.code, done.err) == (0, "")
    told = re.match(r"# yaml-language-server: \$schema=(\S+)\n", path.read_text())[1]
    assert json.loads((path.parent / told).read_text())["title"] == "Configuration of the upload sidecar"


@pytest.mark.parametrize(
    ("name", "mode"), [("off", "off"), ("monitor", "monitor"), ("enforce", "enforce"), ("avatars", "monitor")]
)
def test_the_examples_are_in_the_mode_that_they_are_for(name, mode):
    config = checked((CONFIG / "examples" / f"{name}.yaml").read_text())
    assert config.mode.value == mode
    assert config.change.owner
    assert config.change.reason


def test_a_commented_setting_in_the_manual_shows_its_default():
    assert checked(UNCOMMENTED) == with_explicit_checks(checked(MANUAL))
    assert (
        UNCOMMENTED.count("\n") == MANUAL.count("\n") != sum(a == b for a, b in zip(UNCOMMENTED, MANUAL, strict=False))
    )


def test_the_manual_names_every_setting_that_needs_a_restart():
    (told,) = re.findall(r"Only (`.*?) need a restart", MANUAL.replace("\n#  ", ""), re.DOTALL)
    assert tuple(re.findall(r"`([a-z.]+)`", told)) == RESTART_ONLY


def with_explicit_checks(config):
    """The configuration as it is with every check named at its default."""
    named = WRITTEN.data["policies"]["default"]["checks"]
    explicit = {
        name: "on" if named[name] == "on" else settings_type()
        for name, settings_type in settings_of_checks().items()
        if name in named
    }
    policies = {name: policy.replaced(checks=explicit) for name, policy in config.policies.items()}
    return config.replaced(policies=policies)


def default(setting):
    return default_of(setting.holder, setting.name)


def all_settings():
    for setting in settings_below(Config):
        yield setting.path.replace("scanners.NAME", "scanners.clamav").replace("NAME", "default"), default(setting)
    for name, check in all_checks().items():
        yield f"policies.default.checks.{name}", None
        for setting in settings_below(check.settings_type, f"policies.default.checks.{name}"):
            yield setting.path, default(setting)


SETTINGS = list(all_settings())


@pytest.mark.parametrize(("path", "default"), SETTINGS, ids=[path for path, _ in SETTINGS])
def test_the_manual_shows_every_setting(path, default):
    steps = [step for part in path.split(".") for step in ((part[:-2], 0) if part.endswith("[]") else (part,))]
    if steps == ["routes", 0, "path"] or not is_long_list(default):
        assert tuple(steps) in WRITTEN.lines
    else:
        assert f"{steps[-1]}: [" in MANUAL


def is_long_list(default):
    return isinstance(default, tuple) and len(default) > LONG_LIST
