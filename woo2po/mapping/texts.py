"""Texts that fit: cleaned of what cannot be seen, and cut at a whole character."""

import unicodedata
from collections.abc import Iterator

LONGEST_DESCRIPTION = 400  # none is documented; PowerOffice facts, section 7, advises this

ROUNDING_TEXT = "Øreavrunding"
GIFT_CARD_TEXT = "Gavekort"
GIFT_CARD_USED_TEXT = "Brukt gavekort"
NAMELESS_CUSTOMER = "Kunde"
PAID_TEXT = "Betalt med {method}"
REFUND_TEXTS = {"nb": "Refusjon, ordre {number}", "en": "Refund, order {number}"}
REFUNDED_BEFORE_TEXTS = {
    "nb": "Refundert tidligere, ordre {number}",
    "en": "Refunded before, order {number}",
}

_JOINER = "\u200d"
# Marks that turn the direction of text around, and blanks of no width.
_UNSEEN = frozenset("\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060"
                    "\u2066\u2067\u2068\u2069\ufeff")  # fmt: skip


def cleaned(text: str) -> str:
    """Return the text on one line, without control, direction and broken characters."""
    return " ".join("".join(_seen(character) for character in text).split())


def _seen(character: str) -> str:
    category = unicodedata.category(character)
    if category in {"Cc", "Zl", "Zp"}:
        return " "
    return "" if category == "Cs" or character in _UNSEEN else character


def fitted(text: str, longest: int) -> str:
    """Return the cleaned text, cut to `longest` UTF-16 units between two whole characters."""
    return next(pieces(text, longest), "")


def pieces(text: str, longest: int) -> Iterator[str]:
    """Yield the cleaned text in pieces of at most `longest` UTF-16 units, between words if it can.

    UTF-16 is what PowerOffice (.NET) counts in: most emoji are two. What a reader sees as one
    character stays in one piece, unless it alone is longer than a piece.
    """
    piece = ""
    for character in _characters(cleaned(text), longest):
        if _length(piece + character) > longest:
            words, _, begun = piece.rpartition(" ")
            between = 2 * len(words) > len(piece)
            yield (words if between else piece).strip()
            piece = begun if between else ""
        piece += character
    if piece.strip():
        yield piece.strip()


def _length(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _characters(text: str, longest: int) -> Iterator[str]:
    character = ""
    for point in text:
        if character and (not _continues(character, point) or _length(character) >= longest - 1):
            yield character
            character = ""
        character += point
    if character:
        yield character


def _continues(character: str, point: str) -> bool:
    """Tell whether a code point belongs to the character before it, as a reader sees it."""
    if _JOINER in {point, character[-1]}:
        return True
    if _is_flag_half(point):
        return len(character) == 1 and _is_flag_half(character)
    skin = "\U0001f3fb" <= point <= "\U0001f3ff"
    tag = "\U000e0020" <= point <= "\U000e007f"
    return skin or tag or unicodedata.category(point) in {"Mn", "Me", "Mc"}


def _is_flag_half(point: str) -> bool:
    return "\U0001f1e6" <= point <= "\U0001f1ff"
