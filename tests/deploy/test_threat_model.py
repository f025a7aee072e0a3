"""What the threat model names is there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
ROWS = [
    line.split(" | ") for line in (ROOT / "docs" / "threat-model.md").read_text().splitlines() if line.count(" | ") == 3
]
NAMED = re.compile(r"`([a-z_0-9/*-]+(?:\.py|/|\*|[a-z]))`")


def places(cell: str, root: str) -> list[str]:
    """Patterns of the paths in a cell."""
    return [f"{root}/{name.rstrip('/')}" for name in NAMED.findall(cell) if "/" in name]


def test_every_defence_names_its_code_and_its_test():
    assert len(ROWS) > 15
    for row in ROWS[1:]:
        code, tests = places(row[2], "sidecar"), places(row[3], "tests")
        assert code, row[0]
        assert tests, row[0]


def test_every_file_that_it_names_is_there():
    named = [place for row in ROWS[1:] for place in places(row[2], "sidecar") + places(row[3], "tests")]
    missing = [place for place in named if not (any(ROOT.glob(place)) or any(ROOT.glob(place + "*")))]
    assert missing == []
