"""A name is in the space that the innermost open element declares for its prefix."""

from sidecar.inspection.formats.office.spaces import Spaces


def test_the_innermost_declaration_holds_until_its_element_ends():
    spaces = Spaces()
    outer = spaces.enter({"xmlns:w": "outer", "xmlns": "default", "w:val": "1"})
    inner = spaces.enter({"xmlns:w": "inner"})
    assert (spaces.of_element("w:p"), spaces.of_element("p")) == ("inner", "default")
    spaces.leave(inner)
    assert spaces.of_element("w:p") == "outer"
    spaces.leave(outer)
    assert (spaces.of_element("w:p"), spaces.of_element("p")) == ("", "")


def test_an_attribute_without_a_prefix_is_in_no_space():
    spaces = Spaces()
    spaces.enter({"xmlns": "default", "xmlns:w": "word"})
    assert (spaces.of_attribute("val"), spaces.of_attribute("w:val"), spaces.of_attribute("x:val")) == ("", "word", "")
