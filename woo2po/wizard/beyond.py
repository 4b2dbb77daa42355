"""What the orders in use need beyond the thirteen questions; nobody is asked what nobody needs."""

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from woo2po.mapping.values import Rate
from woo2po.money import ZERO, percent
from woo2po.settings.problems import toml
from woo2po.survey.needs import Need, Role
from woo2po.wizard.asking import (
    product_kind,
    product_question,
    rates_question,
    rates_step,
    search_words,
    some_of,
    words,
    yes_or_no,
)
from woo2po.wizard.kinds import NONE, Choice, OneOf, Wrong
from woo2po.wizard.privileges import may_make_products
from woo2po.wizard.products import (
    FULL,
    Wanted,
    accounts_for,
    fitting_products,
    item_of,
    item_of_account,
    judged_code,
    wanted_products,
)
from woo2po.wizard.searched import Found, Row, Table
from woo2po.wizard.state import SECRETS, Question, Secret, State, Step

_CARD_NAMES = ("gavekort", "gift card", "giftcard")

# -- goods -----------------------------------------------------------------------------------------


def _unknown(state: State) -> Question:
    path = "products.unknown"
    texts = {
        "fallback": state.say("init_unknown_fallback"),
        "create": state.say("init_unknown_create"),
        "hold": state.say("init_unknown_hold"),
    }
    orders = max((need.orders for need in state.needs(Role.GOODS)), default=0)
    said = (state.say("init_unknown_said", n=orders),)
    return Question(path, state.say("init_unknown"), words(state, path, texts), said)


def _goods(state: State) -> list[Need]:
    """Return the rates that goods were sold at, whether PowerOffice knows their SKUs or not."""
    found = [n for n in state.needs(Role.GOODS, every_sku=True) if not n.rate.country]
    return found or [Need(Role.GOODS, Rate(FULL), 0)]


def _fallback(state: State) -> Question:
    title = state.say("init_fallback")
    question = rates_question(state, "products.fallback_by_rate", title, _goods(state))
    said = (state.say("init_fallback_said"), *question.said)
    return Question(question.path, title, question.kind, said, question.more)


def _fee(state: State) -> Question:
    return product_question(state, Role.FEE, state.say("init_fee_said"))


def _has_fees(state: State) -> bool:
    return any(not need.rate.country for need in state.needs(Role.FEE))


def _single(role: Role, path: str, title: str, said: str) -> Step:
    """Return the step for a product without VAT."""
    need = Need(role, Rate(ZERO), 0)

    def ask(state: State) -> Question:
        kind = product_kind(state, need, state.before(path) or "")
        more = state.say("init_product_more")
        return Question(path, state.say(title), kind, (state.say(said),), more)

    def applies(state: State) -> bool:
        return role is Role.ROUNDING or bool(state.needs(role))

    return Step(path, ask, applies)


# -- gift cards, other countries, delivery ---------------------------------------------------------


def _cards_sold(state: State) -> list[tuple[str, int]]:
    """Return SKUs that by the name of the goods are gift cards, with their orders."""
    orders = state.shop.orders if state.shop else ()
    found = Counter(
        sku
        for order in orders
        for sku in {line.sku for line in order.lines if line.kind == "product" and line.sku and any(
            name in line.name.casefold() for name in _CARD_NAMES)}
    )  # fmt: skip
    return found.most_common()


def _skus(state: State) -> Question:
    path = "gift_cards.skus"
    before = state.before(path, None)
    found = _cards_sold(state)
    choices = [Choice(sku, sku, state.say("init_n_orders", n=n)) for sku, n in found]
    beside = [sku for sku in before or () if sku not in dict(found)]

    def check(chosen: Sequence[str]) -> list[str]:
        return [*chosen, *(sku for sku in beside if sku not in chosen)]

    chosen = [sku for sku, _ in found if before is None or sku in before]
    kind = some_of(choices, chosen, check)
    return Question(path, state.say("init_skus"), kind, (state.say("init_skus_said"),))


def _foreign_needs(state: State) -> dict[str, Need]:
    found = (need for role in Role for need in state.needs(role) if need.rate.country)
    return {str(need.rate): need for need in found}


def _foreign(state: State) -> Question:
    path = "vat.foreign"
    before = state.before(path, {})
    kept = before if isinstance(before, dict) else {}
    needs = _foreign_needs(state)
    rows = tuple(_foreign_row(name, need, kept, state) for name, need in needs.items())

    def cell(name: str) -> Found:
        need = needs.get(name) or Need(Role.GOODS, _rate_of(name), 0)

        def check(code: Any) -> str:
            return judged_code(need, code, state, may_be_new=False)

        without_vat = Need(Role.GOODS, Rate(ZERO), 0)
        items = tuple(map(item_of, fitting_products(without_vat, state)))
        return Found(items, check, none=NONE)

    held = state.say("init_held")
    kind = Table(rows, cell, kept=kept, empty="hold", none_text=held, words=search_words(state))
    return Question(path, state.say("init_foreign"), kind, (state.say("init_foreign_said"),))


def _foreign_row(name: str, need: Need, kept: dict[str, str], state: State) -> Row:
    rate = percent(need.rate.percent)
    facts = {"country": need.rate.country, "rate": rate, "n": need.orders}
    return Row(name, state.say("init_foreign_row", **facts), kept.get(name, NONE))


def _rate_of(name: str) -> Rate:
    """Return a country's rate by its name in the configuration: SE25."""
    digits = name[2:] if name[2:].replace(".", "", 1).isdecimal() else "0"
    return Rate(Decimal(digits), name[:2])


def _delivery(state: State) -> Question:
    path = "invoices.delivery"
    texts = {
        "none": state.say("init_delivery_none"),
        "email": state.say("init_delivery_email"),
        "auto": state.say("init_delivery_auto"),
    }
    return Question(path, state.say("init_delivery"), words(state, path, texts))


# -- the end ---------------------------------------------------------------------------------------


def _secrets(state: State) -> Question:
    there = (state.existing.get(path) for path in SECRETS)
    own = any(isinstance(one, Secret) and one.file for one in there)
    choices = (
        Choice("config", "config", state.say("init_secrets_config")),
        Choice("files", "files", state.say("init_secrets_files")),
    )
    default = state.before("init.secrets", "files" if own else "config")
    kind = OneOf(choices, default)
    return Question(
        "init.secrets",
        state.say("init_secrets"),
        kind,
        heading=state.say("init_heading_end"),
    )


def _new_accounts(state: State) -> Question:
    wanted = {one.code: one for one in wanted_products(state)}
    before = state.answered.taken_back.get("init.accounts", {})
    rows = tuple(_new_row(one, before) for one in wanted.values())

    def cell(code: str) -> Found:
        one = wanted.get(code)
        fitting = accounts_for(one.need, state) if one else []
        numbers = {account.number for account in fitting}

        def check(number: Any) -> int:
            if number not in numbers and str(number) not in set(map(str, numbers)):
                raise Wrong("init_account_unfit", text=str(number), code=code)
            return int(number)

        return Found(tuple(map(item_of_account, fitting)), check, none=NONE)

    said = (state.say("init_new_accounts_said"),)
    kind = Table(rows, cell, none_text=state.say("init_not_made"), words=search_words(state))
    more = state.say("init_new_accounts_more")
    return Question("init.accounts", state.say("init_new_accounts"), kind, said, more)


def _new_row(one: Wanted, before: dict[str, int]) -> Row:
    account = one.account.number if one.account else NONE
    return Row(one.code, f"{one.code}  {one.name}", before.get(one.code, account))


def _lacks_products(state: State) -> bool:
    return may_make_products(state) and any(
        accounts_for(one.need, state) for one in wanted_products(state)
    )


def to_make(state: State) -> list[Wanted]:
    """Return the products to be made, each on the account that was agreed on."""
    accounts = state.answered.given.get("init.accounts", {})
    found = state.catalogue.accounts
    return [
        Wanted(one.code, one.name, one.need, found[accounts[one.code]])
        for one in wanted_products(state)
        if one.code in accounts
    ]


def described(one: Wanted, state: State) -> str:
    """Return exactly what would be made."""
    account = one.account
    item = item_of_account(account).shown if account else NONE
    return state.say("init_product_line", code=one.code, name=one.name, account=item)


def _create(state: State) -> Question:
    no, yes = state.say("init_create_products_no"), state.say("init_create_products_yes")
    kind = yes_or_no(state, "init.create_products", no, yes, default=False)
    title = state.say("init_create_products", n=len(to_make(state)))
    return Question("init.create_products", title, kind)


def _write(state: State) -> Question:
    kind = yes_or_no(state, "init.write", "", "", default=True)
    return Question("init.write", state.say("init_write"), kind, tuple(summary(state)))


def summary(state: State) -> list[str]:
    """Return the answers as they will stand in the file, without the keys."""
    given = [path for path in state.answered.given if path in state.values()]
    lines = []
    for path in given:
        value = state.value(path)
        if not isinstance(value, Secret):
            lines.append(f" {path} = {toml(state.values()[path])}")
    return lines


BEYOND = (
    Step("products.unknown", _unknown, lambda state: any(
        not need.rate.country for need in state.needs(Role.GOODS))),
    Step("products.fallback_by_rate", _fallback, lambda state: bool(
        state.value("products.unknown") != "hold")),
    Step("fees.product", _fee, _has_fees),
    rates_step(Role.FEE, "init_fee_rates"),
    _single(Role.ROUNDING, "products.rounding", "init_rounding", "init_rounding_said"),
    Step("gift_cards.skus", _skus, lambda state: bool(_cards_sold(state))),
    _single(Role.GIFT_CARD, "gift_cards.product", "init_gift_card", "init_gift_card_said"),
    Step("vat.foreign", _foreign, lambda state: bool(_foreign_needs(state))),
    Step("invoices.delivery", _delivery, lambda state: bool(state.value("invoices.create"))),
)  # fmt: skip
ENDING = (
    Step("init.secrets", _secrets),
    Step("init.accounts", _new_accounts, _lacks_products),
    Step("init.create_products", _create, lambda state: bool(to_make(state))),
    Step("init.write", _write),
)
