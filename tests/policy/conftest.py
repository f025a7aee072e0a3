"""Checks that stand in for real ones where only the reading of settings is tried."""

from typing import Annotated

import pytest

from sidecar.policy.loading.load import load
from sidecar.policy.loading.problem import ConfigError
from sidecar.policy.settings.model import Settings
from sidecar.policy.values.strictness import ALL, LOWER, ON
from sidecar.policy.values.units import Size


class NamesSettings(Settings):
    """Settings of a check of names."""

    strict: Annotated[bool, ON] = True
    """Refuse what is only odd."""
    longest: Annotated[Size, LOWER] = 255
    """Bytes in a name."""
    levels: Annotated[tuple[str, ...], ALL] = ()
    """Some list."""


CHECKS = {"names": NamesSettings, "types": Settings}


def problems_of(text, environ=None):
    """What is wrong with a text and an environment; anything but a `ConfigError` comes out as it is."""
    try:
        load(text, environ or {}, CHECKS)
    except ConfigError as error:
        return error.problems
    return ()


@pytest.fixture
def read():
    """Loads a text, with variables and flags if any."""

    def read(text, environ=None, flags=None):
        return load(text, environ or {}, CHECKS, flags or {})

    return read


@pytest.fixture
def refuse(read):
    """Loads a text that is wrong; the problems."""

    def refuse(text, environ=None, flags=None):
        with pytest.raises(ConfigError) as caught:
            read(text, environ, flags)
        return caught.value.problems

    return refuse


@pytest.fixture
def only(refuse):
    """Loads a text with exactly one thing wrong; the problem."""

    def only(text, environ=None, flags=None):
        (problem,) = refuse(text, environ, flags)
        return problem

    return only
