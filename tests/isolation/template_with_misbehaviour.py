"""What the template runs in these tests: its own program, with one check more."""

from pathlib import Path

from sidecar.isolation import stand_in, template


def main() -> None:
    stand_in.install()
    add_check()
    template.main()


def add_check() -> None:
    from sidecar.inspection import checks  # noqa: PLC0415 - the stand-in must come first

    checks.__path__.append(str(Path(__file__).parent / "checks"))
