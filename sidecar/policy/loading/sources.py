"""Where each value of a configuration comes from."""

from collections.abc import Mapping
from typing import Any, Final

from sidecar.policy.loading.document import Document
from sidecar.policy.loading.environment import apply_environment, apply_flags
from sidecar.policy.loading.problem import Path, path_text
from sidecar.policy.loading.tree import Checks
from sidecar.policy.loading.yaml_document import decode, parse_document
from sidecar.policy.settings.base import as_json
from sidecar.policy.settings.model import Config
from sidecar.policy.settings.presets import PRESETS

_DEFAULT: Final = "default"


def sources_of(
    config: Config, raw: bytes, environ: Mapping[str, str], checks: Checks, flags: Mapping[str, str]
) -> dict[str, str]:
    """By the path of each value: `line 7` of the file, the variable, the flag, `preset images`, or `default`.

    A value that a named policy takes over from `default` has the source that it has there.
    """
    document = parse_document(decode(raw))
    written = dict(document.lines)
    for _ in (*apply_environment(document, environ, checks), *apply_flags(document, flags, checks)):
        pass  # what is wrong was told when it was loaded
    found: dict[str, str] = {}
    _walk(as_json(config), (), found, document, written)
    return found


def _walk(value: Any, path: Path, found: dict[str, str], document: Document, lines: Mapping[Path, int]) -> None:  # noqa: ANN401 - whatever JSON can say
    if isinstance(value, dict) and value:
        for name, below in value.items():
            _walk(below, (*path, name), found, document, lines)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value):
        for index, below in enumerate(value):
            _walk(below, (*path, index), found, document, lines)
    else:
        found[path_text(path)] = _source(path, document, lines)


def _source(path: Path, document: Document, lines: Mapping[Path, int]) -> str:
    for end in range(len(path), 0, -1):
        if path[:end] in document.origins:
            return document.origins[path[:end]]
    if path in lines:
        return f"line {lines[path]}"
    if path[:1] == ("policies",) and (preset := _preset(path, document)):
        return preset
    if path[:1] == ("policies",) and path[1:2] != (_DEFAULT,):
        return _source(("policies", _DEFAULT, *path[2:]), document, lines)
    return _DEFAULT


def _preset(path: Path, document: Document) -> str:
    """The preset that a value of a policy comes from, if any."""
    name = str(document.get("policies", path[1], "preset")).strip().lower()
    said: object = PRESETS.get(name)
    for step in path[2:]:
        said = said.get(step) if isinstance(said, Mapping) else None
    return f"preset {name}" if said is not None and len(path) > len(("policies", "NAME")) else ""
