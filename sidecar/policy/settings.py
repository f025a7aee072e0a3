"""What all groups of settings have in common, and the three modes."""

import sys
from enum import StrEnum
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, model_validator

MiB = 1024 * 1024
_NO_DOCSTRINGS: Final = 2
"""`python -OO`: where nobody wants docstrings, nobody reads what settings mean, and finding it out takes memory."""

FILE_OR_NONE: Final = r"^(/[^\x00-\x1f]+)?$"
FileOrNone = Annotated[str, Field(pattern=FILE_OR_NONE)]
"""Absolute path of a file, or empty."""


class Settings(BaseModel):
    """What all groups of settings share: unknown keys are errors, values never change."""

    model_config = ConfigDict(
        frozen=True,
        extra="forbid",
        use_attribute_docstrings=sys.flags.optimize < _NO_DOCSTRINGS,
        coerce_numbers_to_str=True,
        allow_inf_nan=False,
    )

    @model_validator(mode="before")
    @classmethod
    def _empty_is_default(cls, data: object) -> object:
        """A group whose settings are all commented out reads as null: its defaults hold."""
        return {} if data is None else data

    def __reduce__(self) -> tuple[Any, ...]:
        """Values that were validated once go to another process as they are."""
        return _as_it_was, (type(self), self.__dict__)


def _as_it_was(settings: type[Settings], values: dict[str, Any]) -> Settings:
    return settings.model_construct(**values)


class Mode(StrEnum):
    """What happens to uploads."""

    OFF = "off"
    MONITOR = "monitor"
    ENFORCE = "enforce"
