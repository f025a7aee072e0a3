"""What the next start needs is looked at when a reload leaves it for then."""

import pytest


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
