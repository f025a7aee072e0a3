"""The service breaks in every way at every place: what the client sees, what the log says, what is left (nothing)."""

from dataclasses import dataclass

import pytest

from tests.faults.breaking import HALF
from tests.faults.ways import ALL, AS_IT_ARRIVES, UPLOADS, WITH_BODY, request
from tests.wire import Message, Wire

CLOSED, GARBLED = (502, "upstream_closed"), (502, "upstream_garbled")
LATE, STALLED = (504, "upstream_timeout"), (504, "upstream_stalled")
CUT, CUT_LATE = ("cut", "upstream_closed"), ("cut", "upstream_timeout")
EARLY, PASSED = (413, ""), (200, "")

# the service ...            at            on these ways    the client sees and the log says
TABLE = [
    ("resets",               "before",     ALL,             CLOSED),
    ("resets",               "head",       WITH_BODY,       CLOSED),
    ("resets",               "mid-body",   WITH_BODY,       CLOSED),
    ("resets",               "after body", ALL,             CLOSED),
    ("resets",               "mid-answer", ALL,             CUT),
    ("closes",               "before",     ALL,             CLOSED),
    ("closes",               "head",       WITH_BODY,       CLOSED),
    ("closes",               "mid-body",   WITH_BODY,       CLOSED),
    ("closes",               "after body", ALL,             CLOSED),
    ("closes",               "mid-answer", ALL,             CUT),
    ("stalls",               "after body", ALL,             LATE),
    ("stalls",               "mid-answer", ALL,             CUT_LATE),
    ("stops reading",        "before",     UPLOADS,         STALLED),
    ("stops reading",        "head",       WITH_BODY,       STALLED),
    ("stops reading",        "mid-body",   WITH_BODY,       STALLED),
    ("talks nonsense",       "before",     ALL,             GARBLED),
    ("talks nonsense",       "head",       WITH_BODY,       GARBLED),
    ("talks nonsense",       "mid-body",   WITH_BODY,       GARBLED),
    ("talks nonsense",       "after body", ALL,             GARBLED),
    ("answers early",        "head",       WITH_BODY,       EARLY),
    ("answers early",        "mid-body",   WITH_BODY,       EARLY),
    ("answers early and resets", "head",   WITH_BODY,       EARLY),
    ("answers early and resets", "mid-body", WITH_BODY,     EARLY),
    ("answers twice",        "after body", ALL,             PASSED),
]  # fmt: skip


@dataclass(frozen=True)
class Case:
    fault: str
    place: str
    way: str
    seen: int | str
    code: str

    def __str__(self) -> str:
        return f"{self.way}: {self.fault} {self.place}"


CASES = [Case(fault, place, way, *seen) for fault, place, ways, seen in TABLE for way in ways]
SIZES = {"before": 3000, "head": 300_000, "mid-body": 2_000_000, "after body": 300_000, "mid-answer": 3000,
         "stops reading": 12_000_000}  # fmt: skip
IN_THE_MIDDLE = {"head", "mid-body"}
BRIEF = {"write_timeout": "300ms", "answer_timeout": "300ms", "read_timeout": "300ms"}


def test_the_table_is_large():
    assert len(CASES) >= 60


@pytest.mark.parametrize("case", CASES, ids=str)
async def test_a_service_that_breaks(stage, case):
    timely = case.code in {"upstream_timeout", "upstream_stalled"}
    stage = await stage(upstream=BRIEF if timely else {})
    breaker = stage.breaks(case.fault, case.place)
    wire = await Wire.open(stage.port)
    sent = request(case.way, SIZES.get(case.fault) or SIZES[case.place])
    answer = await _ask(wire, case, sent)
    breaker.let_go.set()
    _judge_answer(answer, case)
    await _judge_record(stage, case)
    await breaker.left.wait()
    await _go_on(stage, wire, case.way, answer)


async def _ask(wire: Wire, case: Case, sent: bytes) -> Message:
    """The answer; a client that the service hears while it sends holds half back, since it must not be needed."""
    withheld = case.place in IN_THE_MIDDLE and case.way in AS_IT_ARRIVES and case.fault != "stops reading"
    wire.writer.write(sent[: len(sent) // 2] if withheld else sent)
    answer = await wire.read()
    assert answer is not None, "the connection was closed without an answer"
    return answer


async def _go_on(stage, wire: Wire, way: str, answer: Message) -> None:
    """The same connection serves again unless the answer said otherwise, a fresh one always; nothing is left."""
    if answer.complete and not answer.values("connection"):
        await stage.honest(way, wire)
    await wire.close()
    await stage.honest(way)
    await stage.nothing_is_left()


def _judge_answer(answer: Message, case: Case) -> None:
    if case.seen == "cut":
        assert answer.status == 200
        assert not answer.complete
        return
    assert answer.complete
    assert answer.status == case.seen, answer.body
    if case.code:
        assert f'"code": "{case.code}"'.encode() in answer.body


async def _judge_record(stage, case: Case) -> None:
    line = await stage.logged()
    assert line.get("error", "") == case.code
    assert "client_gone" not in line
    assert line["status"] == (200 if case.seen == "cut" else case.seen)
    if case.code:
        assert stage.metric(f'upstream_errors_total{{reason="{case.code}"}}') == 1
    if case.code == "upstream_timeout" and case.seen != "cut":
        assert line["upstream_ms"] >= 300
    whole = bool(stage.service.complete_requests)
    if case.place in {"after body", "mid-answer"}:
        assert whole
    elif case.way in AS_IT_ARRIVES:
        assert not whole


@pytest.mark.parametrize("way", ALL)
async def test_a_service_that_refuses_to_listen(stage, service, way):
    stage = await stage()
    await service.stop()
    wire = await Wire.open(stage.port)
    answer = await wire.ask(request(way, 300_000))
    assert answer.status == 502
    assert b'"retry": "safe"' in answer.body
    assert (await stage.logged())["error"] == "upstream_unreachable"
    await service.start()
    await _go_on(stage, wire, way, answer)


async def test_the_time_spent_on_a_service_that_is_not_there_belongs_to_the_stage_forward(stage, service):
    stage = await stage()
    await service.stop()
    wire = await Wire.open(stage.port)
    await wire.ask(request("hold", 3000))
    line = await stage.logged()
    pauses = 140  # 50 and 100 ms, which a timer may round
    assert line["duration_ms"] >= line["stages"]["forward"] >= pauses
    assert line["overhead_ms"] <= line["duration_ms"] - pauses
    assert line["upstream_ms"] == 0
    await wire.close()


async def test_a_service_that_stays_away_is_told_once_and_then_in_the_line_of_each_request(stage, service, caplog):
    stage = await stage()

    def told():
        lines = [record.getMessage() for record in caplog.records if record.name == "sidecar.upstream"]
        caplog.clear()
        return lines

    for _ in range(2):
        await service.stop()
        for _ in range(3):
            wire = await Wire.open(stage.port)
            assert (await wire.ask(request("hold", 3000))).status == 502
            await wire.close()
        assert (await stage.logged())["retries"] == ["unreachable", "unreachable"]
        (line,) = told()
        assert line.startswith(f"cannot connect to {service.url}: ")
        assert line.endswith("(attempts: 3)")
        await service.start()
        await stage.honest("hold")
        assert told() == [f"connected to {service.url} again"]
    await stage.nothing_is_left()


@pytest.mark.parametrize("framing", [name for name in HALF if name != "length"])
@pytest.mark.parametrize("fault", ["resets", "closes"])
@pytest.mark.parametrize("way", ["hold", "stream", "get"])
async def test_an_answer_that_is_cut_never_looks_complete(stage, way, fault, framing):
    stage = await stage()
    stage.breaks(fault, "mid-answer", framing)
    wire = await Wire.open(stage.port)
    answer = await wire.ask(request(way, 3000))
    assert answer.complete is (framing == "no end" and fault == "closes")
    await _go_on(stage, wire, way, answer)


@pytest.mark.parametrize("way", ALL)
async def test_an_answer_that_nobody_asked_for_reaches_nobody(stage, way):
    """A service that speaks first: whichever way it is read, the client has an answer at once, and one only."""
    stage = await stage()
    stage.breaks("answers nobody", "before")
    wire = await Wire.open(stage.port)
    answer = await wire.ask(request(way, 3000))
    assert answer.status in {413, 502}
    await _go_on(stage, wire, way, answer)
