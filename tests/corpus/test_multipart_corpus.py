"""Every body of the corpus is judged and read as its case says, however it is cut, and goes on readable."""

import itertools
import re
from collections.abc import Iterator

import pytest

from sidecar.multipart.content_type import form_type
from sidecar.multipart.events import PartData, SmallField
from sidecar.multipart.grammar import NOTES, RULES
from sidecar.multipart.rules import MalformedError
from tests.corpus.multipart_cases import ROOT, Case, case_names, load
from tests.corpus.multipart_reading import FRESH_BOUNDARY, encode, events_of, read, served

CASES = [load(name) for name in case_names()]
ACCEPTED = [case for case in CASES if not case.is_refused]
ALL_OFFSETS_UP_TO = 2048
"""Bytes of a body that is cut at every offset; the cost grows with the square."""
BYTES_PER_CASE = 3_000_000
"""What the cuts of one larger body may read in all."""


def has_boundary(case: Case) -> bool:
    try:
        form_type(case.content_types)
    except MalformedError:
        return False
    return True


def each(cases: list[Case]) -> pytest.MarkDecorator:
    return pytest.mark.parametrize("case", cases, ids=[case.name for case in cases])


def offsets(body: bytes, boundary: bytes) -> list[int]:
    """Where a body is cut in two: everywhere, or round its delimiters and at evenly spread places between them."""
    if len(body) <= ALL_OFFSETS_UP_TO:
        return list(range(len(body) + 1))
    delimiter = re.compile(re.escape(b"--" + boundary))
    framing = [i for found in delimiter.finditer(body) for i in range(max(found.start() - 4, 0), found.end() + 8)]
    most = BYTES_PER_CASE // len(body) // 2
    everywhere = {len(body) * step // most for step in range(most)}
    return sorted(everywhere.union(framing[:: len(framing) // most + 1]))


def cut(body: bytes, boundary: bytes) -> Iterator[tuple[str, list[bytes]]]:
    yield "byte by byte", [body[i : i + 1] for i in range(len(body))]
    for offset in offsets(body, boundary):
        yield f"cut at {offset}", [body[:offset], body[offset:]]


@each(CASES)
def test_body_is_judged_and_read_as_the_case_says(case: Case):
    reading = read(case.content_types, [case.body])
    assert reading.rule == case.rule, case.why
    assert served(reading) == case.parts
    if case.notes is not None:
        assert (reading.verdict, reading.notes) == (case.verdict, case.notes)


@each([case for case in CASES if has_boundary(case)])
def test_verdict_does_not_depend_on_how_the_body_is_cut(case: Case):
    whole = read(case.content_types, [case.body])
    for how, chunks in cut(case.body, form_type(case.content_types).boundary):
        assert read(case.content_types, chunks) == whole, how


@each(ACCEPTED)
def test_written_body_is_canonical_and_reads_the_same(case: Case):
    written = encode(events_of(case.content_types, case.body))
    again = read([b"multipart/form-data; boundary=" + FRESH_BOUNDARY], [written])
    assert served(again) == case.parts
    assert again.notes == frozenset()


@each(ACCEPTED)
def test_length_of_the_written_body_is_known_beforehand(case: Case):
    events = events_of(case.content_types, case.body)
    framing = encode(event._replace(data=b"") if isinstance(event, SmallField) else event for event in events
                     if not isinstance(event, PartData))  # fmt: skip
    sizes = sum(len(event.data) for event in events if isinstance(event, SmallField | PartData))
    assert len(framing) + sizes == len(encode(events))


@each([case for case in ACCEPTED if case.notes == frozenset()])
def test_body_that_needs_no_normalising_is_written_byte_for_byte_but_for_its_boundary(case: Case):
    written = encode(events_of(case.content_types, case.body), form_type(case.content_types).boundary)
    assert written in {case.body, case.body + b"\r\n"}


def test_corpus_has_at_least_250_cases():
    assert len(CASES) >= 250


def test_every_body_has_its_expectation_and_every_expectation_its_body():
    assert {path.with_suffix("") for path in ROOT.rglob("*.yaml")} == {ROOT / name for name in case_names()}


def test_every_rule_of_the_grammar_is_exercised():
    assert {rule.code for rule in RULES} - {case.rule for case in CASES} == set()


def test_every_normalisation_of_the_grammar_is_exercised():
    told = itertools.chain.from_iterable(case.notes or () for case in CASES)
    assert set(NOTES) - set(told) == set()
