"""`forbidden_suffixes` on a corpus of honest and hostile names."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from sidecar.policy.settings.model import Files, Policy
from sidecar.policy.values.suffixes import DEFAULT_DENY_SUFFIXES, SUFFIXES_RUN_ANYWHERE, SUFFIXES_RUN_BEFORE_SEMICOLON
from tests.inspection.judging import field, make, on_name, part_of

NAMES = Path(__file__).parent.parent / "names"
HONEST = [name for group in yaml.safe_load((NAMES / "honest.yaml").read_text()).values() for name in group]
HOSTILE = yaml.safe_load((NAMES / "hostile.yaml").read_text())["suffix_forbidden"]
REFUSED = ["suffix_forbidden"]


def denying(*suffixes):
    return Policy(files=Files(deny_suffixes=suffixes))


@pytest.mark.parametrize("name", HONEST)
def test_honest_name_passes(name):
    assert on_name(make("forbidden_suffixes"), name) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_name_is_refused(name):
    assert on_name(make("forbidden_suffixes"), name) == REFUSED


@pytest.mark.parametrize("suffix", DEFAULT_DENY_SUFFIXES)
def test_every_denied_suffix_is_refused_at_the_end_in_any_case(suffix):
    assert on_name(make("forbidden_suffixes"), f"a.{suffix}") == REFUSED
    assert on_name(make("forbidden_suffixes"), f"a.jpg.{suffix.upper()}") == REFUSED


@pytest.mark.parametrize("suffix", SUFFIXES_RUN_ANYWHERE)
def test_what_servers_run_anywhere_is_refused_anywhere(suffix):
    assert on_name(make("forbidden_suffixes"), f"a.{suffix}.jpg") == REFUSED
    assert on_name(make("forbidden_suffixes"), f"a.{suffix.upper()}.x.jpg") == REFUSED


def test_what_counts_anywhere_is_denied_at_all():
    assert set(SUFFIXES_RUN_ANYWHERE) | set(SUFFIXES_RUN_BEFORE_SEMICOLON) <= set(DEFAULT_DENY_SUFFIXES)


@pytest.mark.parametrize("suffix", sorted(set(DEFAULT_DENY_SUFFIXES) - set(SUFFIXES_RUN_ANYWHERE)))
def test_other_denied_suffixes_pass_within_a_name(suffix):
    assert on_name(make("forbidden_suffixes"), f"John.{suffix}.Smith.jpg") == []


def test_the_policy_decides_what_is_denied():
    check = make("forbidden_suffixes", policy=denying("zip"))
    assert on_name(check, "a.php") == []
    assert on_name(check, "a.php.jpg") == []
    assert on_name(check, "a.ZIP") == REFUSED


def test_what_counts_anywhere_is_a_setting():
    check = make("forbidden_suffixes", {"anywhere": ["zip"]}, denying("zip", "php"))
    assert on_name(check, "a.zip.jpg") == REFUSED
    assert on_name(check, "a.php.jpg") == []
    assert on_name(check, "a.php") == REFUSED


def test_the_finding_names_the_suffix():
    (finding,) = make("forbidden_suffixes").begin(part_of("a.pHp5", name=b"avatar"))
    assert (finding.actual, finding.expected) == (".php5 in a.pHp5", "a name without the suffix .php5")


def test_fields_and_empty_file_inputs_pass():
    assert make("forbidden_suffixes").begin(field()) == ()
    assert make("forbidden_suffixes").begin(part_of("")) == ()


@given(st.binary(max_size=1200))
def test_no_name_makes_it_raise(raw):
    assert on_name(make("forbidden_suffixes"), raw) in ([], REFUSED)


dressing = st.sampled_from(
    ["", ".", " ", "..", ". ", "%20", "%00", "%2500", "\u200b", "\u00a0", "'", "~", "%0a", ";", ":", "\0"]
)
php = st.sampled_from(
    ["php", "PHP", "pHp", "p%68p", "%70hp", "p\u200bhp", "ph\u0301p", "\uff50hp", "p&#104;p", "%2570hp"]
)
dot = st.sampled_from([".", "%2e", "%252e", "\uff0e", "&#46;", "\u2024", "%c0%ae"])


@given(
    st.sampled_from(["a", "photo.jpg", "a b", "é"]),
    dot,
    dressing,
    php,
    dressing,
    st.sampled_from(["", ".jpg", ".png.txt"]),
)
def test_no_dress_hides_a_suffix(stem, dot, before, php, after, rest):
    assert (
        on_name(make("forbidden_suffixes"), stem + dot + before.replace(";", "").replace(":", "") + php + after + rest)
        == REFUSED
    )
