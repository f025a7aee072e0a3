"""Names that nothing reaches are told, with what was probably meant."""

import pytest

from sidecar.policy.loading.unused import unused

_FULL = """
change: {bounds: ["p95[avatars] < 300ms", "p95[default] < 1s", "refused_ratio < 1%"]}
policies:
  default: {max_files: 2}
  pictures: {files: {types: [image/png, "image/*", "*/*", x-world/x-3dmf]}}
routes: [{path: /a, name: avatars, policy: pictures, methods: [post, PUT, propfind]}]
"""


def told(read, text):
    return [problem.text() for problem in unused(read(text))]


def test_what_is_reached_is_not_told(read):
    assert told(read, _FULL) == []
    assert told(read, "{}") == []


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("routes: [{path: /a, methods: [PSOT]}]",
         "routes[0].methods[0]: has no effect: `PSOT` is no method of HTTP; did you mean `POST`?"),
        ("policies: {a: {files: {types: [imgae/png]}}}\nroutes: [{path: /a, policy: a}]",
         "policies.a.files.types[0]: has no effect: `imgae` is no first half of a content type; did you mean `image`?"),
        ("policies: {avatars: {}, avatar: {}}\nroutes: [{path: /a, policy: avatars}]",
         "policies.avatar: has no effect: no route uses it; did you mean `avatars`?"),
        ("policies: {Default: {max_files: 1}}",
         "policies.Default: has no effect: no route uses it; did you mean `default`?"),
        ("change: {bounds: ['p95[avatar] < 1s']}\nroutes: [{path: /a, name: avatars}]",
         "change.bounds[0]: has no effect: `avatar` is no route; did you mean `avatars`?"),
    ],
)  # fmt: skip
def test_what_nothing_reaches_is_told_with_what_was_meant(read, text, words):
    assert told(read, text) == [words]
