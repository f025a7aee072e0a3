"""A check is found because its file is there."""

from pathlib import Path
from types import MappingProxyType

import pytest

from sidecar.inspection import catalogue, checks
from sidecar.inspection.catalogue import MisplacedCheckError, all_checks
from sidecar.policy.loading.descriptions import descriptions_of
from sidecar.policy.settings.base import fields_of
from sidecar.policy.settings.model import Settings

GOOD = "from sidecar.inspection.check import Check\n\n\nclass {0}(Check):\n    name = '{1}'\n    reasons = ()\n"


@pytest.fixture
def with_files(tmp_path, monkeypatch):
    """Put files beside the checks that there are."""

    def put(**files):
        for name, text in files.items():
            (tmp_path / f"{name}.py").write_text(text)
        monkeypatch.setattr(checks, "__path__", [*checks.__path__, str(tmp_path)])
        return catalogue.all_checks.__wrapped__

    return put


def test_the_checks_are_those_of_the_folder_in_alphabetical_order():
    files = {path.stem for folder in checks.__path__ for path in Path(folder).glob("*.py")} - {"__init__"}
    assert list(all_checks()) == sorted(files)


def test_each_check_is_named_after_its_file_and_has_settings_and_reasons():
    for name, check in all_checks().items():
        assert check.__module__ == f"sidecar.inspection.checks.{name}"
        assert issubclass(check.settings_type, Settings)
        assert check.reasons


def test_every_setting_of_a_check_is_described():
    for check in all_checks().values():
        told = descriptions_of(check.settings_type)
        assert [name for name in fields_of(check.settings_type) if not told.get(name)] == [], check.name


def test_the_catalogue_cannot_be_changed():
    assert isinstance(all_checks(), MappingProxyType)


def test_a_new_file_is_a_new_check(with_files):
    assert "found_one" in with_files(found_one=GOOD.format("Found", "found_one"))()


@pytest.mark.parametrize(
    ("files", "message"),
    [
        ({"holds_none": "x = 1\n"}, "exactly one subclass of Check, found 0"),
        ({"holds_two": GOOD.format("A", "a") + GOOD.format("B", "b")}, "exactly one subclass of Check, found 2"),
        ({"taken": GOOD.format("Taken", "file_names")}, "the name file_names is taken"),
    ],
)
def test_a_misplaced_check_is_told(with_files, files, message):
    with pytest.raises(MisplacedCheckError, match=message):
        with_files(**files)()
