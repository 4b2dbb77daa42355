"""Answers that are tried at once: the address, the keys of both systems, the company."""

import re
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from woo2po.connections import Connections
from woo2po.http import RemoteError
from woo2po.logs import hide
from woo2po.messages import say_both
from woo2po.messages.message import Language
from woo2po.stopping import TOLD_TO_STOP, ToldToStop, run_until_told
from woo2po.wizard.address import keys_page
from woo2po.wizard.dialogue import Dialogue, ToldToEnd
from woo2po.wizard.reading import find_shop, read_books, read_shop
from woo2po.wizard.state import SANDBOX, SECRETS, Secret, State
from woo2po.wizard.terminal import open_page

T = TypeVar("T")

# Sentences of remedies that are about runs: here nothing has run yet.
_OF_RUNS = re.compile(
    r"(Nothing is lost: the|The) next run [^.]*\. ?|(Ingenting er tapt: n|N)este kjøring [^.]*\. ?"
    r"|; (the next run|neste kjøring) [^.]*"
)


class Failed(Exception):
    """A trial went wrong: what there is to say, and which question comes again."""

    def __init__(self, text: str, back_to: str) -> None:
        super().__init__(text)
        self.text = text
        self.back_to = back_to


def told(error: RemoteError, language: Language) -> str:
    """Return what went wrong between us and a system, without words that are of runs only."""
    return _OF_RUNS.sub("", say_both(error.code, language, error.facts)).strip()


def done(work: Callable[[Connections], Coroutine[Any, Any, T]]) -> T:
    """Do what asks a system; Ctrl-C ends it. Raises RemoteError, ToldToEnd."""
    try:
        return run_until_told(lambda stop: work(Connections(stop=stop)))
    except ToldToStop:
        raise ToldToEnd from None
    except RemoteError as error:
        if error.code == TOLD_TO_STOP:
            raise ToldToEnd from None
        raise


def _address(state: State, dialogue: Dialogue) -> None:
    dialogue.tell(state.say("init_trying_address"))
    typed = state.value("woocommerce.url")
    try:
        found = done(lambda connections: find_shop(state, connections))
    except RemoteError as error:
        raise Failed(told(error, state.language), "woocommerce.url") from None
    if "woocommerce.url" in state.answered.given:
        state.answered.given["woocommerce.url"] = found.url
    if found.url != typed:
        dialogue.tell(state.say("init_address_other", url=found.url))
    code = "init_address_found" if found.name else "init_address_answers"
    dialogue.tell(state.say(code, name=found.name, url=found.url))


def _page(state: State, dialogue: Dialogue) -> None:
    if state.value("init.open_page") and not open_page(keys_page(state.value("woocommerce.url"))):
        dialogue.tell(state.say("init_no_browser"))


def _shop(state: State, dialogue: Dialogue) -> None:
    _hide(state)
    dialogue.tell(state.say("init_reading_shop"))
    try:
        state.shop = done(lambda connections: read_shop(state, connections))
    except RemoteError as error:
        back_to = _FROM_SHOP.get(error.code, "woocommerce.consumer_secret")
        raise Failed(told(error, state.language), back_to) from None
    state.forget()
    shop = state.shop
    facts = {"orders": len(shop.orders), "methods": len(shop.methods)}
    dialogue.tell(state.say("init_shop_read", **facts))
    if not shop.orders:
        dialogue.tell(state.say("init_shop_empty"))


_FROM_SHOP = {
    "shop_unknown_key": "woocommerce.consumer_key",
    "shop_key_not_seen": "woocommerce.consumer_key",
    "shop_key_no_read": "woocommerce.consumer_key",
    "shop_user_no_rights": "woocommerce.consumer_key",
    "shop_moved": "woocommerce.url",
    "shop_moved_elsewhere": "woocommerce.url",
    "shop_no_woocommerce": "woocommerce.url",
}


def _books(state: State, dialogue: Dialogue) -> None:
    _hide(state)
    dialogue.tell(state.say("init_reading_books"))
    try:
        state.books, state.references = done(lambda at: read_books(state, at))
    except RemoteError as error:
        back_to = _FROM_BOOKS.get(error.code, "poweroffice.subscription_key")
        at_home = "init.sandbox" in state.answered.given
        if error.code == "poweroffice_not_reached" and at_home:
            back_to = "init.sandbox"
        raise Failed(told(error, state.language), back_to) from None
    state.forget()
    catalogue = state.books.catalogue
    facts = {"products": len(catalogue.products), "accounts": len(catalogue.accounts)}
    dialogue.tell(state.say("init_books_read", **facts))
    if not catalogue.products:
        dialogue.tell(state.say("init_books_empty"))


_FROM_BOOKS = {
    "poweroffice_wrong_keys": "poweroffice.application_key",
    "poweroffice_login_refused": "poweroffice.application_key",
}


def _company(state: State, _dialogue: Dialogue) -> None:
    if not state.value("init.right_company"):
        raise Failed(state.say("init_other_company"), "poweroffice.client_key")


def _hide(state: State) -> None:
    """Let no key that was typed be printed or logged from now on."""
    known = (state.value(path) for path in SECRETS)
    hide([secret.value for secret in known if isinstance(secret, Secret)])


@dataclass(frozen=True, slots=True)
class Trial:
    """A trial, and the answers that it takes: it is due once all of them are there, or changed."""

    name: str
    run: Callable[[State, Dialogue], None]
    paths: tuple[str, ...]
    paths_of_sandbox: tuple[str, ...] = ()

    def of(self, state: State) -> tuple[object, ...] | None:
        """Return the answers that would be tried, or None while one is open."""
        in_sandbox = state.value("poweroffice.environment") == SANDBOX
        paths = (*self.paths, *(self.paths_of_sandbox if in_sandbox else ()))
        if any(state.is_open(path) for path in paths):
            return None
        return tuple(state.value(path) for path in paths)


_KEYS = ("application_key", "client_key", "subscription_key")
TRIALS = (
    Trial("address", _address, ("woocommerce.url",)),
    Trial("page", _page, ("init.open_page",)),
    Trial(
        "shop",
        _shop,
        ("woocommerce.url", "woocommerce.consumer_key", "woocommerce.consumer_secret"),
    ),
    Trial(
        "books",
        _books,
        ("poweroffice.environment", *(f"poweroffice.{key}" for key in _KEYS)),
        ("init.sandbox",),
    ),
    Trial("company", _company, ("init.right_company",)),
)


def try_what_is_due(state: State, dialogue: Dialogue) -> None:
    """Try the answers that have not been tried as they are now. Raises Failed, ToldToEnd."""
    for trial in TRIALS:
        answers = trial.of(state)
        if answers is not None and state.tried.get(trial.name) != answers:
            trial.run(state, dialogue)
            state.tried[trial.name] = trial.of(state)
