"""Archives at a real sidecar, in real workers."""

import json

import pytest

from tests.corpus.files import archives as a
from tests.corpus.files import honest_archives as h
from tests.corpus.files import packing as k
from tests.isolation.test_sidecar import figure, port
from tests.pace import turns_of_the_loop
from tests.wire import Wire, form, post


async def asked(there: int, name: str, data: bytes):
    answer = await (await Wire.open(there)).ask(post(form(("file", name, "application/octet-stream", data))))
    return answer.status, json.loads(answer.body) if answer.status != 200 else {}


async def test_a_script_in_an_archive_is_refused_with_its_place(start, service):
    instance, there = await port(start, service)
    status, problem = await asked(there, "photos.zip", k.zipped(("cat.png", k.PNG), ("a/b.php", k.PHP)))
    assert (status, problem["code"]) == (422, "suffix_forbidden")
    assert problem["actual"] == "photos.zip > a/b.php: .php in a/b.php"
    assert figure(instance, 'findings_total{action="rejected",reason="suffix_forbidden"}') == 1
    assert service.complete_requests == []


@pytest.mark.parametrize("bomb", [a.overlapping, a.nested_bomb, lambda: a.zeros(64 * 1024 * 1024)])
async def test_a_bomb_is_refused_and_the_event_loop_goes_on(start, service, bomb):
    data = bomb()  # before the loop is measured, which is this very process's
    instance, there = await port(start, service)
    async with turns_of_the_loop(below=0.5):
        status, _ = await asked(there, "bomb.zip", data)
    assert status in {413, 422}
    assert figure(instance, 'isolated_worker_deaths_total{cause="memory"}') == 0


@pytest.mark.parametrize("case", [case for case in h.CASES if len(case.name) < 12], ids=lambda case: case.name)
async def test_honest_archives_pass_through_workers(start, service, case):
    _, there = await port(start, service)
    assert (await asked(there, case.name, case.data()))[0] == 200
