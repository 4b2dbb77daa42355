"""Texts are cleaned and cut at whole characters."""

import pytest

from woo2po.mapping.values import cleaned, fitted, pieces

from .orders import line, lines_of, order

FAMILY = "👨‍👩‍👧‍👦"


@pytest.mark.parametrize(
    ("typed", "clean"),
    [("Linje 1\r\nLinje 2", "Linje 1 Linje 2"), ("a\x00b\x1b[31m", "a b [31m"),
     ("\u202eevil\u200f", "evil"), ("  Bø \t ", "Bø"), ("a\ud800b", "ab"),
     ("<b>fet</b> & «sitat»", "<b>fet</b> & «sitat»"), (FAMILY, FAMILY)],
)  # fmt: skip
def test_what_cannot_be_seen_is_taken_out(typed: str, clean: str) -> None:
    """Control and direction marks, line breaks and broken halves go; signs and emoji stay."""
    assert cleaned(typed) == clean


@pytest.mark.parametrize("whole", [FAMILY, "🇳🇴", "👍🏽", "é", "❤️", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "ẹ̈́"])
def test_a_text_is_cut_between_whole_characters(whole: str) -> None:
    """What a reader sees as one character is kept or left out, never halved."""
    length = len(whole.encode("utf-16-le")) // 2
    for longest in range(2, length + 4):
        cut = fitted("ab" + whole + "c", longest)
        assert cut in {"ab", "ab" + whole, "ab" + whole + "c"}
        assert len(cut.encode("utf-16-le")) // 2 <= longest


def test_a_character_too_long_for_the_field_is_cut_all_the_same() -> None:
    """A letter under a hundred accents fits no field of ten."""
    assert 0 < len(fitted("a" + "\u0301" * 100, 10)) <= 10


def test_a_long_text_is_divided_between_words() -> None:
    """No piece is longer than the field, and nothing is lost."""
    text = " ".join(f"ord{n}" for n in range(300))
    made = list(pieces(text, 100))
    assert " ".join(made) == text
    assert max(map(len, made)) <= 100


def test_a_cut_description_follows_whole_on_text_lines() -> None:
    """Nothing of what was ordered is lost, and the text lines have references of their own."""
    name = "Navneskilt " * 60
    first, *texts = lines_of(order(line("100", name=name, id=7)))
    assert len(first.description) <= 400
    assert " ".join(one.description for one in texts) == name.strip()
    assert [one.kind.value for one in texts] == ["Text", "Text"]
    assert [one.reference for one in texts] == ["7-t1", "7-t2"]
