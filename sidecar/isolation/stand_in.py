"""Stands in for pydantic where settings are only read: it would take most of the time and memory of a worker."""

import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any, Self


class BaseModel:
    """Settings whose values were validated elsewhere."""

    @classmethod
    def model_construct(cls, **values: Any) -> Self:  # noqa: ANN401 - whatever a setting is
        """An instance of values that are valid."""
        settings = cls()
        settings.__dict__.update(values)
        return settings

    def model_copy(self, *, update: dict[str, Any] | None = None) -> Self:
        """The same, some of it replaced."""
        return self.model_construct(**(self.__dict__ | (update or {})))


def _inert(*arguments: Any, **_options: Any) -> Any:  # noqa: ANN401 - stands for anything
    """Takes the place of every declaration: alone it gives back what it is put on."""
    return arguments[0] if len(arguments) == 1 and callable(arguments[0]) else _inert


def install() -> None:
    """Make `import pydantic` give the stand-in, in this process."""
    module = ModuleType("pydantic")
    module.BaseModel = BaseModel  # type: ignore[attr-defined]  # a module made by hand
    module.__getattr__ = _attribute  # type: ignore[method-assign]  # PEP 562
    module.__path__ = []
    for name in ("pydantic", "pydantic.fields", "pydantic.functional_validators", "pydantic_core"):
        sys.modules[name] = module


def _attribute(name: str) -> Callable[..., Any]:
    if name.startswith("__"):
        raise AttributeError(name)
    return _inert
