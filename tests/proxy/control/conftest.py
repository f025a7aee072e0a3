"""A configuration file, and what is in force of it."""

import pytest

from sidecar.cli.config_file import build_config
from sidecar.policy.routing.ladder import configured
from sidecar.proxy.control.live import Live


class Witness:
    def __init__(self):
        self.told = []

    def reloaded(self, in_force):
        self.told.append(in_force.config.mode)

    def reload_failed(self):
        self.told.append("failed")

    def mode_changed(self, in_force):
        pass


def live_of(path):
    """What is in force of a file, and a witness of it."""
    return Live(
        path,
        lambda raw: build_config(raw, {}, {}),
        Witness(),
        origin=lambda _, config: configured("file", str(path), config),
    )


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "sidecar.yaml"
    path.write_text("mode: enforce\n")
    return path


@pytest.fixture
def live(file):
    return live_of(file)
