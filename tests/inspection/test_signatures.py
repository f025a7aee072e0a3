"""What the first bytes settle is what libmagic says, on every file of the corpus."""

import pkgutil
from importlib import import_module

import pytest

from sidecar.inspection.libmagic import Identifier
from sidecar.inspection.signatures import settled_type
from tests.corpus import files
from tests.corpus.files.case import FileCase

CASES = [
    case
    for module in pkgutil.iter_modules(files.__path__, f"{files.__name__}.")
    for case in getattr(import_module(module.name), "CASES", ())
]


@pytest.fixture(scope="module")
def identify():
    return Identifier()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_libmagic_says_the_same(case: FileCase, identify):
    head = case.data()[:4096]
    assert settled_type(head) in ("", identify(head))


def test_the_common_images_are_settled():
    heads = {case.data()[:64] for case in CASES if case.name.endswith((".png", ".jpg", ".gif", ".webp"))}
    assert {settled_type(head) for head in heads} >= {"image/png", "image/jpeg", "image/gif", "image/webp"}
