import json

import pytest

from sidecar.cli.comparison.baseline import BaselineError, read, write
from tests.cli.comparison.windows import baseline


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "before.json"
    write(baseline(), path)
    return path


def test_what_was_written_is_read_as_it_was(file):
    assert read(file) == baseline()
    assert read(file).window().figures() == baseline().window().figures()
    assert [path.name for path in file.parent.iterdir()] == ["before.json"]


def changed(file, **changes):
    data = json.loads(file.read_text())
    file.write_text(json.dumps({**data, **changes}))


def test_another_format_is_told_with_the_version_that_wrote_it(file):
    changed(file, format=2, made_by="9.1.0\u202e<script>")
    with pytest.raises(BaselineError) as raised:
        read(file)
    told = str(raised.value)
    assert "has format 2, written by upload-sidecar 9.1.0\\u202e" in told
    assert "reads format 1: compare with the one that wrote it, or take it anew" in told


@pytest.mark.parametrize(
    "changes",
    [
        {"kind": "something else"},
        {"format": None},
        {"seconds": 0},
        {"seconds": "60"},
        {"seconds": float("nan")},
        {"unheard_of": 1},
        {"series": [["requests_total", {"route": "a", "code": "200"}, -1]]},
        {"series": [["requests_total", {"route": 7}, 1]]},
        {"series": [["request_duration_seconds_bucket", {"route": "a", "le": "wide"}, 1]]},
        {"series": {}},
        {"versions": None},
    ],
)
def test_what_is_not_as_snapshot_writes_it_is_refused_and_named(file, changes):
    changed(file, **changes)
    with pytest.raises(BaselineError, match=r"before\.json: "):
        read(file)


@pytest.mark.parametrize("raw", [b"", b"{", b"[]", b"null", b"\xff\xfe", b"[" * 200_000, b'{"kind": 1}'])
def test_what_is_cut_short_or_no_json_is_said(file, raw):
    file.write_bytes(raw)
    with pytest.raises(BaselineError, match="expected"):
        read(file)


def test_a_file_cut_in_the_middle_is_said(file):
    file.write_bytes(file.read_bytes()[:-100])
    with pytest.raises(BaselineError, match="is no JSON, or is cut short"):
        read(file)


def test_no_file_is_said(tmp_path):
    with pytest.raises(BaselineError, match="No such file"):
        read(tmp_path / "none.json")


def test_series_that_nobody_knows_are_left_out(file):
    changed(file, series=[["new_total", {"a": "b"}, 1], ["requests_total", {"route": "a"}, 1]])
    assert read(file).as_series() == {}
