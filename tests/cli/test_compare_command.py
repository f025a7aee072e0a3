import json
import re

import pytest

from sidecar.cli.comparison.baseline import rows_of, write
from sidecar.cli.comparison.told import TITLES
from sidecar.policy.settings.bounds import FIGURES
from tests.cli.comparison.windows import baseline, counter, traffic
from tests.cli.conftest import ROOT

HOSTILE = "a|b\n# c `x` <script>alert(1)</script> [l](http://e) \u202egnp.exe"


def test_the_page_explains_every_figure_and_the_note_titles_it():
    told = (ROOT / "docs" / "compare.md").read_text()
    assert [name for name in FIGURES if f"`{name}`" not in told] == []
    assert TITLES.keys() == FIGURES.keys()


@pytest.fixture
def compare(cli, tmp_path):
    """Compares two windows; the exit code, the note and what was said of errors."""

    def compare(before, after, *flags):
        write(before, tmp_path / "before.json")
        write(after, tmp_path / "after.json")
        return cli("compare", "before.json", "after.json", *flags)

    return compare


def changed(**changes):
    note = {
        "owner": "me@example.com",
        "reason": "enforce",
        "expected": "few refusals",
        "rollback": "mode: off",
        **changes,
    }
    return {"change": note}


def section(note, title):
    return note.partition(f"## {title}\n")[2].partition("\n## ")[0]


def test_the_note_tells_why_what_moved_and_the_way_back(compare):
    after = traffic(bad=100) | counter("findings_total", 100, reason="suffix_forbidden", action="rejected")
    done = compare(
        baseline(config={"mode": "monitor", "routes": []}, modes=["monitor"]),
        baseline(after, config={"mode": "enforce", "routes": []}, command="upload-sidecar snapshot -o x", **changed()),
    )
    note = done.out
    assert done.code == 0
    assert note.startswith("# Change: enforce\n")
    for fact in ("| Owner | me@example.com |", "| Expected | few refusals |", "| Way back | mode: off |"):
        assert fact in note
    assert section(note, "What changed in the configuration").strip() == "- `mode: monitor -> enforce`"
    moved = section(note, "What moved").partition("Within noise")[0]
    assert re.search(r"\| Uploads refused \| all \| 0 % \| 10 % \| \+10 points \| .* \| 900 / 1,000 \|", moved)
    assert "Response time" not in moved
    assert "suffix\\_forbidden | rejected | 0 % | 10 %" in section(note, "Findings by reason")
    assert section(note, "Commands").strip().splitlines() == [
        "upload-sidecar snapshot --output before.json",
        "    upload-sidecar snapshot -o x",
        "    upload-sidecar compare before.json after.json",
    ]
    assert note.endswith("## The way back\n\nmode: off\n")


def test_clients_that_hang_up_are_not_refused(compare):
    done = compare(baseline(), baseline(traffic(gone=100)), "--bound", "refused_ratio < 0.5%")
    assert done.code == 0
    assert "| `refused_ratio < 0.5%` | 0 % | 0 % | met |" in done.out


def test_equal_traffic_is_called_noise(compare):
    note = compare(baseline(), baseline(traffic(good=905))).out
    assert "Nothing moved beyond noise." in section(note, "What moved")
    assert "Nothing but the change note" in section(note, "What changed in the configuration")


def test_few_requests_are_called_few(compare):
    few = traffic(good=10, counts=(1, 4, 3, 2))
    told = section(compare(baseline(), baseline(few)).out, "What moved")
    assert "| Uploads refused | 0 % | 0 % |" in told.partition("Too few requests to tell")[2]


def test_a_bound_that_is_met_is_0_and_one_that_is_missed_is_1(compare):
    note = changed(bounds=["refused_ratio < 0.5%"])
    assert compare(baseline(), baseline(**note)).code == 0
    done = compare(baseline(), baseline(traffic(bad=100), **note))
    assert (done.code, "**No.** The bound was missed." in done.out) == (1, True)
    assert "| `refused_ratio < 0.5%` | 0 % | 10 % | **missed** |" in done.out


def test_bounds_of_the_command_line_count_too(compare):
    done = compare(baseline(), baseline(), "--bound", "p99 < 1ms", "--bound", "p50 < 1s")
    assert (done.code, "**No.** Of 2 bounds 1 was missed." in done.out) == (1, True)
    wrong = compare(baseline(), baseline(), "--bound", "refused_ratio < 5")
    assert (wrong.code, "expected a limit with %, such as `refused_ratio < 0.5%`" in wrong.err) == (2, True)


def test_what_cannot_be_told_fails(compare):
    done = compare(baseline(), baseline(traffic(good=0, counts=())), "--bound", "p99 < 1s")
    assert (done.code, "**No.** Nobody can tell whether the bound was met." in done.out) == (1, True)
    done = compare(baseline(), baseline(traffic(good=0, counts=())), "--bound", "p99 < 1s", "--bound", "p50 < 1s")
    assert (done.code, "**No.** Of 2 bounds 2 are unknown." in done.out) == (1, True)
    assert "No requests were counted after: nothing can be said." in done.out


def test_another_program_and_a_mixture_are_warned_of(compare):
    done = compare(baseline(), baseline(versions=["0.2.0"], modes=["monitor", "enforce"], seconds=600.0))
    assert "> The program changed too, from 0.1.0 to 0.2.0: what moved may come from it." in done.out
    assert "> The window after had more than one configuration or mode in force: its figures are a mixture." in done.out
    assert "> One window is 10 times as long as the other." in done.out


def test_no_configuration_is_said(compare):
    told = compare(baseline(config=None), baseline(config=None, configurations=["cd" * 32])).out
    assert "by its digest it is another." in told


def test_hostile_texts_stay_texts_in_the_note(compare):
    note = changed(owner=HOSTILE, reason=HOSTILE, rollback=HOSTILE)
    rows = rows_of(traffic(bad=100, route=HOSTILE) | counter("findings_total", 99, reason=HOSTILE, action="rejected"))
    done = compare(baseline(config={HOSTILE: 1}), baseline(
        series=None, config={HOSTILE: HOSTILE}, source=HOSTILE, command=HOSTILE, modes=[HOSTILE], **note
    ).replaced(series=rows))  # fmt: skip
    assert done.code == 0
    assert "\u202e" not in done.out
    outside_code = re.sub(r"^    .*$|(`+).*?(?<!`)\1(?!`)", "", done.out, flags=re.MULTILINE)
    assert not re.search(r"(?<!\\)<script", outside_code)
    assert not re.search(r"(?<!\\)\[l", outside_code)
    assert len([line for line in done.out.splitlines() if line.startswith("# ")]) == 1
    tables = [line for line in done.out.splitlines() if line.startswith("| Owner")]
    assert [len(re.findall(r"(?<!\\)\|", line)) for line in tables] == [3]


def test_a_file_of_another_format_or_none_is_2_and_said(compare, cli, tmp_path):
    compare(baseline(), baseline())
    data = json.loads((tmp_path / "after.json").read_text())
    (tmp_path / "after.json").write_text(json.dumps({**data, "format": 7, "made_by": "9.0.0"}))
    done = cli("compare", "before.json", "after.json")
    assert (done.code, done.out) == (2, "")
    assert "after.json: has format 7, written by upload-sidecar 9.0.0" in done.err
    assert cli("compare", "before.json", "none.json").code == 2


@pytest.mark.parametrize("bounds", [["nonsense"], ["p99 < 5"], [7], 7, "p99 < 5ms"])
def test_bounds_of_a_file_that_are_none_are_2_and_said(compare, bounds):
    done = compare(baseline(), baseline(**changed(bounds=bounds)))
    assert (done.code, "after.json: change.bounds: " in done.err) == (2, True)


def test_help_shows_bounds_as_they_are_written(cli):
    told = cli("compare", "--help").out
    assert "refused_ratio < 0.5%  " in told
    assert "%%" not in told
    assert all(name in told for name in FIGURES)
