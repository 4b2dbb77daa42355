"""Every sentence that the program says to people, by code, in English and Norwegian.

They stand in files beside this one, an area each. A message has its sentence (`en`, `nb`) and,
where there is something to do, what an accountant or a shop owner does (`do`) and what whoever
runs the job types or sets (`run`); a `run` that begins small goes on in the sentence of `do`. One
that many share is named, and stands in words.toml. `{name}` stands for a fact; `{order}`, in a
command to type, for the order's number, which whoever shows it gives. Unknown is a KeyError.
"""

import re
from collections.abc import Mapping

from woo2po.messages.message import READERS, Language, Message, filled, load
from woo2po.money import Fact

# In the order in which they are searched; each is read on first use, so an idle run reads one.
AREAS = ("run", "settings", "orders", "shop", "poweroffice", "status", "preview", "check",
         "proof", "payouts", "setup")  # fmt: skip
Facts = Mapping[str, Fact] | None
area = load  # an area's messages by their codes


def _message(code: str) -> Message:
    return next((area(name) for name in AREAS if code in area(name)), {})[code]


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
