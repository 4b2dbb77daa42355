"""Every sentence that the program says to people, by code, in English and Norwegian.

holds.py        why an order is held or skipped, as its content says
follows.py      why what follows an order is held: invoice, payment, credit note
push.py         why an order is held, as found out on the way to PowerOffice
shop.py         what can be wrong between us and the shop
poweroffice.py  what can be wrong between us and PowerOffice
sandbox.py      what the sandbox says to the person who changes it
wizard.py       what `init` says around its questions, and where it cannot go on
wizard_*.py     the questions of `init`, and what follows from each answer
screens.py      what the preview, `show` and `status` say
reconcile.py    what `reconcile` finds, and its headings
commands.py     everything else that the commands say
words.py        the words of tables and summaries
"""

from collections.abc import Mapping

from woo2po.messages.commands import COMMANDS
from woo2po.messages.follows import FOLLOWS
from woo2po.messages.holds import HOLDS
from woo2po.messages.message import Language, Message
from woo2po.messages.poweroffice import POWEROFFICE
from woo2po.messages.push import PUSH
from woo2po.messages.reconcile import RECONCILE, RECONCILE_TEXTS
from woo2po.messages.sandbox import SANDBOX
from woo2po.messages.screens import SCREENS
from woo2po.messages.shop import SHOP
from woo2po.messages.wizard import WIZARD, WIZARD_TALK
from woo2po.messages.wizard_beyond import BEYOND_TALK
from woo2po.messages.wizard_connect import CONNECT_TALK
from woo2po.messages.wizard_thirteen import THIRTEEN_TALK

MESSAGES: dict[str, Message] = {
    **COMMANDS,
    **FOLLOWS,
    **HOLDS,
    **POWEROFFICE,
    **PUSH,
    **BEYOND_TALK,
    **CONNECT_TALK,
    **THIRTEEN_TALK,
    **RECONCILE,
    **RECONCILE_TEXTS,
    **SANDBOX,
    **SCREENS,
    **SHOP,
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
