"""The JSON schema of the configuration file, for editors and other tools."""

from typing import Any, Final

from pydantic.json_schema import models_json_schema

from sidecar.policy.model import Config, Mode, Settings
from sidecar.policy.tree import Checks
from sidecar.policy.units import SECONDS_PATTERN, SIZE_PATTERN, seconds_text, size_text

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SWITCH: Final = {"enum": ["off", "on"]}
_Schema = dict[str, Any]


def json_schema(checks: Checks) -> _Schema:
    """The schema of the file, with the settings of the given checks in it."""
    groups: list[type[Settings]] = [Config, *checks.values()]
    references, schema = models_json_schema([(group, "validation") for group in dict.fromkeys(groups)])
    definitions: dict[str, _Schema] = schema["$defs"]
    settings = {name: references[group, "validation"] for name, group in checks.items() if group.model_fields}
    definitions["Policy"]["properties"]["checks"] |= _checks_schema(tuple(checks), settings)
    definitions.pop(Settings.__name__, None)  # checks without settings of their own
    root = definitions.pop(Config.__name__)
    root["properties"]["policies"] |= {"additionalProperties": False, "type": ["object", "null"]}
    root["properties"]["policies"].pop("default", None)
    root["properties"]["routes"] |= {"type": ["array", "null"]}
    for group in (root, *definitions.values()):
        _tidy(group, definitions)
    title = {"title": "Configuration of the upload sidecar"}
    return {"$schema": _DIALECT, **title, **root, "$defs": definitions}


def _checks_schema(names: tuple[str, ...], settings: dict[str, _Schema]) -> _Schema:
    """`on`, `off`, or per check the same or its settings."""
    each = {name: {"anyOf": [_SWITCH, settings[name]]} if name in settings else _SWITCH for name in names}
    named = {"type": "object", "properties": each, "additionalProperties": False}
    return {"anyOf": [_SWITCH, named, {"type": "null"}]}


def _tidy(group: _Schema, definitions: dict[str, _Schema]) -> None:
    """Leave out titles that only repeat the name, write defaults as people do, let empty groups be empty."""
    group.pop("title", None)
    for setting in group.get("properties", {}).values():
        setting.pop("title", None)
        setting.pop("additionalProperties", None) if "anyOf" in setting else None
        if isinstance(setting.get("default"), int | float) and "pattern" in setting:
            setting["default"] = _written(setting)
        if setting.get("type") == "boolean":
            _switch(setting)
        reference = setting.get("$ref", "").rpartition("/")[2]
        if reference and reference != Mode.__name__ and "properties" in definitions.get(reference, {}):
            setting["anyOf"] = [{"$ref": setting.pop("$ref")}, {"type": "null"}]
            setting.pop("default", None)  # what it amounts to stands with the settings inside


def _switch(setting: _Schema) -> None:
    """`on` and `off` are text in YAML 1.2, and are taken for what they mean."""
    del setting["type"]
    setting["enum"] = ["on", "off", True, False]
    if "default" in setting:
        setting["default"] = "on" if setting["default"] else "off"


def _written(setting: _Schema) -> object:
    match setting["pattern"]:
        case units if units == SIZE_PATTERN:
            return size_text(setting["default"])
        case units if units == SECONDS_PATTERN:
            return seconds_text(setting["default"])
    return setting["default"]
