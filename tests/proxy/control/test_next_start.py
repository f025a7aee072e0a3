"""What the next start needs is looked at when a reload leaves it for then."""

import pytest

from sidecar.cli.config_file import build_config
from sidecar.proxy.control.live import Live
from tests.proxy.control.test_live import Witness


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sidecar.yaml"
    path.write_text("mode: enforce\n")
    return path


@pytest.fixture
def live(file):
    return Live(file, lambda raw: build_config(raw, {}, {}), Witness())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("spool: {directory: /nowhere}", "spool.directory: No such file or directory; expected a directory that"),
        ("tls: {certificate: /nowhere.pem, key: /nowhere.key}", "tls: "),
    ],
)
def test_what_the_next_start_would_fail_of_is_told_with_what_needs_a_restart(live, file, caplog, text, told):
    file.write_text(f"mode: off\n{text}\n")
    reload = live.reload()
    assert (reload.result, reload.needs_restart) == ("reloaded", (text.partition(":")[0],))
    (problem,) = reload.problems
    assert "/nowhere" in problem.text()
    assert live.reload().problems == (problem,)
    assert f"the next start would fail: {told}" in caplog.text
    assert live.last_error == ""


def test_what_the_next_start_has_is_not_told(live, file, tmp_path, caplog):
    file.write_text(f"mode: off\nspool: {{directory: {tmp_path}}}\ntls: {{certificate: '', key: ''}}\n")
    assert (live.reload().needs_restart, live.reload().problems) == (("spool",), ())
    assert "next start" not in caplog.text
