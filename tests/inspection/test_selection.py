"""Which checks run, and with which settings."""

import pytest

from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.checks.file_names import FileNames, FileNamesSettings
from sidecar.inspection.plan import Plan
from sidecar.inspection.selection import chosen, settings_of
from sidecar.policy.loading.reading import UnfitError
from sidecar.policy.settings.model import Policy


def names(checks):
    return [check.name for check, _ in chosen(Policy(checks=checks), all_checks())]


@pytest.mark.parametrize("setting", ["on", True, None, {}])
def test_on_means_the_defaults(setting):
    assert settings_of(FileNames, setting) == FileNamesSettings()


@pytest.mark.parametrize("setting", ["off", False])
def test_off_means_none(setting):
    assert settings_of(FileNames, setting) is None


def test_a_mapping_means_these_settings():
    assert settings_of(FileNames, {"max_length": 100}) == FileNamesSettings(max_length=100)


def test_settings_that_were_made_before_are_kept():
    made = FileNamesSettings(max_length=100)
    assert settings_of(FileNames, made) is made


@pytest.mark.parametrize("setting", [{"max_length": 5}, {"unknown": 1}, "maybe", 7, ["off"]])
def test_anything_else_is_an_error(setting):
    with pytest.raises(UnfitError):
        settings_of(FileNames, setting)


def test_every_check_is_on_unless_it_is_off():
    busy = [name for name, check in all_checks().items() if not check.is_idle(check.settings_type())]
    assert names({}) == busy
    assert names({"file_names": "off"}) == [name for name in busy if name != "file_names"]
    assert names("off") == []


def test_a_check_that_finds_nothing_with_its_settings_is_not_asked():
    quiet = {"field_names", "known_files"}
    assert set(all_checks()) - set(names({})) == quiet
    assert quiet <= set(names({"field_names": {"rewritten": "refuse"}, "known_files": {"deny": ["/list"]}}))


def test_the_settings_reach_the_check():
    checks = Plan(Policy(checks={"file_names": {"max_length": 77}}), {"file_names": FileNames}).checks()
    assert [check.settings.max_length for check in checks] == [77]
