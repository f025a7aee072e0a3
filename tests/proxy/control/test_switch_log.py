"""What the log says of modes, of a mode file with something wrong in it, and of what is doubtful."""

import pytest

from sidecar.cli.config_file import build_config
from sidecar.policy.routing.ladder import Rung, decide
from sidecar.policy.settings.base import Mode
from sidecar.proxy.control.mode_file import ModeFile
from sidecar.proxy.control.switch_log import tell_decision, tell_doubtful

KEY = "upload-sidecar/mode"


@pytest.fixture
def said(tmp_path, caplog):
    """What is logged of a file that says one thing and then another, in the messages for people."""
    path = tmp_path / "mode"

    def said(*texts, mode=Mode.ENFORCE):
        configured = Rung("file", "line 1", mode)
        path.write_text(texts[0])
        file = ModeFile(str(path), KEY)
        for text in texts[1:]:
            before = decide(configured, (file.rung,))
            path.unlink() if text is None else path.write_text(text)
            while not file.look():
                pass
            tell_decision(before, decide(configured, (file.rung,)))
        return [record.getMessage() for record in caplog.records if not hasattr(record, "event")], path

    return said


@pytest.mark.parametrize(
    ("texts", "told"),
    [
        (("monitor", "nonsense"), "says nonsense; expected off, monitor or enforce; monitor stays in force"),
        (("enforce", "of"), "says of; expected off, monitor or enforce; enforce stays in force"),
        (
            ("monitor", f'{KEY}="x"\n'),
            f"says x in the annotation {KEY}; expected off, monitor or enforce; monitor stays in force",
        ),
        (
            ("off", 'a="b"\nc'),
            'holds a line that is no annotation; expected key="value" on every line; off stays in force',
        ),
        (
            ("monitor", None),
            "is missing; expected a file with off, monitor or enforce in it; enforce is now in force",
        ),
    ],
)
def test_what_is_wrong_with_the_mode_file_is_one_sentence_with_the_mode_in_force(said, texts, told):
    lines, path = said(*texts)
    assert lines == [f"the mode file {path} {told}"]


def test_the_mode_that_stays_is_that_in_force_and_not_what_the_file_said(said):
    (line,), _ = said("enforce", "nonsense", mode=Mode.MONITOR)
    assert line.endswith("; monitor stays in force")


def test_what_is_doubtful_in_a_configuration_is_a_warning_for_each(caplog):
    text = b"policies: {avatars: {max_file: 1MiB}}\nisolation: {max_file: 2MiB}\nspool: {memory: 1GiB}"
    tell_doubtful(build_config(text, {}, {}))
    unused, overruled, unexaminable = (record.getMessage() for record in caplog.records)
    assert unused == "configuration: policies.avatars: has no effect: no route uses it"
    assert overruled.startswith("configuration: spool.memory: can never be reached under max_memory; ")
    assert unexaminable.startswith("configuration: policies.default.max_file: files of more than isolation.max_file ")
