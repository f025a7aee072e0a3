"""Groups of settings as values: nothing changes them, they go to other processes, and JSON has a form of them."""

import json
import pickle

import pytest

from sidecar.inspection.checks.known_files import KnownFilesSettings
from sidecar.inspection.formats.digest_list import Digests
from sidecar.policy.settings.base import REQUIRED, as_json, default_of, fields_of
from sidecar.policy.settings.check_mode import CheckMode, with_mode
from sidecar.policy.settings.model import Config, Files, Mode, Policy, Route, Settings
from tests.policy.conftest import NamesSettings


class Base(Settings):
    one: int = 1
    two: tuple[str, ...] = ()


class Derived(Base):
    three: str
    one: int = 11


def again(value):
    return pickle.loads(pickle.dumps(value, pickle.HIGHEST_PROTOCOL))  # noqa: S301 - as workers get them


def test_settings_are_declared_by_annotations_those_of_the_base_first():
    assert list(fields_of(Derived)) == ["one", "two", "three"]
    assert [default_of(Derived, name) for name in fields_of(Derived)] == [11, (), REQUIRED]
    assert fields_of(Settings) == {}


def test_what_is_not_given_has_its_default():
    assert (Base().one, Base(one=2).one, Derived(three="x").one) == (1, 2, 11)
    assert (Config().policies, Config().mode) == ({"default": Policy()}, Mode.MONITOR)


def test_what_is_not_declared_cannot_be_given():
    with pytest.raises(TypeError, match="Base has no setting four"):
        Base(four=4)
    with pytest.raises(TypeError, match="Base has no setting four"):
        Base().replaced(four=4)
    with pytest.raises(AttributeError, match="three"):
        Derived()


def test_nothing_changes():
    settings = Base()
    with pytest.raises(AttributeError, match=r"Base\.one never changes"):
        settings.one = 2
    with pytest.raises(AttributeError, match=r"Base\.one never goes"):
        del settings.one
    assert settings == Base()


def test_settings_are_equal_by_their_values_and_their_type():
    assert Base(two=("a",)) == Base(two=("a",)) != Base()
    assert hash(Base(two=("a",))) == hash(Base(two=("a",)))
    assert Base() != Derived(three="x")
    assert Base() != "Base()"


def test_some_of_them_can_be_replaced():
    settings = Derived(three="x")
    assert settings.replaced(three="y", one=5) == Derived(three="y", one=5)
    assert settings == Derived(three="x")


def test_they_can_be_shown():
    assert repr(Route(path="/a").replaced(methods=("POST",))).startswith("Route(path='/a', name='', methods=('POST',)")


def test_json_has_mappings_lists_text_and_numbers():
    config = Config(mode=Mode.OFF, policies={"default": Policy(files=Files(types=("image/png",)))}, enforce_percent=5.0)
    told = as_json(config)
    assert json.loads(json.dumps(told)) == told
    assert (told["mode"], type(told["mode"])) == ("off", str)
    assert told["policies"]["default"]["files"]["types"] == ["image/png"]
    assert as_json(Policy(checks={"names": NamesSettings(longest=3)}))["checks"]["names"]["longest"] == 3


@pytest.mark.parametrize(
    "settings",
    [
        Config(),
        Policy(checks="off"),
        CheckMode(mode="monitor"),
        with_mode(NamesSettings)(longest=3, mode="monitor"),
        with_mode(KnownFilesSettings)(deny=("/list",), mode="monitor"),
    ],
)
def test_another_process_gets_the_same(settings):
    assert again(settings) == settings
    assert type(again(settings)) is type(settings)


def test_another_process_gets_the_lists_of_known_files_too():
    digest = bytes(32)
    known = with_mode(KnownFilesSettings)(deny=("/list",)).with_digests((Digests(frozenset({digest})),), ())
    assert (again(known).denied, again(known).allowed) == (known.denied, ())
    assert known != with_mode(KnownFilesSettings)(deny=("/list",))


def test_the_content_of_lists_is_no_setting():
    known = KnownFilesSettings().with_digests((Digests(frozenset({bytes(32)})),), ())
    assert as_json(known) == {"deny": [], "allow": []}
    assert known.replaced(deny=("/other",)).denied == known.denied
