import pytest
from hypothesis import given
from hypothesis import strategies as st

from sidecar.telemetry.db_calls import MOST, db_calls, field_of
from tests.pace import processor_time


@pytest.mark.parametrize(("text", "calls"), [(b"0", 0), (b" 12 ", 12), (b"999999", MOST)])
def test_a_field_of_its_own_holds_the_number(text, calls):
    assert db_calls([text], "") == calls


@pytest.mark.parametrize(
    "values", [[], [b""], [b"-1"], [b"1.5"], [b"1e3"], [b"1000000"], [b"twelve"], [b"1", b"2"], [b"1, 1"], [b"\xb2"]]
)
def test_what_is_no_number_is_not_told(values):
    assert db_calls(values, "") is None


@pytest.mark.parametrize(
    ("text", "calls"),
    [
        (b"db;count=12", 12),
        (b'db;dur=53.2;desc="12 queries"', 12),
        (b'db;desc="12, slow; 3", db;desc="1"', 13),
        (b"db;dur=5, cache;dur=1, DB;dur=7", 2),
        (b"db", 1),
        (b'db;desc="1.5 s"', 1),
        (b'db;desc="never ends, db;count=7', 1),
        (b"cache;count=3, dbx;count=4", None),
        (b";", None),
        (b";;, db;count=2, ;", 2),
        (b", ".join([b"db;count=999999"] * 3), MOST),
    ],
)
def test_entries_of_server_timing_tell_it_or_are_one_call_each(text, calls):
    assert db_calls([text], "db") == calls


def test_the_setting_names_a_field_or_an_entry_of_it():
    assert field_of("X-DB-Calls") == (b"x-db-calls", "")
    assert field_of("Server-Timing;db") == (b"server-timing", "db")


@given(st.lists(st.binary()), st.sampled_from(["", "db"]))
def test_whatever_the_service_sends_is_a_bounded_number_or_nothing(values, entry):
    calls = db_calls(values, entry)
    assert calls is None or 0 <= calls <= MOST


@pytest.mark.parametrize("piece", [b'"', b'db;desc="\\', b"db;", b",", b'"\\', b";="])
def test_a_field_made_to_be_slow_takes_milliseconds(piece):
    with processor_time(below=0.1):
        db_calls([piece * 20_000], "db")
