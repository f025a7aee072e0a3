"""What is the same for every upload is found out once; what a check keeps is kept for one upload alone."""

import ast
import inspect

import pytest

from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.check import Check
from sidecar.inspection.checks.eicar import TEST_STRING, Eicar
from sidecar.inspection.checks.field_names import FieldNames
from sidecar.inspection.checks.file_names import FileNames
from sidecar.inspection.plan import Plan
from sidecar.policy.model import Policy
from tests.inspection.judging import field, part_of

CHECKS = {"eicar": Eicar, "file_names": FileNames}


def test_check_that_keeps_something_is_made_anew_for_each_upload():
    plan = Plan(Policy(), CHECKS)
    (first, names), (second, same_names) = plan.checks(), plan.checks()
    assert first is not second
    assert names is same_names


def test_verbs_are_those_that_do_something_with_the_place_of_their_check():
    plan = Plan(Policy(), CHECKS)
    assert plan.of_file.begin == ((0, Eicar.begin), (1, FileNames.begin))
    assert plan.of_file.feed == ((0, Eicar.feed),)
    assert plan.examine == ()


def test_check_of_files_alone_is_not_asked_about_fields():
    plan = Plan(Policy(checks={"field_names": {"rewritten": "refuse"}}), {**CHECKS, "field_names": FieldNames})
    assert plan.of_field == (((2, FieldNames.begin),), (), ())


@pytest.mark.parametrize("check", [check for check in all_checks().values() if check.files_only])
def test_check_of_files_alone_says_nothing_of_fields(check):
    made = check(check.settings_type(), Policy())
    for part in (field(b"a.php"), part_of("")):
        assert not [*made.begin(part), *made.feed(part, TEST_STRING), *made.end(part, 68)]


@pytest.mark.parametrize("check", all_checks().values(), ids=all_checks())
def test_check_without_an_init_of_its_own_keeps_nothing(check):
    """One of them serves all uploads: what it kept of one, another would meet."""
    if check.__init__ is not Check.__init__:
        return
    code = ast.parse(inspect.getsource(check))
    kept = [
        node.attr
        for node in ast.walk(code)
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store) and ast.unparse(node.value) == "self"
    ]
    assert kept == []
