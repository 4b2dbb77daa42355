"""The shape of a message: what happened and what to do, in English and Norwegian."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Language = Literal["nb", "en"]

_LONGEST_FACT = 1000
_SPACES = "\N{NO-BREAK SPACE}\N{NARROW NO-BREAK SPACE}"  # inside amounts


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence and its remedy in both languages; `{name}` stands for a fact.

    The remedy is "" where there is nothing to do.
    """

    en: str
    en_remedy: str
    nb: str
    nb_remedy: str

    def text(self, language: Language, facts: Mapping[str, str]) -> str:
        """Return what happened."""
        return _filled(self.nb if language == "nb" else self.en, facts)

    def remedy(self, language: Language, facts: Mapping[str, str]) -> str:
        """Return what to do about it."""
        return _filled(self.nb_remedy if language == "nb" else self.en_remedy, facts)


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "?"


def _filled(sentence: str, facts: Mapping[str, str]) -> str:
    return sentence.format_map(_Facts({name: _plain(fact) for name, fact in facts.items()}))


def _plain(fact: str) -> str:
    """Return a fact as a terminal may show it: a part of it may have been typed by anybody."""
    return "".join(c if c.isprintable() or c in _SPACES else " " for c in fact[:_LONGEST_FACT])
