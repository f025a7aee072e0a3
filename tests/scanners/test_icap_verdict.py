"""What the answers of the common servers mean."""

import pytest

from sidecar.scanners.icap_message import read_head
from sidecar.scanners.icap_verdict import Answer, judge
from sidecar.scanners.result import Bad, Clean, EngineError, NotExamined, Trouble

INCOMPLETE = Trouble.INCOMPLETE


def answer(status, *fields, http=0, same=False, all_sent=True):
    head = "\r\n".join((f"ICAP/1.0 {status} Any", *fields))
    return Answer(read_head(head.encode()), http, same=same, all_sent=all_sent)


@pytest.mark.parametrize(
    ("fields", "name"),
    [
        (["X-Infection-Found: Type=0; Resolution=2; Threat=Eicar;"], "Eicar"),
        (["x-infection-found: Threat=Two Words; Type=1"], "Two Words"),
        (["X-Infection-Found: something new"], "something new"),
        (["X-Virus-ID: Eicar"], "Eicar"),
        (["X-Virus-Name: EICAR test file"], "EICAR test file"),
        (["X-FSecure-Infection-Name: EICAR_Test"], "EICAR_Test"),
        (["X-Violations-Found: 1", "\tfile.txt", "\tEicar", "\t101", "\t0"], "Eicar"),
        (["X-Violations-Found: 1"], "a violation"),
        (["X-FSecure-Scan-Result: infected"], "infected"),
        (["X-Response-Info: Blocked"], "Blocked"),
    ],
)
@pytest.mark.parametrize("status", [200, 204, 403])
def test_a_field_that_names_something_is_bad_whatever_the_status(status, fields, name):
    assert judge(answer(status, *fields, same=True)) == Bad(name)


@pytest.mark.parametrize(
    "fields",
    [
        ["X-Infection-Found: Type=2; Resolution=0; Threat=Encrypted archive;"],
        ["X-Virus-ID: Heuristics.Limits.Exceeded.MaxRecursion"],
        ["X-FSecure-Scan-Result: not scanned"],
        ["X-Scan-Result: timeout"],
        ["X-AV-Status: encrypted"],
    ],
)
def test_a_field_that_says_that_nobody_looked_is_not_clean(fields):
    result = judge(answer(204, *fields))
    assert (type(result), result.trouble) == (NotExamined, INCOMPLETE)


@pytest.mark.parametrize(
    "fields",
    [[], ["X-Virus-ID: no"], ["X-Virus-Name: none"], ["X-Violations-Found: 0"], ["X-FSecure-Scan-Result: clean"]],
)
def test_nothing_named_and_nothing_changed_is_clean(fields):
    assert judge(answer(204, *fields)) == Clean()
    assert judge(answer(200, *fields, same=True)) == Clean()


def test_what_passes_before_all_of_it_was_sent_is_not_clean():
    for status in (200, 204):
        assert judge(answer(status, same=True, all_sent=False)).trouble is INCOMPLETE


def test_a_body_that_comes_back_changed_is_bad():
    assert judge(answer(200, http=403)) == Bad("blocked with 403, without a name")
    assert judge(answer(200, http=200)) == Bad("replaced, without a name")


@pytest.mark.parametrize(
    ("status", "trouble"), [(100, Trouble.GARBLED), (206, Trouble.GARBLED), (404, Trouble.GARBLED), (500, Trouble.DOWN),
                            (503, Trouble.DOWN), (408, Trouble.DOWN)]
)  # fmt: skip
def test_any_other_status_is_no_verdict(status, trouble):
    with pytest.raises(EngineError) as caught:
        judge(answer(status))
    assert caught.value.trouble is trouble


def test_nothing_of_a_hostile_name_is_passed_on():
    result = judge(answer(200, "X-Virus-ID: <b>\x1b[31m" + "x" * 500))
    assert (result.name.isascii(), result.name.isprintable(), "<" in result.name, len(result.name)) == (
        True, True, False, 100,
    )  # fmt: skip
