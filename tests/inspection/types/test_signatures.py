"""What the first bytes settle is what libmagic says, on every file of the corpus."""

import pkgutil
from importlib import import_module

import pytest

from sidecar.inspection.types.libmagic import Identifier
from sidecar.inspection.types.signatures import settled_type
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


def test_common_images_and_documents_are_settled():
    heads = {case.data()[:64] for case in CASES if case.name.endswith((".png", ".jpg", ".gif", ".webp", ".pdf"))}
    types = {"image/png", "image/jpeg", "image/gif", "image/webp", "application/pdf"}
    assert {settled_type(head) for head in heads} >= types


@pytest.mark.parametrize("version", [b"1.0", b"1.4", b"1.7", b"2.0"])
@pytest.mark.parametrize("behind", [b"", bytes(4000), b"<html><script>" * 200, b"#!/bin/sh\n" * 300, b"\xff" * 4000])
def test_whatever_stands_behind_it_libmagic_goes_by_the_header_of_a_pdf(version, behind, identify):
    head = b"%PDF-" + version + b"\r\n" + behind
    assert settled_type(head) == identify(head) == "application/pdf"
