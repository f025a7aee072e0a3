"""Commands run in this process, or as people run them: as processes."""

import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

from sidecar.cli.main import main

ROOT = Path(__file__).parents[2]
ENVIRON = {name: value for name, value in os.environ.items() if not name.startswith("SIDECAR_")}


@dataclass
class Done:
    """A command that has ended."""

    code: int
    out: str
    err: str


@pytest.fixture
def cli(tmp_path, monkeypatch, capsys):
    """Runs a command here, in an empty directory."""
    monkeypatch.chdir(tmp_path)
    for name in set(os.environ) - set(ENVIRON):
        monkeypatch.delenv(name)

    def cli(*arguments, environ=None):
        for name, value in (environ or {}).items():
            monkeypatch.setenv(name, value)
        code = main([str(argument) for argument in arguments])
        return Done(code, *capsys.readouterr())

    return cli


@pytest.fixture
def process(tmp_path):
    """Runs `python -m sidecar` in an empty directory."""

    def process(*arguments, environ=None, stdin=b""):
        command = [sys.executable, "-m", "sidecar", *map(str, arguments)]
        environ = {**ENVIRON, "PYTHONPATH": str(ROOT), **(environ or {})}
        given = {"input": stdin} if isinstance(stdin, bytes) else {"stdin": stdin}
        done = subprocess.run(command, cwd=tmp_path, env=environ, capture_output=True, timeout=60, check=False, **given)
        return Done(done.returncode, done.stdout.decode(), done.stderr.decode())

    return process
