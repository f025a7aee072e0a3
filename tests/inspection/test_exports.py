"""What the package exports is there, and costs nothing before it is asked for."""

import subprocess
import sys

import pytest

from sidecar import inspection


@pytest.mark.parametrize("name", inspection.__all__)
def test_every_exported_name_is_there(name):
    assert getattr(inspection, name).__name__ == name


def test_another_name_is_an_error_that_tells_it():
    with pytest.raises(AttributeError, match="Nothing"):
        inspection.Nothing  # noqa: B018


def test_the_package_alone_loads_no_libmagic():
    code = "import sys, sidecar.inspection; sys.exit('sidecar.inspection.types.libmagic' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
