"""Every sentence that the program says to people, by code, in English and Norwegian.

They stand in files beside this one, an area each. A message has its sentence (`en`, `nb`) and,
where there is something to do, what an accountant or a shop owner does (`do`) and what whoever
runs the job types or sets (`run`); a `run` that begins small goes on in the sentence of `do`. One
that many share is named, and stands in words.toml. `{name}` stands for a fact; `{order}`, in a
command to type, for the order's number, which whoever shows it gives. Unknown is a KeyError.
"""

import re
import tomllib
from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Literal

from woo2po.money import Fact, text_of

Language = Literal["nb", "en"]
Message = Mapping[str, Any]  # "en" and "nb", and for each reader who may have it the same again
READERS = ("do", "run")  # of a remedy: an accountant or shop owner, and whoever runs the job
YES = frozenset({"y", "yes", "j", "ja", "true"})  # as people answer, in either language
NO = frozenset({"n", "no", "nei", "false"})
_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"  # inside amounts
# In the order in which they are searched; each is read on first use, so an idle run reads one.
AREAS = ("run", "settings", "orders", "shop", "poweroffice", "status", "preview", "check",
         "proof", "payouts", "setup")  # fmt: skip
Facts = Mapping[str, Fact] | None


@cache
def load(name: str) -> Mapping[str, Message]:
    """Return what stands in a file beside this one: an area's messages by their codes, or words."""
    found = tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))
    for message in found.values():
        for reader in READERS:
            if isinstance(named := message.get(reader), str):
                message[reader] = load("words")["remedies"][named]
    return found


def word(name: str, language: Language, kind: str = "words", **facts: Fact) -> str:
    """Return a word of tables and summaries with its facts; other kinds are times, for one."""
    return filled(load("words")[kind][name][language == "nb"], language, facts)


def filled(sentence: str, language: Language, facts: Mapping[str, Fact]) -> str:
    """Return a sentence with its facts in it; one that is not given is dots."""
    if "{" not in sentence:
        return sentence
    given = defaultdict(lambda: "…", {name: _said(name, facts[name], language) for name in facts})
    given["order"] = given.get("order") or word("a_number", language)
    if language == "nb":
        given.update((f"{name}%", text_of(facts[name]).replace(".", ",")) for name in facts)
        sentence = re.sub(r"\{(\w+)\}(?= %)", r"{\1%}", sentence)  # a rate; a typed one has quotes
    for name in reversed(given):  # the other side's words may be none, or end alone
        if not given[name]:
            sentence = re.sub(rf"(: | )\{{{name}\}}(?=[.)])", "", sentence)
        elif given[name].endswith(".") and not given[name].endswith(".."):
            sentence = sentence.replace(f"{{{name}}}.", f"{{{name}}}")
    return sentence.format_map(given)


def _said(name: str, fact: Fact, language: Language) -> str:
    if isinstance(fact, date):
        return day_said(fact, language)
    if not isinstance(fact, str):
        return figure_in(text_of(fact), language) if isinstance(fact, Decimal) else str(fact)
    terms = load("words")["terms"]
    if term := terms.get(name, {}).get(fact) or terms["by_the_system"].get(fact):  # a code
        return str(term[language == "nb"])
    if language == "nb" and name in {"accounts", "has", "rate"}:  # ours, with a percent sign each
        fact = re.sub(r"(?<![\d.])(\d+)\.(\d+)(?= %)", r"\1,\2", fact)
    return printable(fact[:1000])  # a part of it may have been typed by anybody


def printable(text: str) -> str:
    """Return a text with a space for each sign that would steer a terminal."""
    return "".join(c if c.isprintable() or c in _SPACES else " " for c in text)


def day_said(day: date, language: Language) -> str:
    """Return a day as people write it: 31.10.2026 in Norwegian, 2026-10-31 in English."""
    return f"{day:%d.%m.%Y}" if language == "nb" else day.isoformat()


def figure_in(figure: str, language: Language) -> str:
    """Return a figure that has a point as people write it: 1 234,50 in Norwegian."""
    spelt = re.compile(r"(-?)(\d[\d\xa0]{0,40})(\.\d+)?")
    return spelt.sub(_with_comma, figure) if language == "nb" else figure


def _with_comma(found: re.Match[str]) -> str:
    grouped = f"{int(found[2].replace(_SPACES[0], '')):,}".replace(",", _SPACES[0])
    return f"{found[1]}{grouped}{(found[3] or '').replace('.', ',')}"


def to_type(number: str) -> str:
    """Return an order's number for a terminal; "" where that might take it for more than one."""
    if re.fullmatch(r"\w[\w.:/-]*", number, re.ASCII):
        return number
    return f'"{number}"' if re.fullmatch(r"(?!-)[\w .,:/#()+-]{1,40}", number) else ""


def _message(code: str) -> Message:
    return next((load(name) for name in AREAS if code in load(name)), {})[code]


def _two(message: Message, language: Language) -> list[str]:
    return [message[reader][language] if reader in message else "" for reader in READERS]


def whole_remedy(message: Message, language: Language) -> str:
    """Return what both readers do, as it stands there; a small letter goes on in the sentence."""
    do, run = _two(message, language)
    return f"{do.removesuffix('.')}, {run}" if do and run[:1].islower() else f"{do} {run}".strip()


def say(code: str, language: Language, facts: Facts = None) -> str:
    """Return the sentence of a code, filled with facts."""
    return filled(_message(code)[language], language, facts or {})


def remedy(code: str, language: Language, facts: Facts = None) -> str:
    """Return what to do about it, or ""."""
    return filled(whole_remedy(_message(code), language), language, facts or {})


def say_both(code: str, language: Language, facts: Facts = None) -> str:
    """Return the sentence and, where there is one, the remedy after it."""
    return f"{say(code, language, facts)} {remedy(code, language, facts)}".rstrip()


def remedies(code: str, language: Language, facts: Facts = None) -> tuple[str, str]:
    """Return what an accountant or shop owner does, and what whoever runs the job does; or ""."""
    do, run = (filled(text, language, facts or {}) for text in _two(_message(code), language))
    run = re.sub(r"^(og|and|then:) ", "", run)  # by itself it is a sentence of its own
    return do, run[:1].upper() + run[1:]
