"""What settings are for, as the docstrings in the source tell it: byte code may have been made without them."""

import ast
import inspect
import sys
from functools import cache
from itertools import pairwise

from sidecar.policy.settings.base import Settings


def description_of(kind: type) -> str:
    """The docstring of a class."""
    return ast.get_docstring(_definition(kind)) or ""


def descriptions_of(group: type[Settings]) -> dict[str, str]:
    """The docstrings under the settings of a group; none for what has none."""
    found: dict[str, str] = {}
    for base in reversed(group.__mro__):
        if issubclass(base, Settings):
            found |= _below_settings(_definition(base))
    return found


def _below_settings(definition: ast.ClassDef) -> dict[str, str]:
    found: dict[str, str] = {}
    for one, following in pairwise(definition.body):
        match one, following:
            case ast.AnnAssign(target=ast.Name(id=name)), ast.Expr(value=ast.Constant(value=str(text))):
                found[name] = inspect.cleandoc(text)
    return found


def _definition(kind: type) -> ast.ClassDef:
    """What the source says of a class; of one that was made of another under its name, what it says of that."""
    return _classes(kind.__module__)[kind.__name__]


@cache
def _classes(module: str) -> dict[str, ast.ClassDef]:
    body = ast.parse(inspect.getsource(sys.modules[module])).body
    return {node.name: node for node in body if isinstance(node, ast.ClassDef)}
