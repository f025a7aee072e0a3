import pytest

from sidecar.scanners.held import sample
from sidecar.scanners.quarantine import QuarantineError, Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "kept", max_bytes=100, max_age=60.0)


def keep(store, data, now):
    with sample(data) as held:
        return store.keep(held.descriptor, held.size, {"name": "a"}, now)


def test_the_oldest_go_first_where_there_is_no_room(store, tmp_path):
    numbers = [keep(store, bytes(40), now) for now in (1, 2, 3)]
    assert [entry["id"] for entry in store.entries()] == numbers[1:]
    assert len(list((tmp_path / "kept").iterdir())) == 4


def test_what_is_too_old_goes(store):
    keep(store, b"old", 1000)
    number = keep(store, b"new", 1061)
    assert [entry["id"] for entry in store.entries()] == [number]


def test_a_file_larger_than_all_is_not_kept_and_costs_no_other(store):
    number = keep(store, b"small", 1)
    assert keep(store, bytes(101), 2) == ""
    assert [entry["id"] for entry in store.entries()] == [number]


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


def test_what_is_not_ours_is_left_alone(store, tmp_path):
    keep(store, b"x", 1)
    other = tmp_path / "kept" / "notes.json"
    other.write_text("mine")
    (tmp_path / "kept" / ("a" * 32 + ".json")).write_text("not json")
    assert len(store.entries()) == 1
    keep(store, bytes(100), 2)
    assert other.read_text() == "mine"
