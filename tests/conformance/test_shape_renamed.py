"""A name that no file may be put under is not given to one that is there either (RFC 4918, sections 9.8 and 9.9)."""

import pytest

from tests.conformance.asking import IMAGE, all_of, asked, code_of, raw
from tests.wire import Wire

ANY = {"any": {}}


def renaming(destination, *fields, method="MOVE", target="/upload/x.txt", body=b""):
    return raw(body, b"Destination: " + destination, *fields, method=method, target=target)


@pytest.mark.parametrize("method", ["MOVE", "COPY"])
@pytest.mark.parametrize(
    ("destination", "code"),
    [
        (b"http://a/upload/x.php", "suffix_forbidden"),
        (b"/upload/x.php", "suffix_forbidden"),
        (b"/upload/x%2ephp/", "suffix_forbidden"),
        (b"/upload/x.php/;", "suffix_forbidden"),
        (b"/upload/x.php;y", "suffix_forbidden"),
        (b"/upload/x.php?y", "suffix_forbidden"),
        (b"/upload/.htaccess", "file_name_reserved"),
        (b"/upload/a.txt, /upload/x.php", "suffix_forbidden"),
        (b"/upload/x%00.png", "name_control"),
    ],
)
@pytest.mark.parametrize("delivery", ["hold", "stream"])
async def test_a_file_is_not_moved_to_a_name_that_is_refused(sidecar, service, method, destination, code, delivery):
    answer = await asked(sidecar, service, renaming(destination, method=method), ANY, delivery=delivery)
    assert code_of(answer) == code
    assert service.connections == 0


@pytest.mark.parametrize(
    "request_",
    [
        renaming(b"/upload/x.php", b"Destination: /upload/x.txt"),
        renaming(b"/upload/x.txt", b"Destination: /upload/x.php"),
        renaming(b"/upload/x.php", target="/elsewhere/x.txt"),
        renaming(b"/app/upload/x.php", b"X-Forwarded-Prefix: /app", target="/app/upload/x.txt"),
        renaming(b"/upload/x.php", b"X-HTTP-Method-Override: MOVE", method="POST"),
        renaming(b"/upload/x.php", b"X-HTTP-Method-Override: MOVE", method="POST", body=IMAGE),
    ],
)
@pytest.mark.parametrize("methods", [[], ["PUT"]])
async def test_neither_a_second_field_nor_another_way_round_gives_it(sidecar, service, request_, methods):
    assert code_of(await asked(sidecar, service, request_, ANY, methods=methods)) == "suffix_forbidden"
    assert service.connections == 0


@pytest.mark.parametrize(
    "request_",
    [
        renaming(b"http://a/upload/y.txt"),
        renaming(b"/upload/folder/", method="COPY"),
        renaming(b"/upload"),
        renaming(b"/elsewhere/y.php", target="/elsewhere/x.txt"),
        renaming(b"/upload/x.php", method="GET"),
        raw(b"", method="MOVE"),
    ],
)
async def test_what_gives_no_such_name_passes_uncounted(start, service, request_, monkeypatch):
    instance = await start(service, routes=[{"path": "/upload", "policy": "any"}], policies=ANY)
    outcomes = []
    monkeypatch.setattr(instance.metrics, "observe", outcomes.append)
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    assert (await wire.ask(request_)).status == 200
    assert [outcome.upload for outcome in await all_of(outcomes, 1)] == [False]


async def test_monitor_counts_a_refused_name_and_forwards_it(start, service, monkeypatch):
    route = {"path": "/upload", "policy": "any", "mode": "monitor"}
    instance = await start(service, routes=[route], policies=ANY)
    outcomes = []
    monkeypatch.setattr(instance.metrics, "observe", outcomes.append)
    wire = await Wire.open(int(instance.address.rpartition(":")[2]))
    assert (await wire.ask(renaming(b"/upload/x.php"))).status == 200
    (outcome,) = await all_of(outcomes, 1)
    assert (outcome.upload, outcome.verdict, outcome.action) == (True, "bad", "forwarded")
