"""Names of functions are sought by what they have in common, and in code pages where they are other bytes."""

from sidecar.inspection.formats.office.function_names import CODE_PAGES, NAMES, by_stem, in_page


def test_every_name_has_one_stem_that_stands_in_it():
    stems = by_stem(NAMES)
    assert sorted(name for names in stems.values() for name in names) == sorted(NAMES)
    assert all(stem in name for stem, names in stems.items() for name in names)


def test_in_a_page_are_those_that_it_can_write_and_that_ascii_cannot():
    assert "WEBTJENESTE" not in in_page("cp1252")
    assert "HYPERLÄNK" in in_page("cp1252")
    assert "HYPERLÄNK" not in in_page("cp1251")
    assert "HIPERŁĄCZE" in in_page("cp1250")


def test_each_name_that_is_not_ascii_is_in_a_page():
    assert {name for name in NAMES if not name.isascii()} == {name for page in CODE_PAGES for name in in_page(page)}
