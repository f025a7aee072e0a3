"""The image, built once for all tests and all processes that run them."""

import os

import pytest

from tests.deploy import containers


@pytest.fixture(scope="session")
def store(tmp_path_factory):
    own = tmp_path_factory.getbasetemp()
    place = own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own
    with containers.shared(place / "store") as store:
        yield store
