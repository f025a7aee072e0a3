"""A path is another name of an endpoint behind a script, and with a format at its end."""

import pytest

from sidecar.policy.routing.other_names import other_names


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/upload", set()),
        ("/", set()),
        ("/upload.json", {"/upload"}),
        ("/upload.json/", {"/upload"}),
        ("/v1.2/upload", set()),
        ("/index.php/upload", {"/upload"}),
        ("/app/INDEX.PHP/upload.json", {"/app/upload.json", "/app/upload", "/app/INDEX.PHP/upload"}),
        ("/upload.tar.gz", {"/upload", "/upload.tar"}),
        ("/.json", set()),
    ],
)
def test_names(path, names):
    assert set(other_names(path)) == names
