"""A stand-in for the API server: evaluates admission policies with a real CEL and applies their JSON patches."""

import copy
import re
from typing import Any

import celpy
from celpy.celtypes import ListType, MapType, MessageType

TYPED = re.compile(r"\bObject((?:\.\w+)+)\{")


class Mistake(Exception):  # noqa: N818 - what the API server would say
    """The API server would refuse the object because of the policy."""


def admitted(documents: tuple[dict, ...], resource: str, item: dict, params: dict | None) -> dict:
    """An object as it is stored, after all policies for its kind."""
    for policy in documents:
        if policy["kind"] == "MutatingAdmissionPolicy" and _selects(policy["spec"], resource, item):
            item = _mutated(policy["spec"], item, params)
    return item


def _selects(spec: dict, resource: str, item: dict) -> bool:
    constraints = spec["matchConstraints"]
    wanted = constraints["objectSelector"]["matchLabels"]
    if resource not in constraints["resourceRules"][0]["resources"]:
        return False
    if not wanted.items() <= item["metadata"].get("labels", {}).items():
        return False
    return all(_evaluated(condition["expression"], item, None) for condition in spec["matchConditions"])


def _mutated(spec: dict, item: dict, params: dict | None) -> dict:
    if "paramKind" in spec and params is None:
        raise Mistake("no params found")  # parameterNotFoundAction: Deny
    item = copy.deepcopy(item)
    for mutation in spec["mutations"]:
        for operation in plain(_evaluated(mutation["jsonPatch"]["expression"], item, params)):
            _apply(item, **operation)
    return item


def _evaluated(expression: str, item: dict, params: dict | None) -> Any:
    """The value of an expression. Types with dots get names without, which this CEL can tell apart."""
    names = {match[1] for match in TYPED.finditer(expression)}
    types = {f"Object{name.replace('.', '_')}": _type(f"Object{name}") for name in names}
    flat = TYPED.sub(lambda match: f"Object{match[1].replace('.', '_')}{{", expression)
    environment = celpy.Environment(annotations={**types, "JSONPatch": MessageType})
    program = environment.program(environment.compile(flat))
    return program.evaluate({"object": celpy.json_to_cel(item), "params": celpy.json_to_cel(params)})


def _type(name: str) -> type:
    """A type whose objects must stand where it says: the API server compares names with places."""

    def initialize(self: MessageType, fields: MapType) -> None:
        MessageType.__init__(self, fields)
        for key, value in fields.items():
            for each in value if isinstance(value, ListType) else [value]:
                if isinstance(each, MessageType) and type(each).__name__ != f"{name}.{key}":
                    raise Mistake(f"unexpected type name {type(each).__name__}, expected {name}.{key}")

    return type(name, (MessageType,), {"__init__": initialize})


def plain(value: Any) -> Any:
    """A value of CEL as JSON has it."""
    match value:
        case dict():
            return {str(key): plain(item) for key, item in value.items()}
        case list():
            return [plain(item) for item in value]
        case celpy.celtypes.BoolType():
            return bool(value)
        case int():
            return int(value)
        case str():
            return str(value)
    raise Mistake(f"{value!r} is no JSON")


def _apply(item: Any, op: str, path: str, value: Any) -> None:
    """One operation (RFC 6902, section 4)."""
    *way, last = (token.replace("~1", "/").replace("~0", "~") for token in path.split("/")[1:])
    for token in way:
        item = item[int(token) if isinstance(item, list) else token]
    if op == "replace" and isinstance(item, dict) and last not in item:
        raise Mistake(f"there is nothing at {path}")
    if isinstance(item, list):
        item.insert(len(item) if last == "-" else int(last), value)
    else:
        item[last] = value
