"""`file_names` on a corpus of honest and hostile names."""

from pathlib import Path
from urllib.parse import quote

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sidecar.inspection.checks.file_names import _PLAIN, FileNames, _oddities
from sidecar.inspection.names import views
from tests.inspection.judging import codes, field, make, on_name, part_of

NAMES = Path(__file__).parent.parent / "names"
HONEST = [name for group in yaml.safe_load((NAMES / "honest.yaml").read_text()).values() for name in group]
HOSTILE = yaml.safe_load((NAMES / "hostile.yaml").read_text())
CASES = [(code, name) for code, names in HOSTILE.items() if code != "suffix_forbidden" for name in names]


def test_the_corpus_is_as_large_as_promised():
    assert len(set(HONEST)) >= 60
    assert len({name for names in HOSTILE.values() for name in names}) >= 150
    assert set(HOSTILE) <= {reason.code for reason in FileNames.reasons} | {"suffix_forbidden"}


@pytest.mark.parametrize("name", HONEST)
def test_honest_name_passes(name):
    assert on_name(make("file_names"), name) == []


@pytest.mark.parametrize(("code", "name"), CASES)
def test_hostile_name_is_refused_for_its_reason(code, name):
    assert code in on_name(make("file_names"), name)


@pytest.mark.parametrize("name", [f"{'a' * 251}.txt", f"{'é' * 125}a.txt", f"{'語' * 83}.txt", "a" * 255])
def test_255_bytes_pass_and_one_more_is_refused(name):
    encoded = name.encode().rjust(255, b"x")
    assert on_name(make("file_names"), encoded) == []
    assert on_name(make("file_names"), b"x" + encoded) == ["file_name_too_long"]


@pytest.mark.parametrize("stem", ["語" * 34, "語" * 83, "é" * 125 + "x", "(1) " * 62])
def test_a_name_that_its_client_escaped_counts_as_what_it_stands_for(stem):
    for escaped in (quote(f"{stem}.pdf", safe=""), quote(f"{stem}.pdf", safe="!'()*").lower()):
        assert on_name(make("file_names"), escaped) == []
        assert on_name(make("forbidden_suffixes"), escaped) == []
        assert on_name(make("file_names", {"max_length": 100}), escaped) == ["file_name_too_long"]


@pytest.mark.parametrize(
    "name", ["%41" * 90 + ".pdf", "%E8%AA%9E" * 34 + " .pdf", "%E8%AA%9E" * 90 + ".pdf", "%" * 260]
)
def test_a_name_that_is_escaped_in_part_or_for_no_reason_counts_as_it_is(name):
    assert "file_name_too_long" in on_name(make("file_names"), name)


def test_what_a_cut_leaves_of_an_escaped_name_is_judged():
    name = "%20" * 83 + "xx.exepdf"
    assert on_name(make("file_names"), name) == []
    assert on_name(make("forbidden_suffixes"), name) == ["suffix_forbidden"]


def test_the_path_does_not_count_for_the_length():
    assert on_name(make("file_names"), b"folder/" * 40 + b"a.txt") == []


def test_the_length_is_a_setting():
    assert on_name(make("file_names", {"max_length": 12}), "abcdefghi.txt") == ["file_name_too_long"]
    assert on_name(make("file_names", {"max_length": 300}), "a" * 300) == []


def test_the_files_that_servers_obey_are_a_setting():
    assert on_name(make("file_names", {"server_files": ["My.Conf"]}), "my.CONF") == ["file_name_reserved"]
    assert on_name(make("file_names", {"server_files": []}), "web.config") == []


@pytest.mark.parametrize("raw", [b"a\xff.png", b"\xc3", b"a\xc0\xae.png", b"\xed\xa0\x80.png"])
def test_name_that_is_not_utf8_is_refused(raw):
    assert "file_name_not_utf8" in on_name(make("file_names"), raw)


def test_fields_and_empty_file_inputs_have_no_name_to_judge():
    assert make("file_names").begin(field()) == ()
    assert make("file_names").begin(part_of("")) == ()


def test_the_path_is_judged_though_only_its_base_name_goes_on():
    part = part_of("../../a.txt")
    assert part.filename == b"a.txt"
    assert codes(make("file_names").begin(part)) == ["file_name_path"]


@pytest.mark.parametrize("name", ["/a.txt", "/etc/passwd", "/storage/emulated/0/DCIM/photo.png"])
def test_a_root_is_refused_where_the_service_gets_it_or_where_it_shows_late(name):
    assert on_name(make("file_names"), name) == []
    as_it_goes_on = part_of(name)._replace(path_goes_on=True)
    assert codes(make("file_names").begin(as_it_goes_on)) == ["file_name_path"]
    assert "file_name_path" in on_name(make("file_names"), name.replace("/", "%2F"))


def test_what_is_shown_of_a_name_is_printable_ascii():
    (finding,) = make("file_names").begin(part_of('pho\u202eto<b>".jpg', name="<ü>".encode()))
    assert finding.actual.startswith("U+202E in ")
    assert (finding.actual + (finding.part or "")).isascii()
    assert not set(finding.actual + (finding.part or "")) & set('<>"')


@given(st.binary(max_size=1200) | st.text(max_size=300).map(lambda text: text.encode(errors="surrogatepass")))
def test_no_name_makes_it_raise(raw):
    assert set(on_name(make("file_names"), raw)) <= {reason.code for reason in FileNames.reasons}


FILLERS = "\u115f\u1160\u3164\uffa0"  # letters that show nothing


@given(
    st.text(st.characters(categories=["L", "Nd"], exclude_characters=FILLERS), min_size=4, max_size=40),
    st.sampled_from(["png", "pdf", "txt"]),
)
def test_names_of_letters_and_digits_pass(stem, suffix):
    assert on_name(make("file_names"), f"x{stem}.{suffix}") == []


@given(st.from_regex(_PLAIN, fullmatch=True))
def test_a_plain_name_has_no_oddity(name):
    assert views(name.encode()) == (name,)
    assert list(_oddities((name,))) == []
