"""The configuration in force: replaced whole, or not at all."""

import asyncio

import pytest

from sidecar.policy.loading.problem import ConfigError
from sidecar.policy.settings.model import Mode
from tests.certificates import Authority
from tests.proxy.control.conftest import live_of


def test_a_changed_file_is_in_force_at_the_next_poll(live, file):
    before = live.current
    file.write_text("mode: off\n")
    live.poll()
    assert live.current.config.mode is Mode.OFF
    assert before.config.mode is Mode.ENFORCE
    assert before.sha256 != live.current.sha256


def test_an_unchanged_file_changes_nothing(live):
    before = live.current
    live.poll()
    assert live.current is before


@pytest.mark.parametrize("text", ["mode: of\n", "mode: [", "nonsense: 1\n", "mode: enforce\n\xff"])
def test_a_broken_file_leaves_the_last_good_one_in_force(live, file, text):
    before = live.current
    file.write_bytes(text.encode("latin-1"))
    live.poll()
    live.poll()
    assert live.current is before
    assert live._witness.told == [Mode.ENFORCE, "failed"]
    assert str(file) in live.last_error


def test_a_broken_file_is_forgotten_once_it_is_mended(live, file):
    file.write_text("mode: of\n")
    live.poll()
    file.write_text("mode: off\n")
    live.poll()
    assert live.current.config.mode is Mode.OFF
    assert live.last_error == ""


def test_a_file_that_goes_away_leaves_the_last_good_one_in_force_and_may_come_back_as_it_was(live, file):
    text = file.read_text()
    file.unlink()
    live.poll()
    assert live.current.config.mode is Mode.ENFORCE
    assert "No such file" in live.last_error
    file.write_text(text)
    live.poll()
    assert live.last_error == ""
    assert live._witness.told == [Mode.ENFORCE, "failed", Mode.ENFORCE]


@pytest.fixture
def lines(caplog):
    """What the log has got since this was asked last."""
    caplog.set_level("INFO", "sidecar")

    def taken():
        told = [getattr(record, "event", "") or record.getMessage() for record in caplog.records]
        caplog.clear()
        return told

    return taken


def test_the_last_word_of_the_log_is_not_that_a_file_is_refused_which_was_taken_back(live, file, lines):
    file.write_text("mode: of\n")
    live.poll()
    live.poll()
    (refused,) = lines()
    assert refused.startswith("configuration refused")
    file.write_text("mode: enforce\n")
    live.poll()
    live.poll()
    assert lines() == ["configuration accepted again, it is the one in force"]


def test_whoever_asks_for_a_reload_finds_one_line_whatever_came_of_it(live, file, lines):
    live.reload()
    assert lines() == ["configuration read again, it is the one in force"]
    for text in ("mode: of\n", "mode: of\n", "mode: offf\n"):
        file.write_text(text)
        live.reload()
        (refused,) = lines()
        assert "got " + text.split()[1] in refused
    file.write_text("mode: off\n")
    live.reload()
    assert lines() == ["reloaded"]
    live.poll()
    assert lines() == []


@pytest.mark.parametrize(
    "settings",
    [
        "receipt: {{key_file: {}/key}}",
        "audit: {{key_file: {}/key}}",
        "policies: {{default: {{checks: {{known_files: {{deny: [{}/list]}}}}}}}}",
        "upstream: {{url: 'https://localhost', ca: {}/ca.pem}}",
    ],
)
def test_a_file_that_comes_after_the_configuration_that_names_it_is_all_that_was_missing(
    live, file, tmp_path, settings
):
    file.write_text(f"mode: off\n{settings.format(tmp_path)}\n")
    for _ in range(3):
        live.poll()
    assert (live.current.config.mode, live._witness.told) == (Mode.ENFORCE, [Mode.ENFORCE, "failed"])
    (tmp_path / "key").write_bytes(b"0123456789abcdef")
    (tmp_path / "list").write_text("0" * 64)
    Authority(tmp_path)
    live.poll()
    assert (live.current.config.mode, live.last_error) == (Mode.OFF, "")


def test_a_file_that_stays_wrong_is_judged_once(live, file, tmp_path):
    built = []
    build, live._build = live._build, lambda raw: built.append(raw) or build(raw)
    file.write_text(f"receipt: {{key_file: {tmp_path}/missing}}\n")
    for _ in range(10):
        live.poll()
    assert len(built) <= 2


def test_a_swapped_link_is_seen(live, file, tmp_path):
    """A ConfigMap is replaced by swapping a symbolic link."""
    (tmp_path / "one").write_text("mode: enforce\n")
    (tmp_path / "two").write_text("mode: monitor\n")
    file.unlink()
    file.symlink_to("one")
    live.poll()
    other = tmp_path / "swap"
    other.symlink_to("two")
    other.replace(file)
    live.poll()
    assert live.current.config.mode is Mode.MONITOR


def test_what_needs_a_restart_stays_and_is_named(live, file, caplog):
    file.write_text("mode: off\nlisten: 127.0.0.1:1\n")
    live.poll()
    assert live.current.config.mode is Mode.OFF
    assert live.current.config.listen == "127.0.0.1:8080"
    assert "only after a restart: listen" in caplog.text


@pytest.mark.parametrize(
    "wrong",
    [
        "upstream: {{url: 'https://localhost', ca: {}/missing}}",
        "receipt: {{key_file: {}/missing}}",
        "audit: {{key_file: {}/missing}}",
    ],
)
def test_a_file_that_is_refused_does_not_take_the_mode_file_in_force_away(live, file, tmp_path, wrong):
    good, other = tmp_path / "good", tmp_path / "other"
    good.write_text("enforce")
    other.write_text("off")
    live._witness.mode_changed = lambda _: None
    file.write_text(f"mode: enforce\nmode_file: {good}\n")
    live.poll()
    file.write_text(f"mode: enforce\nmode_file: {other}\n{wrong.format(tmp_path)}\n")
    live.poll()
    assert live._witness.told[-1] == "failed"
    good.write_text("monitor")
    for _ in range(2):
        live.look()
    assert live.current.mode is Mode.MONITOR


def test_a_broken_file_at_start_is_an_error(file):
    file.write_text("mode: of\nlisten: nowhere\n")
    with pytest.raises(ConfigError) as wrong:
        live_of(file)
    assert len(wrong.value.problems) == 2


def test_an_error_that_nobody_foresaw_costs_the_configuration_only_the_time_until_it_is_over(live, file, lines):
    build, live._build = live._build, lambda _: {}["missing"]
    file.write_text("mode: off\n")
    for _ in range(3):
        live.poll()
    assert live.current.config.mode is Mode.ENFORCE
    assert live._witness.told == [Mode.ENFORCE, "failed"]
    bug, refused = lines()
    assert bug == "a bug while watching the configuration"
    assert "cannot be taken: KeyError" in refused
    assert live.reload().result == "refused"
    live._build = build
    live.poll()
    assert (live.current.config.mode, live.last_error) == (Mode.OFF, "")


async def test_the_watch_outlives_what_a_switch_raises_and_tells_of_it_once(live, lines, monkeypatch):
    looked = asyncio.Queue()
    monkeypatch.setattr("sidecar.proxy.control.live.POLL_SECONDS", 0.001)
    monkeypatch.setattr(live.switches, "look", lambda: looked.put_nowait(None) or 1 / 0)
    watch = asyncio.create_task(live.watch())
    for _ in range(3):
        await asyncio.wait_for(looked.get(), 10)
    watch.cancel()
    with pytest.raises(asyncio.CancelledError):
        await watch
    assert lines() == ["a bug while watching the configuration"]


def test_a_quarantine_that_cannot_be_used_is_refused_at_the_reload_and_taken_once_it_can(live, file, tmp_path):
    (tmp_path / "kept").write_text("in its place")
    file.write_text(f"quarantine: {{directory: {tmp_path}/kept/files}}\nmode: enforce")
    live.poll()
    assert "quarantine.directory: Not a directory; expected a directory that this user can write to" in live.last_error
    assert live.current.config.quarantine.directory == ""
    (tmp_path / "kept").unlink()
    (tmp_path / "kept" / "files").mkdir(parents=True)
    live.poll()
    assert (live.last_error, live.current.config.quarantine.directory) == ("", f"{tmp_path}/kept/files")
