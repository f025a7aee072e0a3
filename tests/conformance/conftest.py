"""What is told of the exchanges that a test makes."""

import importlib

import pytest


@pytest.fixture
def outcomes(monkeypatch):
    """What is told of every exchange, in order."""
    module = importlib.import_module("sidecar.cli.serving.telling")
    told = []
    monkeypatch.setattr(module, "log_outcome", lambda outcome, _settings: told.append(outcome))
    return told
