"""`field_names` lets everything pass until it is asked not to."""

import pytest

from tests.inspection.judging import codes, field, make, part_of

TEXT, OTHER, FILE = field(b"a"), field(b"b"), part_of("x.png", name=b"a")
EMPTY_INPUT = part_of("", name=b"a")


def judged(settings, *parts):
    check = make("field_names", settings)
    return codes(finding for part in parts for finding in check.begin(part))


@pytest.mark.parametrize("parts", [(TEXT, TEXT), (FILE, FILE), (TEXT, FILE), (field(b"f[]"), field(b"f[a].b c"))])
def test_what_honest_forms_send_passes_by_default(parts):
    assert judged({}, *parts) == []


@pytest.mark.parametrize(
    ("setting", "parts", "expected"),
    [
        ("mixed", (TEXT, FILE), ["field_name_mixed"]),
        ("mixed", (FILE, TEXT), ["field_name_mixed"]),
        ("mixed", (TEXT, EMPTY_INPUT), ["field_name_mixed"]),
        ("mixed", (TEXT, OTHER), []),
        ("mixed", (TEXT, TEXT), []),
        ("mixed", (FILE, FILE), []),
        ("repeated_texts", (TEXT, OTHER, TEXT), ["field_name_repeated"]),
        ("repeated_texts", (TEXT, field(b" a")), ["field_name_repeated"]),
        ("repeated_texts", (TEXT, field("a\u00a0".encode())), ["field_name_repeated"]),
        ("repeated_texts", (TEXT, field("\ufeffa".encode())), ["field_name_repeated"]),
        ("repeated_texts", (TEXT, field(b"//a")), ["field_name_repeated"]),
        ("repeated_texts", (FILE, FILE), []),
        ("repeated_texts", (TEXT, FILE), []),
        ("repeated_files", (FILE, FILE), ["field_name_repeated"]),
        ("repeated_files", (TEXT, TEXT), []),
        ("rewritten", (field(b"a.b"),), ["field_name_rewritten"]),
        ("rewritten", (field(b"a b"),), ["field_name_rewritten"]),
        ("rewritten", (field(b"a["),), ["field_name_rewritten"]),
        ("rewritten", (field(b"a[]"),), ["field_name_rewritten"]),
        ("rewritten", (field(b"/a"),), ["field_name_rewritten"]),
        ("rewritten", (field(b"a_b-c"),), []),
        ("rewritten", (field(b"a/b"),), []),
    ],
)
def test_each_setting_refuses_what_it_names(setting, parts, expected):
    assert judged({setting: "refuse"}, *parts) == expected


def test_the_settings_are_read_in_any_case():
    assert judged({"mixed": "Refuse"}, TEXT, FILE) == ["field_name_mixed"]
