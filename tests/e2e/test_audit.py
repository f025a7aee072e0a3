"""The audit log of several processes, from the first upload to what `replay` says of it."""

import json
import os
import signal
import subprocess
import sys

from tests.e2e.test_run import upload
from tests.wire import PNG, form

GOOD = form(("a", "a.png", "image/png", PNG))
BAD = form(("a", "a.php", "image/png", PNG))


def command(*arguments):
    environ = {name: value for name, value in os.environ.items() if not name.startswith("SIDECAR_")}
    done = subprocess.run(
        (sys.executable, "-m", "sidecar", *map(str, arguments)),
        env=environ,
        capture_output=True,
        check=True,
        timeout=60,
    )
    return done.stdout.decode()


async def test_workers_share_the_file_and_the_last_lines_are_there_after_the_end(run, config, service, tmp_path):
    path = tmp_path / "audit.jsonl"
    sidecar = await run(config(workers=2, audit={"file": str(path)}))
    assert [await upload(sidecar.port, body) for body in (GOOD, BAD) * 10] == [200, 422] * 10
    sidecar.signal(signal.SIGTERM)
    assert await sidecar.ended() == 0
    told = [json.loads(line) for line in path.read_text().splitlines()]
    assert sorted(line["verdict"] for line in told) == ["bad"] * 10 + ["clean"] * 10

    new = tmp_path / "new.yaml"
    new.write_text("mode: enforce\npolicies: {default: {files: {types: [image/gif]}}}\n")
    replayed = json.loads(command("replay", "--config", new, "--json", path))
    assert [(each["then"], each["now"], each["reason"], each["uploads"]) for each in replayed["changes"]] == [
        ("let in", "refused", "content_type_not_allowed", 10)
    ]
    new.write_text(command("suggest", path))
    assert "valid" in command("check", new)
