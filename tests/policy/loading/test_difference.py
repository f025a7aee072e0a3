import pytest

from sidecar.policy.loading.difference import MAX_CHANGES, difference


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("mode: monitor", "mode: enforce", ("mode: monitor -> enforce",)),
        ("{}", "mode: monitor", ()),
        ("{}", "policies: {default: {max_file: 1MiB}}", ("policies.default.max_file: 33554432 -> 1048576",)),
        ("{}", "policies: {a: {max_file: 1MiB}}", ("policies.a: not there -> a mapping",)),
        ("policies: {a: {}}", "{}", ("policies.a: a mapping -> not there",)),
        (
            "policies: {default: {files: {types: [image/png, text/plain]}}}",
            "policies: {default: {files: {types: [image/png, image/webp]}}}",
            ("policies.default.files.types: + image/webp; - text/plain",),
        ),
        ("routes: [{path: /a}]", "routes: [{path: /a, mode: off}]", ("routes[0].mode: nothing -> off",)),
        ("routes: [{path: /a}]", "routes: []", ("routes[0]: a mapping -> not there",)),
        (
            "policies: {default: {files: {types: [a/b, c/d]}}}",
            "policies: {default: {files: {types: [c/d, a/b]}}}",
            ("policies.default.files.types: another order",),
        ),
    ],
)
def test_each_change_is_told_with_its_path(read, old, new, told):
    assert difference(read(old), read(new)) == told


def test_a_great_many_changes_are_counted(read):
    routes = ",".join(f"{{path: /{number}}}" for number in range(MAX_CHANGES + 5))
    assert difference(read("{}"), read(f"routes: [{routes}]"))[-1] == "and 5 more"


def test_a_hostile_value_is_written_safely(read):
    (told,) = difference(read("{}"), read('change: {owner: "\\u202e\\e[31m<script>\\n"}'))
    assert told.isascii()
    assert told.isprintable()
