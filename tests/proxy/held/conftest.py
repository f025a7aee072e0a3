"""Threads for what is held."""

from concurrent.futures import ThreadPoolExecutor

import pytest


@pytest.fixture
def executor():
    with ThreadPoolExecutor(2) as executor:
        yield executor
