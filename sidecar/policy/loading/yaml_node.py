"""Composes YAML into nodes that know their lines, bounded in depth and number."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

import yaml

from sidecar.policy.loading.problem import ConfigError, Problem, quoted
from sidecar.policy.loading.yaml_scalar import plain_scalar

MAX_DEPTH: Final = 32
MAX_NODES: Final = 10_000


@dataclass(slots=True)
class Node:
    """A value as written: a scalar, a list of nodes, or a tuple of pairs."""

    line: int
    value: Any


@dataclass(frozen=True, slots=True)
class Pair:
    """One entry of a mapping."""

    key: str
    line: int
    node: Node


def broken(line: int | None, message: str, expected: str) -> ConfigError:
    """The text is not YAML as it is used here: nothing in it can be judged further."""
    return ConfigError([Problem("", line, message, expected)])


def compose(text: str) -> Node | None:
    """The one document of a text, None where there is none.

    Raises:
        ConfigError: there are several, or they use what configuration does not need.
        yaml.YAMLError: it is not YAML.
    """
    events = yaml.parse(text, Loader=yaml.SafeLoader)
    composer = _Composer(events)
    found = None
    for event in events:
        if isinstance(event, yaml.DocumentStartEvent):
            if found is not None:
                raise _broken(event, "a second document begins", "one document: no `---` in the middle")
            found = composer.node(next(events), 0)
    return found


def _line(event: yaml.Event) -> int:
    return 1 if event.start_mark is None else event.start_mark.line + 1


def _broken(event: yaml.Event, message: str, expected: str) -> ConfigError:
    return broken(_line(event), message, expected)


class _Composer:
    """Takes the events of PyYAML's parser, which does not recurse; PyYAML's own composer has no bounds."""

    def __init__(self, events: Iterator[yaml.Event]) -> None:
        self._events = events
        self._anchors: dict[str, Node] = {}
        self._count = 0

    def node(self, event: yaml.Event, depth: int) -> Node:
        """The node that begins with an event."""
        self._count += 1
        if depth > MAX_DEPTH or self._count > MAX_NODES:
            raise _broken(event, "too much nesting, or too many values", f"{MAX_DEPTH} levels, {MAX_NODES} values")
        match event:
            case yaml.AliasEvent():
                return self._aliased(event)
            case yaml.ScalarEvent():
                value: object = plain_scalar(event.value) if event.implicit[0] else event.value
            case yaml.SequenceStartEvent():
                value = list(self._items(depth))
            case _:
                value = tuple(self._pairs(depth))
        return self._anchored(event, Node(_line(event), value))

    def _anchored(self, event: yaml.Event, node: Node) -> Node:
        if isinstance(event, yaml.NodeEvent) and event.anchor is not None:
            self._anchors[event.anchor] = node
        if getattr(event, "tag", None) not in {None, "!"}:
            raise _broken(event, "tags are not used here", "a plain value without `!`")
        return node

    def _aliased(self, event: yaml.AliasEvent) -> Node:
        name = event.anchor or ""
        if name not in self._anchors:
            raise _broken(event, f"no complete value is anchored as {quoted(name)}", "an anchor further up")
        return self._anchors[name]

    def _items(self, depth: int) -> Iterator[Node]:
        while not isinstance(event := next(self._events), yaml.SequenceEndEvent):
            yield self.node(event, depth + 1)

    def _pairs(self, depth: int) -> Iterator[Pair]:
        while not isinstance(event := next(self._events), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _broken(event, "a key is not plain text", "the name of a setting, then a colon")
            if event.value == "<<" and event.implicit[0]:
                raise _broken(event, "merge keys are not used here", "policies as they are: they build on `default`")
            yield Pair(event.value, _line(event), self.node(next(self._events), depth + 1))
