"""The JSON schema of the configuration file, for editors and other tools."""

from collections.abc import Callable
from enum import StrEnum
from types import NoneType
from typing import Annotated, Any, Final, Literal, get_args, get_origin

from sidecar.policy.loading.descriptions import description_of, descriptions_of
from sidecar.policy.loading.tree import Checks, bare, is_group
from sidecar.policy.settings.base import REQUIRED, default_of, fields_of
from sidecar.policy.settings.model import Config, Policy, Settings
from sidecar.policy.values.units import SECONDS_PATTERN, SIZE_PATTERN, seconds_text, size_text

_DIALECT: Final = "https://json-schema.org/draft/2020-12/schema"
_SWITCH: Final = {"enum": ["off", "on"]}
_BOOLEAN: Final = {"enum": ["on", "off", True, False]}
"""`on` and `off` are text in YAML 1.2, and are taken for what they mean."""
_SCALARS: Final = {str: "string", int: "integer", float: "number", NoneType: "null"}
_UNITS: Final[dict[str, Callable[[Any], object]]] = {SIZE_PATTERN: size_text, SECONDS_PATTERN: seconds_text}
_Schema = dict[str, Any]


def json_schema(checks: Checks) -> _Schema:
    """The schema of the file, with the settings of the given checks in it."""
    writing = _Writing(checks)
    root = writing.group(Config)
    root["properties"]["policies"] |= {"additionalProperties": False, "type": ["object", "null"]}
    root["properties"]["policies"].pop("default")
    root["properties"]["routes"] |= {"type": ["array", "null"]}
    title = {"title": "Configuration of the upload sidecar"}
    return {"$schema": _DIALECT, **title, **root, "$defs": dict(sorted(writing.definitions.items()))}


class _Writing:
    """Writes groups; those that others refer to are collected."""

    def __init__(self, checks: Checks) -> None:
        self.definitions: dict[str, _Schema] = {}
        self._checks = checks

    def group(self, group: type[Settings]) -> _Schema:
        """An object with its settings, and nothing else in it."""
        told, fields = descriptions_of(group), fields_of(group)
        properties = {name: self._setting(group, name, kind, told.get(name, "")) for name, kind in fields.items()}
        required = [name for name in fields if default_of(group, name) is REQUIRED]
        return {
            "additionalProperties": False, "description": description_of(group), "properties": properties,
            **({"required": required} if required else {}), "type": "object",
        }  # fmt: skip

    def _setting(self, group: type[Settings], name: str, kind: Any, description: str) -> _Schema:  # noqa: ANN401 - types of types are not for mypy
        if is_group(bare(kind)):
            same = description == description_of(bare(kind))
            told = {} if same else {"description": description}
            return {**told, "anyOf": [self._reference(bare(kind)), {"type": "null"}]}  # its defaults stand inside
        schema = self._of_checks() if (group, name) == (Policy, "checks") else self._of(kind)
        default = default_of(group, name)
        given = {} if default is REQUIRED else {"default": _written(default, schema)}
        return dict(sorted({**schema, **given, "description": description}.items()))

    def _reference(self, group: type[Settings]) -> _Schema:
        if group.__name__ not in self.definitions:
            self.definitions[group.__name__] = self.group(group)
        return {"$ref": f"#/$defs/{group.__name__}"}

    def _of(self, kind: Any) -> _Schema:  # noqa: ANN401 - types of types are not for mypy
        if get_origin(kind) is not Annotated:
            return self._of_bare(kind)
        added = [dict(mark.schema) for mark in kind.__metadata__]
        whole = next((schema for schema in added if "type" in schema), None)
        schema = {**self._of_bare(kind.__origin__), **{key: value for each in added for key, value in each.items()}}
        return dict(sorted((whole or schema).items()))

    def _of_bare(self, kind: Any) -> _Schema:  # noqa: ANN401 - types of types are not for mypy
        if kind is bool:
            return dict(_BOOLEAN)
        if kind in _SCALARS:
            return {"type": _SCALARS[kind]}
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return self._choice(kind)
        return self._reference(kind) if is_group(kind) else self._composite(get_origin(kind), get_args(kind))

    def _choice(self, choice: type[StrEnum]) -> _Schema:
        values = [member.value for member in choice]
        said = {"description": description_of(choice), "enum": values, "type": "string"}
        self.definitions[choice.__name__] = said
        return {"$ref": f"#/$defs/{choice.__name__}"}

    def _composite(self, origin: Any, below: tuple[Any, ...]) -> _Schema:  # noqa: ANN401 - types of types are not for mypy
        if origin is Literal:
            return {"enum": list(below), "type": "string"}
        if origin is dict:
            return {"patternProperties": {self._of(below[0])["pattern"]: self._of(below[1])}, "type": "object"}
        if origin is tuple:
            return {"items": self._of(below[0]), "type": "array"}
        return {"anyOf": [self._of(each) for each in below]}

    def _of_checks(self) -> _Schema:
        """`on`, `off`, or per check the same or its settings."""
        each = {
            name: {"anyOf": [_SWITCH, self._reference(group)]} if fields_of(group) else _SWITCH
            for name, group in self._checks.items()
        }
        named = {"type": "object", "properties": each, "additionalProperties": False}
        return {"anyOf": [_SWITCH, named, {"type": "null"}]}


def _written(default: Any, schema: _Schema) -> object:  # noqa: ANN401 - whatever a setting is
    """A default as people write it."""
    match default:
        case bool():
            return "on" if default else "off"
        case tuple():
            return list(default)
        case StrEnum():
            return default.value
        case int() | float() if schema.get("pattern") in _UNITS:
            return _UNITS[schema["pattern"]](default)
    return default
