import json

import pytest

from sidecar.policy.loading.descriptions import descriptions_of
from sidecar.policy.loading.schema import json_schema
from sidecar.policy.loading.tree import settings_below
from sidecar.policy.settings.model import Config
from tests.policy.conftest import CHECKS


@pytest.fixture(scope="module")
def schema():
    return json_schema(CHECKS)


def at(schema, *names):
    """The part of a schema for a setting, references followed."""
    for name in names:
        schema = schema["properties"][name]
        while "$ref" in schema or "anyOf" in schema:
            reference = schema.get("$ref") or schema["anyOf"][0].get("$ref")
            if reference is None:
                break
            schema = SCHEMA["$defs"][reference.rpartition("/")[2]]
    return schema


SCHEMA = json_schema(CHECKS)


def test_the_schema_is_json(schema):
    assert json.loads(json.dumps(schema)) == schema
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_every_group_refuses_unknown_settings(schema):
    assert schema["additionalProperties"] is False
    assert all(group["additionalProperties"] is False for group in schema["$defs"].values() if "properties" in group)


def test_defaults_are_written_as_people_write_them(schema):
    assert at(schema, "client", "idle_timeout")["default"] == "30s"
    assert schema["$defs"]["Policy"]["properties"]["max_file"]["default"] == "32MiB"
    assert schema["$defs"]["Policy"]["properties"]["max_parts"]["default"] == 1000


def test_a_group_may_be_empty_as_in_the_file(schema):
    assert {"type": "null"} in schema["properties"]["admin"]["anyOf"]


def test_checks_are_off_or_on_or_named_with_their_settings(schema):
    switch, named, empty = schema["$defs"]["Policy"]["properties"]["checks"]["anyOf"]
    assert (switch, empty) == ({"enum": ["off", "on"]}, {"type": "null"})
    assert named["additionalProperties"] is False
    assert named["properties"]["types"] == {"enum": ["off", "on"]}
    assert named["properties"]["names"]["anyOf"][0] == {"enum": ["off", "on"]}
    settings = schema["$defs"][named["properties"]["names"]["anyOf"][1]["$ref"].rpartition("/")[2]]
    assert set(settings["properties"]) == {"strict", "longest", "levels"}
    assert settings["properties"]["longest"]["default"] == "255"
    assert settings["properties"]["strict"]["enum"] == ["on", "off", True, False]
    assert settings["properties"]["strict"]["default"] == "on"


def test_every_setting_says_what_it_is_for():
    told = ((setting.path, descriptions_of(setting.holder).get(setting.name)) for setting in settings_below(Config))
    assert [path for path, description in told if not description] == []
