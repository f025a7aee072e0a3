"""What settings are for is told from the source, whatever the byte code was made with."""

import subprocess
import sys

from sidecar.policy.loading.descriptions import description_of, descriptions_of
from sidecar.policy.settings.check_mode import CheckMode, with_mode
from sidecar.policy.settings.model import Mode, Policy, Route, Settings
from tests.policy.conftest import NamesSettings


def test_classes_and_settings_are_described():
    assert description_of(Mode) == "What happens to uploads."
    assert descriptions_of(Policy)["max_file"] == "One file."
    assert descriptions_of(NamesSettings) == {
        "strict": "Refuse what is only odd.", "longest": "Bytes in a name.", "levels": "Some list.",
    }  # fmt: skip
    assert descriptions_of(Settings) == {}


def test_lines_of_a_description_begin_where_its_first_one_does():
    assert "but not\nits end" in descriptions_of(Route)["delivery"]


def test_what_was_made_of_a_class_is_described_as_that_is_and_with_what_it_inherits():
    made = with_mode(NamesSettings)
    assert description_of(made) == description_of(NamesSettings)
    assert descriptions_of(made) == descriptions_of(CheckMode) | descriptions_of(NamesSettings)


def test_the_schema_is_the_same_without_docstrings():
    program = "import sys; sys.path[:] = sys.argv[1:]; from sidecar.cli.schema import schema_text; print(schema_text())"
    told = [
        subprocess.run([sys.executable, *options, "-c", program, *sys.path], capture_output=True, check=True).stdout
        for options in ([], ["-OO"])
    ]
    assert told[0] == told[1]
