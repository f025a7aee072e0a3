"""Invisible characters, and the places where honest names need them."""

import unicodedata

import pytest

from sidecar.inspection.characters import CONTROL, invisible_in


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("plain.txt", ""),
        ("pho\u202eto.png", "\u202e"),
        ("pho\u200bto.png", "\u200b"),
        ("a\u200db.png", "\u200d"),
        ("\u200dab.png", "\u200d"),
        ("\u0645\u06cc\u200c\u062e.pdf", ""),
        ("\U0001f468\u200d\U0001f469.png", ""),
        ("a\u200f.png", "\u200f"),
        ("\u05d0\u200f1.png", ""),
        ("Daten\u00adschutz.pdf", ""),
        ("a.p\u00addf", "\u00ad"),
        ("Kapitel 1. Daten\u00adschutz und mehr", ""),
        ("\u2764\ufe0f.png", ""),
        ("a.png\ufe0f", "\ufe0f"),
        ("\U0001f3f4\U000e0067\U000e007f.png", ""),
        ("a\U000e0067.png", "\U000e0067"),
        ("\u845b\U000e0100.pdf", ""),
    ],
)
def test_what_is_hidden_is_found_and_what_is_needed_passes(text, hidden):
    assert invisible_in(text) == hidden


def test_every_bidirectional_override_embedding_and_isolate_is_found():
    turning = {"LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI"}
    points = [chr(point) for point in range(0x110000) if unicodedata.bidirectional(chr(point)) in turning]
    assert len(points) == 9
    assert [point for point in points if not invisible_in(f"\u05d0{point}\u05d1.png")] == []


def test_no_format_character_passes_in_a_suffix():
    honest = set(
        map(chr, [*range(0x600, 0x606), 0x6DD, 0x70F, 0x890, 0x891, 0x8E2, 0x110BD, 0x110CD, *range(0x13430, 0x13440)])
    )
    formats = {chr(point) for point in range(0x110000) if unicodedata.category(chr(point)) == "Cf"} - honest
    assert [f"U+{ord(char):04X}" for char in sorted(formats) if not invisible_in(f"photo.p{char}ng")] == []


def test_controls_are_c0_delete_and_c1():
    controls = [chr(point) for point in range(0x110000) if unicodedata.category(chr(point)) == "Cc"]
    assert [char for char in map(chr, range(0x110000)) if CONTROL.match(char)] == controls
