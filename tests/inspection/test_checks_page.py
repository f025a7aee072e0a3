"""The page on checks tells of every check, and what it shows runs."""

import re
from pathlib import Path

from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.check import Check
from sidecar.inspection.file import File
from sidecar.policy.settings.model import Policy
from tests.inspection.judging import codes, part_of

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "checks.md").read_text()
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text()


def run(name, page=PAGE):
    (code,) = re.findall(rf"<!-- {name} -->\n```python\n(.*?)```", page, re.DOTALL)
    space = {}
    exec(compile(code, name, "exec"), space)  # noqa: S102 - our own page
    return space


def test_every_check_has_its_line():
    told = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert told == sorted(told)
    assert set(all_checks()) <= set(told)


def test_the_check_that_contributors_are_shown_works():
    check = run("check", CONTRIBUTING)["Confidential"]
    made = check(check.settings_type(), Policy())
    assert codes(made.look(File(part_of("a.txt"), b"\n CONFIDENTIAL: budget"))) == ["file_confidential"]
    assert codes(made.look(File(part_of("a.txt"), b"Nothing here is CONFIDENTIAL"))) == []
    assert all(reason.source and reason.advice.endswith(".") for reason in check.reasons)


def test_contributors_are_told_of_all_that_a_check_may_say_of_itself():
    said = {name for name, value in vars(Check).items() if name[0] != "_" and not callable(value)} - {"is_idle"}
    assert [name for name in said if not re.search(rf"`{name}( = \w+)?`", CONTRIBUTING)] == []


def test_the_inspection_is_used_as_a_library_as_shown():
    found = run("library")["codes"]
    assert {"active_script", "content_not_as_named", "content_type_not_allowed"} <= set(found), found
