import importlib
import pkgutil

import pytest

import sidecar
from docs.generate import generated
from sidecar.inspection.catalogue import all_checks, inspection_reasons
from sidecar.inspection.reason import reasons_in
from sidecar.policy.loading.tree import bare, is_mapping, settings_below
from sidecar.policy.settings.base import fields_of
from sidecar.policy.settings.model import Config
from sidecar.proxy.reasons import REASONS
from sidecar.scanners import reasons as scans

PAGES = generated()


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.name)
def test_generated_files_are_fresh(path):
    assert path.read_text() == PAGES[path], "run `make docs`"


def page(name):
    return next(text for path, text in PAGES.items() if path.name == name)


def test_every_setting_that_holds_a_value_is_in_the_table():
    groups = {setting.group for setting in settings_below(Config)}
    told = page("settings.md")
    missing = [setting.path for setting in settings_below(Config) if setting.path not in groups]
    assert [path for path in missing if f"| `{path}` |" not in told] == []


def test_every_mapping_at_the_top_is_called_one():
    mappings = [name for name, kind in fields_of(Config).items() if is_mapping(bare(kind))]
    assert mappings == ["scanners", "policies"]
    told = page("settings.md")
    assert [name for name in mappings if f"| `{name}` | mapping |" not in told] == []


def test_every_check_and_its_settings_are_in_the_table():
    told = page("settings.md")
    for name, check in all_checks().items():
        assert f"| `{name}` |" in told
        assert all(f"| `policies.NAME.checks.{name}.{field}` |" in told for field in fields_of(check.settings_type))


def test_every_reason_has_its_entry_once():
    told = page("reasons.md")
    codes = [reason.code for reason in (*inspection_reasons(), *REASONS, *scans.REASONS)]
    assert len(codes) == len(set(codes))
    assert [code for code in codes if told.count(f"\n### {code}\n") != 1] == []


def test_no_reason_is_left_unexplained():
    for reason in (*inspection_reasons(), *REASONS, *scans.REASONS):
        assert reason.title
        assert reason.failed
        assert reason.expected
        assert reason.advice.endswith((".", "?"))
        assert 400 <= reason.status <= 599


def test_no_reason_that_is_written_anywhere_is_left_out():
    modules = [
        importlib.import_module(found.name)
        for found in pkgutil.walk_packages(sidecar.__path__, "sidecar.")
        if not found.name.endswith("__main__")
    ]
    written = {reason for module in modules for reason in reasons_in(vars(module))}
    listed = {*inspection_reasons(), *REASONS, *scans.REASONS}
    assert {reason.code for reason in written - listed} == set()
