"""What is kept of refused uploads: bounded, whole or not at all, and back on demand."""

import os
import resource

import pytest

from sidecar.scanners.held import sample
from sidecar.scanners.quarantine import QuarantineError, Store

MANIFEST = len('{"id": "", "time": 1, "size": 40, "name": "a"}') + 32


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "kept", max_bytes=300, max_age=60.0, max_files=5)


def keep(store, data, now):
    with sample(data) as held:
        return store.keep(held.range, {"name": "a"}, now)


def ids(store):
    return [entry["id"] for entry in store.entries()]


def files(tmp_path):
    return sorted(path.name for path in (tmp_path / "kept").iterdir())


def test_the_oldest_go_first_where_there_is_no_room_for_files_and_manifests(store, tmp_path):
    numbers = [keep(store, bytes(40), now) for now in (1, 2, 3)]
    assert 2 * (MANIFEST + 40) <= 300 < 3 * (MANIFEST + 40)
    assert ids(store) == numbers[1:]
    assert len(files(tmp_path)) == 4


def test_however_small_they_are_only_so_many_are_kept(tmp_path):
    store = Store(tmp_path / "kept", max_bytes=10_000, max_age=60.0, max_files=5)
    numbers = [keep(store, b"", now) for now in range(1, 9)]
    assert ids(store) == numbers[3:]


def test_what_is_too_old_goes_with_the_next_and_without_one(store, tmp_path):
    keep(store, b"old", 1000)
    number = keep(store, b"new", 1061)
    assert ids(store) == [number]
    store.prune(1121)
    assert ids(store) == [number]
    store.prune(1122)
    assert files(tmp_path) == []


def test_a_file_larger_than_all_is_not_kept_and_costs_no_other(store):
    number = keep(store, b"small", 1)
    assert keep(store, bytes(301 - MANIFEST), 2) == ""
    assert ids(store) == [number]


def test_what_a_crash_has_left_goes_first(store, tmp_path):
    number = keep(store, b"small", 1000)
    (tmp_path / "kept" / f"{'a' * 32}.data").write_bytes(bytes(100))
    store.prune(1001)
    assert files(tmp_path) == sorted([f"{number}.data", f"{number}.json"])


def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path):
    store = Store(tmp_path / "kept", max_bytes=10**6, max_age=60.0, max_files=5)
    number = keep(store, b"small", 1)
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (10_000, before[1]))
    try:
        with pytest.raises(OSError, match="File too large"):
            keep(store, bytes(20_000), 2)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert files(tmp_path) == sorted([f"{number}.data", f"{number}.json"])


def test_names_cannot_be_guessed_and_nobody_else_can_read(store, tmp_path):
    numbers = {keep(store, b"x", 1) for _ in range(20)}
    assert len(numbers) == 20
    assert all(len(number) == 32 for number in numbers)
    assert {path.stat().st_mode & 0o777 for path in (tmp_path / "kept").iterdir()} == {0o600}


@pytest.mark.parametrize("number", ["", "..", "../../etc/passwd", "0" * 32])
def test_an_id_that_is_none_gives_nothing(store, tmp_path, number):
    keep(store, b"x", 1)
    with pytest.raises(QuarantineError, match="expected"):
        store.release(number, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_is_released_whole_or_not_at_all(store, tmp_path):
    number = keep(store, b"a file", 1)
    os.truncate(tmp_path / "kept" / f"{number}.data", 3)
    with pytest.raises(OSError, match="shorter"):
        store.release(number, tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_target_that_is_a_link_is_not_followed(store, tmp_path):
    number = keep(store, b"a file", 1)
    (tmp_path / "out").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(QuarantineError, match="exists"):
        store.release(number, tmp_path / "out")
    assert not (tmp_path / "elsewhere").exists()


@pytest.mark.parametrize(
    "text", ["", "not json", "[]", "7", "{}", '{"time": null, "size": 1}', '{"time": 1e999, "size": 1}', "[" * 100_000]
)
def test_what_is_not_ours_is_left_out_of_the_list(store, tmp_path, text):
    number = keep(store, b"x", 1)
    (tmp_path / "kept" / ("a" * 32 + ".json")).write_text(text)
    assert ids(store) == [number]


def test_files_of_others_stay(store, tmp_path):
    keep(store, b"x", 1)
    other = tmp_path / "kept" / "notes.json"
    other.write_text("mine")
    for now in range(2, 9):
        keep(store, bytes(100), now)
    assert other.read_text() == "mine"
