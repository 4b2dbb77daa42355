"""Sentences filled with facts: amounts and rates as each language writes them, codes as words."""

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from woo2po.money import Fact, text_of

Language = Literal["nb", "en"]

_LONGEST_FACT = 1000
_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"  # inside amounts
_FIGURE = re.compile(r"(-?)(\d[\d\xa0]{0,40})(?:\.(\d+))?")
# A fact before a percent sign is a rate; one that is to be typed stands in quotation marks.
_A_RATE = re.compile(r"\{(\w+)\}(?= %)")
_RATES = re.compile(r"(?<![\d.])(\d+)\.(\d+)(?= %)")
_WITH_RATES = {"accounts", "has", "rate"}  # facts of ours that say rates with their percent sign
_EASY_TO_TYPE = re.compile(r"\w[\w.:/-]*", re.ASCII)
_TYPED_IN_QUOTES = re.compile(r"[\w .,:/#()+-]{1,40}")


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


@cache
def load(name: str) -> Mapping[str, Any]:
    """Return what stands in a file beside this one: an area's messages by their codes, or words."""
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))


def word(name: str, language: Language, kind: str = "words") -> str:
    """Return a word of tables and summaries; other kinds are times, months and weekdays."""
    return str(load("words")[kind][name][language == "nb"])


def filled(sentence: str, language: Language, facts: Mapping[str, Fact]) -> str:
    """Return a sentence with its facts in it; one that is not given is a question mark."""
    if "{" not in sentence:
        return sentence
    given = {name: _said(name, fact, language) for name, fact in facts.items()}
    given["order"] = given.get("order") or word("a_number", language)
    if language == "nb":
        given |= {f"{name}%": text_of(facts[name]).replace(".", ",") for name in facts}
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


def _said(name: str, fact: Fact, language: Language) -> str:
    """Return a fact as it is said: in words where it is a code, an amount as it is written."""
    if isinstance(fact, date):
        return day_said(fact, language)
    if not isinstance(fact, str):
        text = text_of(fact)
        return figure_in(text, language) if isinstance(fact, Decimal) else text
    term = load("words")["terms"].get(name, {}).get(fact)
    if term is not None:
        return str(term[language == "nb"])
    if language == "nb" and name in _WITH_RATES:
        fact = _RATES.sub(r"\1,\2", fact)
    return _plain(fact)


def day_said(day: date, language: Language) -> str:
    """Return a day as people write it: 31.10.2026 in Norwegian, 2026-10-31 in English."""
    return f"{day:%d.%m.%Y}" if language == "nb" else day.isoformat()


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
