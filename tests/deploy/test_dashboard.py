"""The dashboard that is committed is the one that the code makes, and hangs together."""

import json
import re

import pytest

from deploy.dashboard.build import FILE, dashboard, text
from deploy.dashboard.rows import ROWS
from tests.deploy.test_rules import known_names, named

PANELS = [panel for row in ROWS for panel in row.panels]


def test_committed_dashboard_is_what_the_code_makes():
    assert FILE.read_text() == text(), "run python -m deploy.dashboard.build"


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: panel.title)
def test_panel_is_described_and_asks_for_what_exists(panel):
    assert len(panel.description) > 15
    assert panel.description.endswith(".")
    for query in panel.queries:
        assert named(query.expr) <= known_names()
        assert "$namespace" in query.expr
        assert "$pod" in query.expr


def test_titles_are_unique():
    assert len({panel.title for panel in PANELS}) == len(PANELS)


def test_rows_answer_from_what_is_in_force_to_what_runs_out():
    titles = [panel["title"].split(":")[0] for panel in dashboard()["panels"] if panel["type"] == "row"]
    wanted = ["State", "Decisions", "Rate, errors, duration", "Where the time goes", "Scanners", "Saturation"]
    assert titles == wanted


def test_no_panel_overlaps_another():
    taken = set()
    for panel in dashboard()["panels"]:
        place = panel["gridPos"]
        cells = {
            (x, y)
            for x in range(place["x"], place["x"] + place["w"])
            for y in range(place["y"], place["y"] + place["h"])
        }
        assert not cells & taken
        assert place["x"] + place["w"] <= 24
        taken |= cells


def test_every_variable_that_is_used_is_defined():
    made = json.loads(text())
    used = set(re.findall(r"\$\{?([a-z]\w*)", json.dumps(made["panels"]) + json.dumps(made["annotations"])))
    assert used == {variable["name"] for variable in made["templating"]["list"]}


def test_changes_of_configuration_and_mode_are_annotations():
    names = [annotation["name"] for annotation in dashboard()["annotations"]["list"]]
    assert names == ["Configuration taken", "Mode changed", "Configuration refused"]
