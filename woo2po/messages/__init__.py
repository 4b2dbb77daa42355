"""Every sentence that the program says to people, by code, in English and Norwegian.

holds.py        why an order is held or skipped, as its content says
follows.py      why what follows an order is held: invoice, payment, credit note
push.py         why an order is held, as found out on the way to PowerOffice
shop.py         what can be wrong between us and the shop
poweroffice.py  what can be wrong between us and PowerOffice
sandbox.py      what the sandbox says to the person who changes it
wizard.py       what `init` says around its questions, and where it cannot go on
wizard_*.py     the questions of `init`, and what follows from each answer
screens.py      what the preview and `show` say
preview.py      what the preview says on its page
status.py       what `status` says
check.py        what `check` finds here, in the shop, and in both
check_books.py  what it finds in PowerOffice
check_screen.py its headings, the first orders, and how it ends
probe.py        what `check --probe` asks; probe_screen.py: how it turns out
reconcile.py    what `reconcile` finds, and its headings
settings.py     what can be wrong with the configuration
usage.py        what is wrong with what was typed
help.py         what `--help` prints
commands.py     everything else that the commands say
terms.py        parts of sentences that are codes in the facts
times.py        times and spans
words.py        the words of tables and summaries
"""

from collections.abc import Iterator, Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any

from woo2po.messages.message import Language, Message

if TYPE_CHECKING:
    MESSAGES: Mapping[str, Message]

# Module and tables, the ones that a run needs first: most commands read one or two of them.
_TABLES = (
    ("commands", "COMMANDS"),
    ("holds", "HOLDS"),
    ("follows", "FOLLOWS"),
    ("push", "PUSH"),
    ("shop", "SHOP"),
    ("poweroffice", "POWEROFFICE"),
    ("status", "STATUS"),
    ("screens", "SCREENS"),
    ("preview", "PREVIEW PREVIEW_TEXTS"),
    ("check", "CHECK"),
    ("check_books", "CHECK_BOOKS"),
    ("check_screen", "CHECK_TEXTS"),
    ("many", "MANY"),
    ("probe", "PROBE"),
    ("probe_screen", "PROBE_TEXTS"),
    ("reconcile", "RECONCILE RECONCILE_TEXTS"),
    ("sandbox", "SANDBOX"),
    ("settings", "SETTINGS"),
    ("usage", "USAGE"),
    ("wizard", "WIZARD WIZARD_TALK"),
    ("wizard_beyond", "BEYOND_TALK"),
    ("wizard_connect", "CONNECT_TALK"),
    ("wizard_thirteen", "THIRTEEN_TALK"),
)


@cache
def _table(module: str, names: str) -> Mapping[str, Message]:
    read = import_module(f"{__name__}.{module}")
    return {code: said for name in names.split() for code, said in getattr(read, name).items()}


def _tables() -> Iterator[Mapping[str, Message]]:
    """Yield the tables; each is imported when its turn comes, so that an idle run reads one."""
    return (_table(module, names) for module, names in _TABLES)


def _message(code: str) -> Message:
    for table in _tables():
        if code in table:
            return table[code]
    raise KeyError(code)


def __getattr__(name: str) -> Any:
    """Give MESSAGES, every message by its code, to those who want all of them."""
    if name != "MESSAGES":
        raise AttributeError(name)
    return {code: message for table in _tables() for code, message in table.items()}


def say(code: str, language: Language, facts: Mapping[str, str] | None = None) -> str:
    """Return the sentence of a code, filled with facts. Raises KeyError for an unknown code."""
    return _message(code).text(language, facts or {})


def remedy(code: str, language: Language, facts: Mapping[str, str] | None = None) -> str:
    """Return what to do about it, or "". Raises KeyError for an unknown code."""
    return _message(code).remedy(language, facts or {})


def say_both(code: str, language: Language, facts: Mapping[str, str] | None = None) -> str:
    """Return the sentence and, where there is one, the remedy after it."""
    return " ".join(filter(None, (say(code, language, facts), remedy(code, language, facts))))
