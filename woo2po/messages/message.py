"""The shape of a message: what happened and what to do, in English and Norwegian."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from woo2po.messages.terms import A_NUMBER, AMOUNTS, TERMS

Language = Literal["nb", "en"]

_LONGEST_FACT = 1000
_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"  # inside amounts
_FIGURE = re.compile(r"(-?)(\d[\d\xa0]{0,40})(?:\.(\d+))?")
# A fact that is an amount, with its currency where that is another, or several amounts.
_AMOUNT = r"-?\d[\d\xa0]{0,40}\.\d{2,}(?: [A-Z]{3})?"
_AMOUNTS = re.compile(f"{_AMOUNT}(?: / {_AMOUNT})*")
# A fact before a percent sign is a rate; one that is to be typed stands in quotation marks.
_A_RATE = re.compile(r"\{(\w+)\}(?= %)")
_RATES = re.compile(r"(?<![\d.])(\d+)\.(\d+)(?= %)")
_WITH_RATES = {"accounts", "has", "rate"}  # facts of ours that say rates with their percent sign
_EASY_TO_TYPE = re.compile(r"\w[\w.:/-]*", re.ASCII)
_TYPED_IN_QUOTES = re.compile(r"[\w .,:/#()+-]{1,40}")


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence and its remedy in both languages; `{name}` stands for a fact.

    The remedy is "" where there is nothing to do. `{order}`, in a command to type, is the number
    of the order that the sentence is about; who shows the sentence gives it.
    """

    en: str
    en_remedy: str
    nb: str
    nb_remedy: str

    def text(self, language: Language, facts: Mapping[str, str]) -> str:
        """Return what happened."""
        return _filled(self.nb if language == "nb" else self.en, language, facts)

    def remedy(self, language: Language, facts: Mapping[str, str]) -> str:
        """Return what to do about it."""
        return _filled(self.nb_remedy if language == "nb" else self.en_remedy, language, facts)


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def _filled(sentence: str, language: Language, facts: Mapping[str, str]) -> str:
    given = {name: _said(name, fact, language) for name, fact in facts.items()}
    given["order"] = given.get("order") or A_NUMBER[language == "nb"]
    if language == "nb":
        given |= {f"{name}%": facts[name].replace(".", ",") for name in facts}
        sentence = _A_RATE.sub(r"{\1%}", sentence)
    for name in reversed(given):
        sentence = _fitted(sentence, name, given[name])
    return sentence.format_map(_Facts(given))


def _fitted(sentence: str, name: str, fact: str) -> str:
    """Return a sentence that takes a fact in: the other side's words may be none, or end alone."""
    if not fact:
        return re.sub(rf"(: | )\{{{name}\}}(?=[.)])", "", sentence)
    if fact.endswith(".") and not fact.endswith(".."):
        return sentence.replace(f"{{{name}}}.", f"{{{name}}}")
    return sentence


def _said(name: str, fact: str, language: Language) -> str:
    """Return a fact as it is said: in words where it is a code."""
    term = TERMS.get(name, {}).get(fact)
    if term is not None:
        return term[language == "nb"]
    return _plain(_with_commas(name, fact) if language == "nb" else fact)


def _with_commas(name: str, fact: str) -> str:
    if name in AMOUNTS and _AMOUNTS.fullmatch(fact):
        return _FIGURE.sub(_with_comma, fact)
    return _RATES.sub(r"\1,\2", fact) if name in _WITH_RATES else fact


def figure_in(figure: str, language: Language) -> str:
    """Return a figure that has a point as it is written in a language.

    In Norwegian with a comma, and a no-break space between thousands; in English as it is.
    """
    return _FIGURE.sub(_with_comma, figure) if language == "nb" else figure


def _with_comma(found: re.Match[str]) -> str:
    sign, whole, decimals = found.groups()
    grouped = f"{int(whole.replace(_SPACES[0], '')):,}".replace(",", _SPACES[0])
    return f"{sign}{grouped},{decimals}" if decimals else f"{sign}{grouped}"


def _plain(fact: str) -> str:
    """Return a fact as a terminal may show it: a part of it may have been typed by anybody."""
    return "".join(c if c.isprintable() or c in _SPACES else " " for c in fact[:_LONGEST_FACT])


def to_type(number: str) -> str:
    """Return an order's number as it is typed in a terminal: some shops' have signs and blanks.

    "" for one that a terminal might take for more than a number.
    """
    if _EASY_TO_TYPE.fullmatch(number):
        return number
    return f'"{number}"' if _TYPED_IN_QUOTES.fullmatch(number) else ""
