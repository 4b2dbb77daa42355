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

from collections.abc import Mapping

from woo2po.messages.check import CHECK
from woo2po.messages.check_books import CHECK_BOOKS
from woo2po.messages.check_screen import CHECK_TEXTS
from woo2po.messages.commands import COMMANDS
from woo2po.messages.follows import FOLLOWS
from woo2po.messages.holds import HOLDS
from woo2po.messages.many import MANY
from woo2po.messages.message import Language, Message
from woo2po.messages.poweroffice import POWEROFFICE
from woo2po.messages.preview import PREVIEW, PREVIEW_TEXTS
from woo2po.messages.probe import PROBE
from woo2po.messages.probe_screen import PROBE_TEXTS
from woo2po.messages.push import PUSH
from woo2po.messages.reconcile import RECONCILE, RECONCILE_TEXTS
from woo2po.messages.sandbox import SANDBOX
from woo2po.messages.screens import SCREENS
from woo2po.messages.settings import SETTINGS
from woo2po.messages.shop import SHOP
from woo2po.messages.status import STATUS
from woo2po.messages.usage import USAGE
from woo2po.messages.wizard import WIZARD, WIZARD_TALK
from woo2po.messages.wizard_beyond import BEYOND_TALK
from woo2po.messages.wizard_connect import CONNECT_TALK
from woo2po.messages.wizard_thirteen import THIRTEEN_TALK

MESSAGES: dict[str, Message] = {
    **CHECK,
    **CHECK_BOOKS,
    **CHECK_TEXTS,
    **COMMANDS,
    **FOLLOWS,
    **HOLDS,
    **MANY,
    **POWEROFFICE,
    **PREVIEW,
    **PREVIEW_TEXTS,
    **PROBE,
    **PROBE_TEXTS,
    **PUSH,
    **BEYOND_TALK,
    **CONNECT_TALK,
    **THIRTEEN_TALK,
    **RECONCILE,
    **RECONCILE_TEXTS,
    **SANDBOX,
    **SCREENS,
    **SETTINGS,
    **SHOP,
    **STATUS,
    **USAGE,
    **WIZARD,
    **WIZARD_TALK,
}


def say(code: str, language: Language, facts: Mapping[str, str] | None = None) -> str:
    """Return the sentence of a code, filled with facts. Raises KeyError for an unknown code."""
    return MESSAGES[code].text(language, facts or {})


def remedy(code: str, language: Language, facts: Mapping[str, str] | None = None) -> str:
    """Return what to do about it, or "". Raises KeyError for an unknown code."""
    return MESSAGES[code].remedy(language, facts or {})


def say_both(code: str, language: Language, facts: Mapping[str, str] | None = None) -> str:
    """Return the sentence and, where there is one, the remedy after it."""
    return " ".join(filter(None, (say(code, language, facts), remedy(code, language, facts))))
