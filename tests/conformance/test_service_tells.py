"""What the service tells of itself in its answers, counted at the real admin port."""

import pytest
from aiohttp import ClientSession


@pytest.mark.parametrize(
    ("setting", "field", "calls"),
    [
        ("X-DB-Calls", b"x-db-calls: 7", "7.0"),
        ("server-timing;db", b'Server-Timing: app;dur=3, db;desc="7 queries"', "7.0"),
        ("X-DB-Calls", b"X-DB-Calls: 7; <script>alert(1)</script>", None),
        ("X-DB-Calls", b"X-Other: 7", None),
        ("", b"X-DB-Calls: 7", None),
    ],
)
async def test_calls_of_the_database_reach_the_metrics(service, start, setting, field, calls):
    service.answer = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n" + field + b"\r\n\r\nok"
    instance = await start(service, upstream={"db_calls": setting})
    async with ClientSession() as client:
        async with client.get(f"http://{instance.address}/") as answer:
            assert (answer.status, await answer.text()) == (200, "ok")
        async with client.get(f"http://{instance.operators.admin_address}/metrics") as answer:
            told = await answer.text()
    found = [
        line.rpartition(" ")[2] for line in told.splitlines() if line.startswith("upload_sidecar_upstream_db_calls_sum")
    ]
    assert found == ([calls or "0.0"] if setting else [])
    assert "<script" not in told
