"""Every sentence that the program says to people, by code, in English and Norwegian.

They stand in files beside this one, an area each. A message has its sentence (`en`, `nb`) and,
where there is something to do, what an accountant or a shop owner does (`do`) and what whoever
runs the job types or sets (`run`); a `run` that begins small goes on in the sentence of `do`.
`{name}` stands for a fact; `{order}`, in a command to type, is the number of the order that the
sentence is about: who shows the sentence gives it.
"""

import re
from collections.abc import Mapping
from typing import Literal, NotRequired, TypedDict

from woo2po.messages.message import Language, filled, load
from woo2po.money import Fact

# In the order in which they are searched; each is read on first use, so an idle run reads one.
AREAS = ("run", "settings", "orders", "shop", "poweroffice", "status", "preview", "check",
         "proof", "payouts", "setup")  # fmt: skip


READERS: tuple[Literal["do"], Literal["run"]] = ("do", "run")


class Texts(TypedDict):
    """A text in both languages."""

    en: str
    nb: str


_NONE: Texts = {"en": "", "nb": ""}


class Message(Texts):
    """A sentence, and what to do about it, for two readers."""

    do: NotRequired[Texts]
    run: NotRequired[Texts]


def area(name: str) -> Mapping[str, Message]:
    """Return the messages of an area by their codes."""
    return load(name)


def _message(code: str) -> Message:
    for name in AREAS:
        if code in (messages := area(name)):
            return messages[code]
    raise KeyError(code)


def whole_remedy(message: Message, language: Language) -> str:
    """Return what both readers do, as it stands there; a small letter goes on in the sentence."""
    do, run = (message.get(reader, _NONE)[language] for reader in READERS)
    if do and run and run[0].islower():
        return f"{do.removesuffix('.')}, {run}"
    return f"{do} {run}".strip()


def say(code: str, language: Language, facts: Mapping[str, Fact] | None = None) -> str:
    """Return the sentence of a code, filled with facts. Raises KeyError for an unknown code."""
    return filled(_message(code)[language], language, facts or {})


def remedy(code: str, language: Language, facts: Mapping[str, Fact] | None = None) -> str:
    """Return what to do about it, or "". Raises KeyError for an unknown code."""
    return filled(whole_remedy(_message(code), language), language, facts or {})


def remedies(
    code: str, language: Language, facts: Mapping[str, Fact] | None = None
) -> tuple[str, str]:
    """Return what an accountant or shop owner does, and what whoever runs the job does; or "".

    Raises KeyError for an unknown code.
    """
    texts = (_message(code).get(reader, _NONE)[language] for reader in READERS)
    do, run = (filled(text, language, facts or {}) for text in texts)
    run = run.removeprefix("og ").removeprefix("and ")  # by itself it is a sentence of its own
    return do, run[:1].upper() + run[1:]


def explain(code: str, language: Language) -> tuple[str, str, str]:
    """Return a code's sentence, what an accountant or shop owner does, and whoever runs the job.

    "…" stands for each fact. Raises KeyError for an unknown code.
    """
    message = _message(code)
    three = (message, *(message.get(reader, _NONE) for reader in READERS))
    names = re.findall(r"\{(\w+)\}", " ".join(texts[language] for texts in three))
    facts = {name: "…" for name in names if name != "order"}
    return say(code, language, facts), *remedies(code, language, facts)


def say_both(code: str, language: Language, facts: Mapping[str, Fact] | None = None) -> str:
    """Return the sentence and, where there is one, the remedy after it."""
    return " ".join(filter(None, (say(code, language, facts), remedy(code, language, facts))))
