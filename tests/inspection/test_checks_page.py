"""The page on checks tells of every check, and what it shows runs."""

import re
from pathlib import Path

from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.file import File
from sidecar.inspection.whole import Whole
from sidecar.policy.model import Policy
from tests.inspection.judging import codes, part_of

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "checks.md").read_text()


def run(name):
    (code,) = re.findall(rf"<!-- {name} -->\n```python\n(.*?)```", PAGE, re.DOTALL)
    space = {}
    exec(compile(code, name, "exec"), space)  # noqa: S102 - our own page
    return space


def test_every_check_has_its_line():
    told = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)
    assert told == sorted(told)
    assert set(all_checks()) <= set(told)


def test_the_check_that_is_shown_works():
    check = run("check")["Secrets"]
    file, key = File(part_of("a.txt"), b"", "text/plain"), Whole(b"-----BEGIN PRIVATE KEY-----")
    made = check(check.settings_type(), Policy())
    assert made.wants(file)
    assert codes(made.examine(file, key)) == ["secret_found"]
    assert codes(check(check.settings_type(limit=3), Policy()).examine(file, key)) == []


def test_the_inspection_is_used_as_a_library_as_shown():
    found = run("library")["codes"]
    assert {"active_script", "content_not_as_named", "content_type_not_allowed"} <= set(found), found
