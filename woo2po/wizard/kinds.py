"""The kinds of answers: how each is typed, checked and shown. Pure.

`check` judges a value as a file has it, `read` what was typed; both raise Wrong. What is typed
either is the answer (Taken) or leads to the same question in another state: a search, a changed
row. `lines` are what stands below the question, each with the mark by which it is chosen.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

NONE = "-"  # typed for an empty text, for none of a list, for no account
_YES = frozenset({"y", "yes", "j", "ja", "true"})
_NO = frozenset({"n", "no", "nei", "false"})


class Wrong(Exception):
    """An answer that makes no sense: the code of the sentence that says so, and its facts."""

    def __init__(self, code: str, /, **facts: str) -> None:
        super().__init__(code)
        self.code = code
        self.facts = facts


@dataclass(frozen=True, slots=True)
class Taken:
    """What was typed is an answer: its value as the configuration has it."""

    value: Any


Line = tuple[str, str]
Check = Callable[[Any], Any]


class Kind(Protocol):
    """A way of answering. `is_text` says that a lone letter may be an answer."""

    @property
    def is_text(self) -> bool:
        """Whether any text is an answer, so that only `<` goes back."""

    @property
    def offered(self) -> str:
        """What Enter takes, as it is shown in brackets; "" if it takes nothing."""

    def lines(self) -> Sequence[Line]:
        """Return what there is to choose from: marks and texts."""

    def read(self, typed: str) -> "Taken | Kind":
        """Return what was typed as an answer, or the question as it stands then."""

    def check(self, value: Any) -> Any:
        """Return a value of a file as the configuration has it."""


@dataclass(frozen=True)
class Text:
    """A text; `default` is None where one is needed. `shown` stands for it in the brackets."""

    check_with: Check
    default: Any = None
    shown: str = ""
    is_text: bool = True

    @property
    def offered(self) -> str:
        """The text that Enter takes; a dash for an empty one."""
        return "" if self.default is None else self.shown or str(self.default) or NONE

    def lines(self) -> Sequence[Line]:
        """Nothing to choose from."""
        return ()

    def read(self, typed: str) -> Taken:
        """Take any text that passes the check; Enter the default, a dash none."""
        if not typed and self.default is not None:
            return Taken(self.default)
        if not typed:
            raise Wrong("init_needs_answer")
        return Taken(self.check("" if typed == NONE else typed))

    def check(self, value: Any) -> Any:
        """Judge a text."""
        return self.check_with(value)


@dataclass(frozen=True, slots=True)
class Choice:
    """One of the answers to choose from: its value, what is typed for it, what follows from it."""

    value: Any
    word: str
    text: str = ""

    def line(self, mark: str) -> Line:
        """Return it as it is listed."""
        return mark, f"{self.word}: {self.text}" if self.text else self.word


@dataclass(frozen=True)
class OneOf:
    """One of a few, by number or word; `other` reads what is none of them but may be typed too."""

    choices: tuple[Choice, ...]
    default: Any = None
    other: Check | None = None
    is_text: bool = False

    @property
    def offered(self) -> str:
        """The word of what Enter takes."""
        words = [choice.word for choice in self.choices if choice.value == self.default]
        return words[0] if words else "" if self.default is None else str(self.default)

    def lines(self) -> Sequence[Line]:
        """Return the choices, numbered from 1; plain words with nothing to say are not listed."""
        if not any(choice.text for choice in self.choices):
            return ()
        return [choice.line(str(n)) for n, choice in enumerate(self.choices, 1)]

    def read(self, typed: str) -> Taken:
        """Take a number, a word, or what `other` makes of it."""
        if not typed:
            if self.default is None:
                raise Wrong("init_needs_answer")
            return Taken(self.default)
        if typed.isascii() and typed.isdecimal() and 1 <= int(typed) <= len(self.choices):
            return Taken(self.choices[int(typed) - 1].value)
        return Taken(self.check(typed))

    def check(self, value: Any) -> Any:
        """Judge a value: one of the choices, or what may be given besides."""
        for choice in self.choices:
            if value == choice.value and isinstance(value, bool) == isinstance(choice.value, bool):
                return choice.value
            if isinstance(value, str) and value.casefold() in _words(choice):
                return choice.value
        if self.other is not None:
            return self.other(value)
        raise Wrong("init_none_of_these", known=", ".join(choice.word for choice in self.choices))


def _words(choice: Choice) -> frozenset[str]:
    own = {choice.word.casefold(), str(choice.value).casefold()}
    if isinstance(choice.value, bool):
        own |= _YES if choice.value else _NO
    return frozenset(own)


@dataclass(frozen=True)
class SomeOf:
    """Some of a few: numbers or words with commas between. `check_with` judges the whole list."""

    choices: tuple[Choice, ...]
    default: tuple[str, ...] = ()
    may_be_none: bool = False
    check_with: Check = list
    is_text: bool = False

    @property
    def offered(self) -> str:
        """The words of what Enter takes."""
        return ", ".join(self.default) or (NONE if self.may_be_none else "")

    def lines(self) -> Sequence[Line]:
        """Return the choices, numbered from 1."""
        return [choice.line(str(n)) for n, choice in enumerate(self.choices, 1)]

    def read(self, typed: str) -> Taken:
        """Take numbers and words."""
        if not typed:
            return Taken(self.check(list(self.default)))
        words = [] if typed == NONE else [w for w in re.split(r"[\s,;]+", typed) if w]
        return Taken(self.check([self._value(word) for word in words]))

    def _value(self, word: str) -> str:
        if word.isascii() and word.isdecimal() and 1 <= int(word) <= len(self.choices):
            return str(self.choices[int(word) - 1].value)
        return word

    def check(self, value: Any) -> Any:
        """Judge a list of words."""
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise Wrong("init_list_expected")
        if not value and not self.may_be_none:
            raise Wrong("init_needs_answer")
        return self.check_with(list(dict.fromkeys(value)))
