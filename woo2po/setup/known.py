"""What is known while a configuration is made, and what a question about it is. Pure.

Known are the file, the environment, the answers, and both systems. A path is a key's whole name:
"shipping.product". A question is a row: its label is the message init_row_NAME, what `?` explains
is init_about_NAME.
"""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any, TypeVar

from woo2po.config import Settings, WrongSettings, checked
from woo2po.config.keys import BY_PATH, SECTIONS
from woo2po.documents import Catalogue
from woo2po.holds import InTheWay
from woo2po.inventory import Needs, Role, ShopInventory, needs_of
from woo2po.mapping import eligible
from woo2po.messages import Language, say
from woo2po.order import Order
from woo2po.poweroffice.token import Company

T = TypeVar("T")
SECRETS = [
    path for path, key in BY_PATH.items() if key.required and path.endswith(("_key", "_secret"))
]
STORAGE = "init.secrets"  # where the keys are kept: "config" or "files"; no key of the file
NO_SHOP = ShopInventory("", "", (), (), {}, {}, ())
NO_COMPANY = Company()
NOTHING_SOLD = Catalogue({}, {}, {})
PLACEHOLDERS = {path: key.example for path, key in BY_PATH.items() if key.required}


class Wrong(InTheWay):
    """An answer that makes no sense. One for which a run would hold orders is Stopped instead."""


@dataclass
class Known:
    """Everything that is proposed and shown is made from this.

    The answers go to `path`, where `old` was found (None: nothing). `there` is what that says,
    `fixed` what the environment says, `given` what was answered, `proposed` what follows from all
    of them. In a table "" and 0 stand for none. `references` are those of recent documents in
    PowerOffice. `unseen`: nobody is asked, nor looks at what is proposed.
    """

    language: Language
    path: Path
    today: date
    old: str | None = None
    there: dict[str, Any] = field(default_factory=dict)
    fixed: dict[str, Any] = field(default_factory=dict)
    given: dict[str, Any] = field(default_factory=dict)
    proposed: dict[str, Any] = field(default_factory=dict)
    shop: ShopInventory = NO_SHOP
    company: Company = NO_COMPANY
    catalogue: Catalogue = NOTHING_SOLD
    references: frozenset[str] = frozenset()
    unseen: bool = False
    reckoned: dict[Hashable, Any] = field(default_factory=dict)

    def say(self, code: str, /, **facts: object) -> str:
        """Return a sentence in the language of the dialogue."""
        return say(code, self.language, {name: str(fact) for name, fact in facts.items()})

    def value(self, path: str) -> Any:
        """Return a value as it is by now; None where there is none and no default either."""
        for said in (self.fixed, self.proposed, self.given, self.there):
            if path in said:
                return said[path]
        key = BY_PATH.get(path)
        return None if key is None or key.required else key.default

    def is_said(self, path: str) -> bool:
        """Tell whether somebody has answered with more than nothing, or none on purpose."""
        return path in self.fixed or path in self.given or bool(self.there.get(path))

    def secrets(self) -> list[str]:
        """Return the keys that are known, which nobody may see."""
        return [str(said) for path in SECRETS if (said := self.value(path))]

    def changed(self) -> dict[str, Any]:
        """Return what the file does not say yet, by path."""
        found = {**self.given, **self.proposed}
        plain = {path: {n: v for n, v in said.items() if v} if isinstance(said, Mapping) else said
                 for path, said in found.items()}  # fmt: skip
        return {path: said for path, said in plain.items() if path not in self.fixed}

    def settings(self, changes: Mapping[str, Any] | None = None) -> Settings:
        """Return the settings so far, with some changes by path; what is not known is filled in.

        A key that was typed counts, not what the file holds that has it until all is written.
        """
        whole = {**PLACEHOLDERS, **self.there, **self.changed(), **(changes or {})}
        gone = {STORAGE, *(f"{path}_file" for path in SECRETS if path in self.given)}
        known = {p: v for p, v in whole.items() if v is not None and p not in gone}
        return self.once(repr(known), lambda: Settings(**nested(known)))

    def orders(self) -> tuple[Order, ...]:
        """Return the newest orders that would be transferred, whatever their day; else all."""
        settings = self.settings().of_any_day()
        return tuple(o for o in self.shop.orders if eligible(o, settings)) or self.shop.orders

    def needs(self, *, every_sku: bool = False) -> Needs:
        """Return what the orders need of PowerOffice. `every_sku`: goods, known there or not."""
        settings, catalogue = self.settings(), NOTHING_SOLD if every_sku else self.catalogue
        return self.once(
            (id(settings), every_sku), lambda: needs_of(self.orders(), settings, catalogue)
        )

    def rates(self, role: Role, *, every_sku: bool = False) -> dict[Decimal, int]:
        """Return at which rates at home the orders need a role, and how many of them."""
        found = self.needs(every_sku=every_sku).items()
        return {rate.percent: n for (one, rate), n in found if one is role and not rate.country}

    def once(self, name: Hashable, reckon: Callable[[], T]) -> T:
        """Return what takes long to reckon, and stays so until a system is read anew."""
        if name not in self.reckoned:
            self.reckoned[name] = reckon()
        found: T = self.reckoned[name]
        return found


def nested(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return keys by path as sections."""
    whole: dict[str, Any] = {}
    for path, value in values.items():
        section, _, name = path.rpartition(".")
        (whole.setdefault(section, {}) if section else whole)[name] = value
    return whole


def flat(whole: Mapping[str, Any]) -> dict[str, Any]:
    """Return sections as keys by path."""
    found: dict[str, Any] = {}
    for name, value in whole.items():
        if isinstance(value, Mapping) and name in {*SECTIONS, "init"}:
            found |= {f"{name}.{key}": one for key, one in value.items()}
        else:
            found[name] = value
    return found


def understood(said: Mapping[str, Any], settings: Settings) -> dict[str, Any]:
    """Return keys by path with texts as they are taken, days say; keys come from their files."""
    whole = flat(settings.model_dump(by_alias=True))
    found = {p: whole[p] if isinstance(v, str) and p in whole else v for p, v in said.items()}
    for path in SECRETS:
        if path in said or said.get(f"{path}_file"):
            found[path] = whole[path].get_secret_value()
    return found


def taken(path: str, value: Any, language: Language) -> Any:
    """Return a value as the settings take it. Raises Wrong with what they expect."""
    try:
        settings = checked(nested({**PLACEHOLDERS, path: value}), language)
    except WrongSettings as error:
        raise Wrong("init_unfit", value=str(value), expected=error.problems[0].expected) from None
    return flat(settings.model_dump(by_alias=True))[path]


NONE = "-"  # typed for an empty text, for none of a list, for no account


@dataclass(frozen=True)
class Question:
    """A question, answered by a text: its number, its name in the messages, the key it is for; when
    it `applies`, and what `says` its answer in words, where that is not the value itself.
    """

    number: int
    name: str
    path: str
    applies: Callable[[Known], Any] = lambda _: True
    says: Callable[[Known], str] | None = None

    def label(self, known: Known) -> str:
        """Return what the row is called."""
        return known.say(f"init_row_{self.name}")

    def question(self, known: Known) -> str:
        """Return the question: of the thirteen as the settings declare it, else the label."""
        key = BY_PATH.get(self.path)
        if key is None or not key.question:
            return self.label(known)
        text = key.text(known.language)
        question = re.match(r"[^?;.:]*\??", text) if known.language == "en" else None
        return question[0] if question else text

    def shown(self, known: Known) -> str:
        """Return the answer as it is by now, in words."""
        return self.says(known) if self.says else known.value(self.path) or known.say("init_none")

    def lines(self, known: Known) -> list[str]:  # noqa: ARG002 (some have)
        """Return what there is to choose from."""
        return []

    def read(self, typed: str, known: Known) -> dict[str, Any]:
        """Return what was typed, by path. Raises Wrong."""
        return {self.path: taken(self.path, "" if typed == NONE else typed, known.language)}

    def lacks(self, known: Known) -> bool:  # noqa: ARG002 (some do)
        """Tell whether an answer is missing that nobody could propose."""
        return False


def cell(typed: str, names: Sequence[str], example: str) -> tuple[str, str]:
    """Return the name of a line and what it should be, from NAME=VALUE. Raises Wrong."""
    found = re.fullmatch(r"(\S+?)\s*%?\s*[=:]\s*(.*\S)", typed)
    name = next((n for n in names if found and n.casefold() == found[1].casefold()), "")
    if found is None or not name:
        raise Wrong("init_row_unclear", example=example)
    return name, found[2]
