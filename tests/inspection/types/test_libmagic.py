"""libmagic itself: found in the right place, bounded, one handle per thread."""

import subprocess
import sys
import textwrap
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sidecar.inspection.types import libmagic
from sidecar.inspection.types.content import HEAD_SIZE
from sidecar.inspection.types.libmagic import Identifier, LibmagicMissingError
from tests.inspection import samples as s


def in_a_fresh_process(code):
    """What a program prints that has loaded nothing yet."""
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(code)], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


@pytest.mark.parametrize(
    ("data", "content_type"),
    [
        (s.png(), "image/png"),
        (s.jpeg(), "image/jpeg"),
        (s.pdf(), "application/pdf"),
        (s.ooxml("word"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        (s.ooxml_with_properties("word"), "application/zip"),
        (s.apple_double(), "application/applefile"),
        (rb"{\rtf\ansi\deff0 Dear reader}", "text/rtf"),
        (s.HTML, "text/html"),
        (s.PHP, "text/x-php"),
        (s.svg_with_prolog(), "image/svg+xml"),
        (b"words\n", "text/plain"),
        (b"\x81\x92\xa3\0" * 50, "application/octet-stream"),
    ],
    ids=lambda value: str(value)[:20],
)
def test_content_types_are_found_by_content(identify, data, content_type):
    assert identify(data) == content_type


def test_what_stands_behind_the_head_is_not_read(identify):
    assert identify(b"x" * HEAD_SIZE + s.HTML) == identify(b"x" * HEAD_SIZE)


def test_each_thread_can_have_its_own(identify):
    def many(_):
        own = Identifier()
        return {own(data) for data in (s.png(), s.HTML, s.pdf()) * 50}

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(many, range(4))) == [{"image/png", "text/html", "application/pdf"}] * 4


@pytest.mark.parametrize(
    "head",
    [b"\n", b" ", b"\t\n", b"\r\n", b"a", b"<", b"<!--", b"{", b"\\", b"'\r\n", b"begin \n", b"\0", b"\xff", b"1,2\n"],
)
def test_no_head_takes_long(identify, head):
    head = (head * HEAD_SIZE)[:HEAD_SIZE]
    spent = []
    for _ in range(5):
        began = time.thread_time()
        identify(head)
        spent.append(time.thread_time() - began)
    # Without the bounds on REGEX_MAX and ENCODING_MAX, 64 KiB of newlines take 300 ms and more.
    assert min(spent) < 0.1


def test_the_bounds_are_set(identify):
    assert identify._magic.getparam(7) == 1024
    assert identify._magic.getparam(5) == 512


def test_loading_it_leaves_the_process_as_it_was():
    assert (
        in_a_fresh_process(
            """
        import ctypes, ctypes.util, os, sys
        before = dict(os.environ), ctypes.CDLL.__init__, ctypes.util.find_library
        from sidecar.inspection.types.libmagic import Identifier
        Identifier()(b"x")
        print(before == (dict(os.environ), ctypes.CDLL.__init__, ctypes.util.find_library), "pylibmagic" in sys.modules)
        """
        )
        == "True False"
    )


def test_the_rules_belong_to_the_library():
    loaded = libmagic._MAGIC.libmagic._name
    database = libmagic._database()
    assert database is None or database.rpartition("/")[0] == loaded.rpartition("/")[0]


def test_a_library_that_was_loaded_before_keeps_its_own_rules():
    assert (
        in_a_fresh_process(
            """
        import sys
        try:
            import magic
        except ImportError:  # there is none but the wheel's
            print("image/png")
            sys.exit()
        from sidecar.inspection.types import libmagic
        assert libmagic._database() is None
        print(libmagic.Identifier()(bytes.fromhex("89504e470d0a1a0a0000000d49484452")))
        """
        )
        == "image/png"
    )


def test_without_the_wheel_the_library_of_the_system_is_taken_or_missed_clearly():
    said = in_a_fresh_process(
        """
        import importlib.util
        found = importlib.util.find_spec
        importlib.util.find_spec = lambda name, *rest: None if name == "pylibmagic" else found(name, *rest)
        from sidecar.inspection.types.libmagic import Identifier, LibmagicMissingError
        try:
            print(Identifier()(b"%PDF-1.7"))
        except LibmagicMissingError as error:
            print(error)
        """
    )
    assert said == "application/pdf" or said.startswith("libmagic cannot be loaded")


def test_without_the_library_of_the_system_the_wheel_is_taken_or_missed_clearly():
    said = in_a_fresh_process(
        """
        import ctypes, ctypes.util
        class Loader(ctypes.CDLL):
            def __init__(self, name, *rest, **more):
                if "magic" in str(name) and "pylibmagic" not in str(name):
                    raise OSError("not here")
                super().__init__(name, *rest, **more)
        ctypes.CDLL = Loader
        ctypes.util.find_library = lambda name: None
        from sidecar.inspection.types.libmagic import Identifier, LibmagicMissingError
        try:
            print(Identifier()(b"%PDF-1.7"))
        except LibmagicMissingError as error:
            print(error)
        """
    )
    assert said == "application/pdf" or said.startswith("libmagic cannot be loaded")


def test_a_missing_library_is_told_with_the_way_to_get_it():
    said = in_a_fresh_process(
        """
        import sys
        sys.modules["magic"] = None
        from sidecar.inspection.types.libmagic import Identifier, LibmagicMissingError
        try:
            Identifier()
        except LibmagicMissingError as error:
            print(error)
        """
    )
    assert said.startswith("libmagic cannot be loaded (")
    assert "libmagic1" in said
    assert "pip install '.[libmagic]' in the checkout" in said


def test_rules_that_do_not_load_are_told(monkeypatch, tmp_path):
    broken = tmp_path / "magic.mgc"
    broken.write_bytes(b"not compiled rules")
    monkeypatch.setattr(libmagic, "_database", lambda: str(broken))
    with pytest.raises(LibmagicMissingError, match="its rules do not load"):
        Identifier()
