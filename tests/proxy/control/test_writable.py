"""What cannot be written to is found before it is needed, and looking makes nothing."""

import pytest

from sidecar.policy.loading.problem import ConfigError
from sidecar.policy.settings.audit import Audit
from sidecar.policy.settings.model import Config, Mode, Quarantine, Spool
from sidecar.proxy.control.writable import require_writable, unwritable


@pytest.fixture
def config(tmp_path):
    return lambda audit="", quarantine="": Config(
        spool=Spool(directory=str(tmp_path)), audit=Audit(file=audit), quarantine=Quarantine(directory=quarantine)
    )


def found(config):
    return {problem.path: problem.message for problem in unwritable(config)}


def test_what_is_not_there_yet_but_can_be_made_is_good_and_is_not_made(config, tmp_path):
    assert found(config(str(tmp_path / "audit.jsonl"), str(tmp_path / "a" / "b"))) == {}
    assert list(tmp_path.iterdir()) == []


def test_what_nothing_can_be_made_of_is_told_with_the_words_of_the_system(config, tmp_path):
    (tmp_path / "file").write_text("")
    wrong = config(str(tmp_path / "no" / "audit.jsonl"), str(tmp_path / "file" / "kept"))
    assert found(wrong) == {"audit.file": "No such file or directory", "quarantine.directory": "Not a directory"}


@pytest.mark.parametrize("path", ["/proc", "/proc/kept"])
def test_a_directory_that_takes_no_files_is_told_whether_it_is_there_or_its_parent_is(config, path):
    assert found(config(quarantine=path)).keys() == {"quarantine.directory"}


def test_what_this_user_cannot_even_look_for_is_told_and_not_raised(config):
    name = "/" + 300 * "a"  # no file system has it; it fails as what stands in a directory of somebody else does
    assert found(config(name, f"{name}/kept")) == {
        "audit.file": "File name too long",
        "quarantine.directory": "File name too long",
    }


def test_an_audit_log_that_is_there_is_looked_at_itself(config, tmp_path):
    assert found(config(audit=str(tmp_path))) == {"audit.file": "Is a directory"}
    (tmp_path / "audit.jsonl").write_text("a line\n")
    assert found(config(audit=str(tmp_path / "audit.jsonl"))) == {}
    assert (tmp_path / "audit.jsonl").read_text() == "a line\n"


def test_a_reload_is_refused_for_what_it_changes_alone(config):
    wrong = config(quarantine="/proc/kept")
    with pytest.raises(ConfigError, match=r"quarantine\.directory: .*expected a directory that this user can write to"):
        require_writable(config(), wrong)
    require_writable(wrong, wrong)


def test_off_waits_for_no_disk_and_whoever_leaves_it_does(config):
    wrong = config(quarantine="/proc/kept")
    off = wrong.replaced(mode=Mode.OFF)
    require_writable(config(), off)
    with pytest.raises(ConfigError, match=r"quarantine\.directory"):
        require_writable(off, wrong)


def test_what_is_not_set_is_not_looked_at(config, monkeypatch):
    monkeypatch.chdir("/proc")  # where nothing can be made
    assert found(config()) == {}
