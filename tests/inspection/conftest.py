"""What the tests of the inspection share."""

from collections.abc import Callable

import pytest

from sidecar.inspection.types.libmagic import Identifier


@pytest.fixture(scope="session")
def identify() -> Callable[[bytes], str]:
    """The real libmagic."""
    return Identifier()
