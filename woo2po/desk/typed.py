"""What a person types at the sandbox: commands with words, amounts, numbers and days."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


class NotSo(Exception):
    """What was typed cannot be done; `code` and `facts` name the message that says why."""

    def __init__(self, code: str, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Command:
    """A command: the words that may follow its name, the message that explains it, its act.

    The act takes the words and returns what is to be said. Raises NotSo.
    """

    words: str
    help: str
    act: Callable[[Sequence[str]], str]

    @property
    def least(self) -> int:
        """How many words must follow."""
        return len([word for word in self.words.split() if not word.startswith("[")])

    @property
    def most(self) -> int:
        """How many words may follow."""
        return len(self.words.split())


def amount(text: str) -> Decimal:
    """Return an amount in kroner above 0, typed with a point or a comma. Raises NotSo."""
    plain = text.replace(",", ".")
    if not re.fullmatch(r"[0-9]{1,7}(\.[0-9]{1,2})?", plain) or not Decimal(plain):
        raise NotSo("typed_no_amount", text=text)
    return Decimal(plain)


def is_amount(text: str) -> bool:
    """Tell whether a word begins as an amount does."""
    return text[:1].isdigit() or text.startswith("-")


def whole_number(text: str) -> int:
    """Return a document's number. Raises NotSo."""
    if not re.fullmatch(r"[0-9]{1,9}", text):
        raise NotSo("typed_no_number", text=text)
    return int(text)


def day(text: str) -> date:
    """Return a day typed as 2026-10-31. Raises NotSo."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise NotSo("typed_no_day", text=text) from None
