"""Every file of the corpus is judged as its case says, and whatever is left of it gets a verdict.

`CORPUS_CUTS` and `CORPUS_MUTATIONS` say how many of each file are tried: 50 and 200 for all of them.
"""

import importlib
import os
import pkgutil
import random
import time
from collections.abc import Iterator

import pytest

from sidecar.inspection.examination import Examination
from sidecar.inspection.examined import Examined
from sidecar.inspection.file import File
from sidecar.inspection.offline import judge_file
from sidecar.inspection.types.libmagic import Identifier
from sidecar.inspection.verdict import Verdict
from sidecar.policy.settings.model import Files, Policy
from tests.corpus import files
from tests.corpus.files.case import FileCase
from tests.pace import processor_time

CUTS = int(os.environ.get("CORPUS_CUTS", "2"))
MUTATIONS = int(os.environ.get("CORPUS_MUTATIONS", "4"))
LARGE = 1_000_000
"""Bytes from which a file is only judged whole, unless more than the usual is asked for."""
POLICIES = {"any": Policy(), "open": Policy(files=Files(deny_suffixes=()))}
"""`any` is the default; `open` lets in what is refused by its suffix."""
WORST = 5.0


def families() -> Iterator[tuple[str, tuple[FileCase, ...]]]:
    for module in pkgutil.iter_modules(files.__path__):
        cases = getattr(importlib.import_module(f"tests.corpus.files.{module.name}"), "CASES", None)
        if cases:
            yield module.name, cases


CASES = [pytest.param(case, id=f"{family}-{case.name}") for family, cases in families() for case in cases]


@pytest.fixture(scope="module")
def identify() -> Identifier:
    return Identifier()


def judged(case: FileCase, data: bytes, identify: Identifier, cut: int = 1 << 30) -> Verdict:
    policy = POLICIES[case.policy]

    def examine(file: File, whole: bytes) -> Examined:
        examined = Examination(policy, identify, time.perf_counter, stop_at_first=False).examine(file, whole)
        assert examined.failures == ()
        return examined

    pieces = (data[at : at + cut] for at in range(0, len(data), cut))
    return judge_file(case.name.encode(), None, pieces, policy, identify, examine)


@pytest.mark.parametrize("case", CASES)
def test_a_file_is_judged_as_its_case_says(case: FileCase, identify: Identifier):
    with processor_time(below=WORST):
        codes = {finding.reason.code for finding in judged(case, case.data(), identify).findings}
        assert codes & case.reasons if case.reasons else not codes, codes


@pytest.mark.parametrize("case", CASES)
def test_whatever_is_left_of_a_file_gets_a_verdict(case: FileCase, identify: Identifier):
    data, chance = case.data(), random.Random(case.name)
    if len(data) > LARGE and MUTATIONS < 200:
        pytest.skip("large")
    left = [data[: chance.randrange(len(data) + 1)] for _ in range(CUTS)]
    left += [mutated(data, chance) for _ in range(MUTATIONS if data else 0)]
    for each in left:
        with processor_time(below=WORST):
            verdict = judged(case, each, identify)
            assert "check_failed" not in {finding.reason.code for finding in verdict.findings}
    assert judged(case, each, identify, chance.choice((1, 511, 4095))) == verdict


def mutated(data: bytes, chance: random.Random) -> bytes:
    changed = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 8))):
        at = chance.randrange(len(changed))
        match chance.randrange(5):
            case 0:
                changed[at] = chance.randrange(256)
            case 1:
                changed[at] ^= 1 << chance.randrange(8)
            case 2:
                changed[at : at + 4] = b"\xff\xff\xff\xff"
            case 3:
                changed[at : at + chance.randrange(1, 64)] = changed[chance.randrange(len(changed)) :][:32] or b"\0"
            case 4:
                changed[at:at] = changed[at : at + chance.randrange(1, 64)] * chance.choice((2, 30, 1000))
    return bytes(changed)
