import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import httpx
import pytest

SERVICE = Path(__file__).parents[2] / "deploy" / "example" / "service.py"


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    return tmp_path_factory.mktemp("service") / "not" / "there" / "yet"


@pytest.fixture(scope="module")
def address(directory):
    """The service as a process of its own, on a port that it chose."""
    command = [sys.executable, str(SERVICE), "--port", "0", "--directory", str(directory)]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, env={**os.environ, "PYTHONUNBUFFERED": "1"})
    try:
        found = (re.search(r"running on (http://[0-9.]+:[0-9]+)", line) for line in process.stderr)
        yield next(match[1] for match in found if match)
    finally:
        process.terminate()
        process.communicate(timeout=30)


@pytest.fixture
def client(address):
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client


def test_help_tells_the_arguments():
    told = subprocess.run(
        [sys.executable, str(SERVICE), "--help"], capture_output=True, text=True, check=True, timeout=60
    )
    assert all(option in told.stdout for option in ("--host", "--port", "--directory"))


def test_health_is_ok(client):
    assert client.get("/health").json() == {"ok": True}


def test_files_of_any_form_are_stored_and_told(client, directory):
    data = os.urandom(3_000_000)
    answer = client.post(
        "/upload",
        data={"title": "Grüße"},
        files=[("a[]", ("one.png", data, "image/png")), ("b.c", ("two", b"", "x/y")), ("a[]", ("one.png", b"1"))],
    )
    told = answer.json()
    assert told["fields"] == [{"name": "title", "value": "Grüße"}]
    assert [(file["field"], file["filename"], file["size"]) for file in told["files"]] == [
        ("a[]", "one.png", 3_000_000),
        ("b.c", "two", 0),
        ("a[]", "one.png", 1),
    ]
    assert told["files"][0]["content_type"] == "image/png"
    assert told["files"][0]["sha256"] == hashlib.sha256(data).hexdigest()
    assert (directory / told["files"][0]["stored_as"]).read_bytes() == data
    assert len({file["stored_as"] for file in told["files"]}) == 3


@pytest.mark.parametrize(
    "filename", ["../../evil.php", "..\\..\\evil", "/etc/passwd", "..", ".htaccess", "a\u202eb", "x" * 3000, "%00", "~"]
)
def test_no_name_leaves_the_directory(client, directory, filename):
    before = set(directory.parent.rglob("*"))
    told = client.post("/upload", files={"f": (filename, b"data")}).json()
    stored = directory / told["files"][0]["stored_as"]
    assert set(directory.parent.rglob("*")) - before == {stored}
    assert stored.read_bytes() == b"data"


def test_form_without_files_is_a_form(client):
    assert client.post("/upload", data={"a": "1", "b": " "}).json() == {
        "fields": [{"name": "a", "value": "1"}, {"name": "b", "value": " "}],
        "files": [],
    }


def test_many_parts_are_no_trouble(client):
    files = [(f"f{number}", (f"{number}.txt", b"x")) for number in range(1200)]
    assert len(client.post("/upload", files=files).json()["files"]) == 1200


def test_listing_tells_what_is_stored(client):
    told = client.post("/upload", files={"f": ("listed.txt", b"12345")}).json()
    assert {"stored_as": told["files"][0]["stored_as"], "size": 5} in client.get("/upload").json()["files"]


def test_curl_can_send_to_it(address, tmp_path):
    curl = shutil.which("curl")
    if curl is None:
        pytest.skip("curl is missing: apt-get install curl")
    file = tmp_path / "note.txt"
    file.write_text("hello")
    sent = subprocess.run([curl, "-sS", "-F", f"f=@{file}", f"{address}/upload"], capture_output=True, check=True)
    assert b'"filename":"note.txt"' in sent.stdout
