"""Reads the text of a configuration file into plain data that remembers its lines."""

from typing import Any, Final

import yaml

from sidecar.policy.loading.document import Document
from sidecar.policy.loading.problem import ConfigError, Path, Problem, encodable, path_text, shown
from sidecar.policy.loading.yaml_node import MAX_DEPTH, MAX_NODES, Node, Pair, broken, compose

MAX_SIZE: Final = 1024 * 1024
"""Bytes in a file: some hundred times the longest that anybody writes."""
_NOT_UNICODE: Final = ("is not text", "text without half surrogate pairs")
_MARKS: Final = {b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def decode(raw: bytes) -> str:
    """The text of a file.

    Raises:
        ConfigError: it is too large, or not UTF-8.
    """
    if len(raw) > MAX_SIZE:
        raise _too_large(len(raw))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        actual = _MARKS.get(raw[:2], f"byte 0x{raw[error.start]:02x}")
        line = raw.count(b"\n", 0, error.start) + 1
        raise ConfigError([Problem("", line, "the file is not UTF-8", "text saved as UTF-8", actual)]) from error


def parse_document(text: str) -> Document:
    """The settings in a text, and where each stands.

    Raises:
        ConfigError: it is not one YAML mapping, or a setting is written twice.
    """
    if len(text) > MAX_SIZE:
        raise _too_large(len(text))
    root = _compose(text)
    if root is None or (root.value is None):
        # A file caught between truncation and writing looks like this; its defaults would switch enforcement off.
        raise broken(None, "the file is empty", "at least one setting, such as `mode: enforce`")
    reading = _Reading()
    data = reading.data(root, ())
    if not isinstance(data, dict):
        reading.problems.append(Problem("", root.line, "the file is not a mapping", "`name: value` lines", shown(data)))
    if reading.problems:
        raise ConfigError(reading.problems)
    return Document(data, reading.lines)


def parse_flow(text: str) -> Any:  # noqa: ANN401 - it is whatever the text says
    """The value of one YAML text, such as `[image/png, image/jpeg]`.

    Raises:
        ConfigError: it is not YAML as it is used here.
    """
    reading = _Reading()
    root = _compose(text)
    data = reading.data(root, ()) if root is not None else None
    if reading.problems:
        raise ConfigError(reading.problems)
    return data


def _too_large(size: int) -> ConfigError:
    return ConfigError([Problem("", None, "the file is too large", f"at most {MAX_SIZE} bytes", f"{size} bytes")])


def _compose(text: str) -> Node | None:
    """Compose, with the errors of PyYAML in our words."""
    try:
        return compose(text)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _not_yaml(text, mark.line if mark else 0, error.problem or "the text ends too early") from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position)
        message = f"the character U+{ord(text[error.position]):04X} is not allowed in YAML"
        raise broken(line + 1, message, "printable text, or an escape in double quotes") from error


def _not_yaml(text: str, line: int, problem: str) -> ConfigError:
    written = text.split("\n")
    line = min(line, max(0, len(text.rstrip().split("\n")) - 1))  # a mark may stand behind the end
    if "\t" in written[line]:
        return broken(line + 1, "a tab stands where YAML allows only spaces", "spaces to indent and to separate")
    return broken(line + 1, f"this is not YAML: {shown(problem)}", "YAML; the line above may be the cause")


class _Reading:
    """Nodes become data; aliases are expanded here, so the bounds are counted again."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.problems: list[Problem] = []
        self._count = 0

    def data(self, node: Node, path: Path) -> Any:  # noqa: ANN401 - it is whatever the file says
        """The plain data of a node."""
        self._count += 1
        if self._count > MAX_NODES or len(path) > MAX_DEPTH:
            raise broken(node.line, "the aliases expand to too much", f"{MAX_DEPTH} levels, {MAX_NODES} values")
        self.lines.setdefault(path, node.line)
        match node.value:
            case str() if not encodable(node.value):
                self.problems.append(Problem(path_text(path), node.line, *_NOT_UNICODE, shown(node.value)))
            case tuple():
                return self._mapping(node.value, path)
            case list():
                return [self.data(item, (*path, index)) for index, item in enumerate(node.value)]
        return node.value

    def _mapping(self, pairs: tuple[Pair, ...], path: Path) -> dict[str, Any]:
        data: dict[str, Any] = {}
        for pair in pairs:
            place = (*path, pair.key)
            if pair.key in data:
                first = f"first on line {self.lines[place]}"
                self.problems.append(Problem(path_text(place), pair.line, "is written twice", "one entry", first))
                continue
            self.lines[place] = pair.line
            data[pair.key] = self.data(pair.node, place)
        return data
