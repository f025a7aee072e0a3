"""What the template runs in these tests: its own program, with one check more."""

from pathlib import Path

from sidecar.inspection import checks
from sidecar.isolation import template


def main() -> None:
    checks.__path__.append(str(Path(__file__).parent / "checks"))
    template.main()
