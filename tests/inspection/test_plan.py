"""What is the same for every upload is found out once; what a check keeps is kept for one upload alone."""

import ast
import inspect

import pytest

from sidecar.inspection.catalogue import all_checks
from sidecar.inspection.check import Check
from sidecar.inspection.checks.eicar import TEST_STRING, Eicar
from sidecar.inspection.checks.field_names import FieldNames
from sidecar.inspection.checks.file_names import FileNames
from sidecar.inspection.checks.ole import Ole
from sidecar.inspection.checks.pdf import Pdf
from sidecar.inspection.checks.rtf import Rtf
from sidecar.inspection.file import File
from sidecar.inspection.formats.office.ole2 import MAGIC
from sidecar.inspection.plan import Plan
from sidecar.inspection.types.content import HEAD_SIZE
from sidecar.policy.settings.model import Policy
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


TEMPTING = (MAGIC, MAGIC[1:], b"{\\rtf1", b"\\rtf1", b"<!--" + bytes(9000), b"\n" * 9000, b"\xbb\xbf\n" * 9000)


@pytest.mark.parametrize("check", [check for check in all_checks().values() if check.begins])
def test_check_wants_no_file_that_begins_as_it_does_not_say(check):
    made = check(check.settings_type(), Policy())
    for first in set(range(256)) - set(check.begins):
        for rest in TEMPTING:
            assert not made.wants(File(part_of("a"), (bytes([first]) + rest)[:HEAD_SIZE], "text/plain"))


def test_check_is_asked_whether_it_wants_a_file_where_that_begins_as_it_says():
    plan = Plan(Policy(), {"ole": Ole, "rtf": Rtf, "pdf": Pdf})
    assert plan.wants_of(MAGIC) == ((0, Ole.wants), (2, Pdf.wants))
    assert plan.wants_of(b"{\\rtf1") == ((1, Rtf.wants), (2, Pdf.wants))
    assert plan.wants_of(b"%PDF-") == ((2, Pdf.wants),)
    assert plan.wants_of(b"") == plan.wants


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
