import pytest

from sidecar.policy.loading.tree import group_at, homes, is_list, is_mapping, kind_at, settings_below
from sidecar.policy.settings.model import Admin, Config, Files, Mode, Policy, Route
from tests.policy.conftest import CHECKS, NamesSettings


@pytest.mark.parametrize(
    ("path", "group"),
    [
        ((), Config),
        (("admin",), Admin),
        (("mode",), None),
        (("policies",), None),
        (("policies", "any"), Policy),
        (("policies", "any", "files"), Files),
        (("policies", "any", "checks"), None),
        (("policies", "any", "checks", "names"), NamesSettings),
        (("policies", "any", "checks", "nams"), None),
        (("routes",), None),
        (("routes", 5), Route),
        (("routes", "x"), None),
        (("nothing", "below"), None),
    ],
)
def test_which_group_of_settings_is_where(path, group):
    assert group_at(path, CHECKS) is group


def test_what_kind_of_value_is_where():
    assert kind_at(("mode",), CHECKS) is Mode
    assert is_list(kind_at(("routes",), CHECKS))
    assert is_list(kind_at(("policies", "x", "files", "types"), CHECKS))
    assert is_list(kind_at(("policies", "x", "checks", "names", "levels"), CHECKS))
    assert is_mapping(kind_at(("policies",), CHECKS))
    assert is_mapping(kind_at(("policies", "x", "checks"), CHECKS))
    assert not is_mapping(kind_at(("mode",), CHECKS))
    assert kind_at(("nothing",), CHECKS) is None


def test_all_settings_are_listed_in_order():
    paths = [setting.path for setting in settings_below(Config)]
    assert paths[0] == "change"
    assert {"mode", "admin.listen", "policies.NAME.files.types", "routes[].path"} <= set(paths)
    assert len(paths) == len(set(paths))


def test_where_a_name_is_at_home():
    assert homes("mode") == ("", "routes[]")
    assert homes("types") == ("policies.NAME.files",)
    assert homes("nothing") == ()
