"""Whatever encoding the code names is loaded at start."""

import ast
import encodings
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

import sidecar
from sidecar.inspection import charsets

ROOMS = ("inspection", "multipart", "proxy")


def encoding(text: object) -> str:
    """The encoding of Python's own that a text names; nothing where it names none."""
    if not isinstance(text, str) or not text.isascii():
        return ""
    found = encodings.search_function(encodings.normalize_encoding(text.lower()))
    return found.name if found is not None and found._is_text_encoding else ""


def named(room: str) -> Iterator[str]:
    for path in (Path(sidecar.__file__).parent / room).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant):
                yield encoding(node.value)


@pytest.mark.parametrize("room", ROOMS)
def test_all_that_the_code_names_are_listed(room):
    found = set(named(room)) - {""}
    assert {"utf-8", "iso8859-1"} <= found
    assert found <= set(map(encoding, charsets.NAMES))


@pytest.mark.parametrize("listed", charsets.NAMES)
def test_json_may_be_written_in_listed_ones_only(listed):
    guessed = json.detect_encoding("[1]".encode(listed))
    assert encoding(guessed) in set(map(encoding, charsets.NAMES))


def test_they_are_there_once_they_are_loaded():
    told = "from sidecar.inspection import charsets; charsets.load(); import encodings; print(*encodings._cache)"
    loaded = subprocess.run([sys.executable, "-c", told], check=True, capture_output=True, text=True).stdout.split()
    assert {encodings.normalize_encoding(name).lower() for name in charsets.NAMES} <= {
        encodings.normalize_encoding(name) for name in loaded
    }
