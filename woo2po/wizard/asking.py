"""How questions of one sort are made from what both systems have: yes or no, products, rates."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any

from woo2po.mapping.values import Rate
from woo2po.money import percent
from woo2po.survey.needs import Need, Role
from woo2po.wizard.fields import checked, default_of, key_of, passing, question_of
from woo2po.wizard.kinds import Choice, OneOf, SomeOf, Text, Wrong
from woo2po.wizard.products import (
    accounts_for,
    fitting_products,
    further_needs,
    item_of,
    judged_code,
    likely_product,
    lookalikes,
    main_need,
    new_code,
    usual_account,
)
from woo2po.wizard.searched import MOST_SHOWN, Found, Row, SearchWords, Table
from woo2po.wizard.state import Question, State, Step


def numbered(state: State, path: str, kind: Any, *said: str, more: str = "") -> Question:
    """Return one of the thirteen questions, with its number above it."""
    heading = state.say("init_question_number", number=key_of(path).question)
    return Question(path, question_of(path, state.language), kind, said, more, heading)


def yes_or_no(state: State, path: str, no: str, yes: str, default: bool | None = None) -> OneOf:
    """Return a choice between no and yes, with what follows from each."""
    choices = (
        Choice(False, state.say("init_no"), no),
        Choice(True, state.say("init_yes"), yes),
    )
    return OneOf(choices, state.before(path, default))


def words(state: State, path: str, texts: Mapping[str, str]) -> OneOf:
    """Return a choice between the words that a key allows, with what follows from each."""
    choices = tuple(Choice(word, word, text) for word, text in texts.items())
    return OneOf(choices, state.before(path, default_of(path)))


def text(state: State, path: str) -> Text:
    """Return a text that the settings judge."""
    default = state.before(path, default_of(path))
    return Text(lambda value: passing(path, value, state.language), default)


def some_of(
    choices: Sequence[Choice], chosen: Sequence[str], check: Callable[[list[str]], list[str]]
) -> SomeOf:
    """Return a choice of some or none."""
    return SomeOf(tuple(choices), tuple(chosen), may_be_none=True, check_with=check)


# -- products --------------------------------------------------------------------------------------


def product_kind(state: State, need: Need, before: str, *, none: str | None = "") -> Found:
    """Return the search for a product that carries what is needed.

    Enter takes what was said before, else the product made for it, else one to be made.
    """
    likely = likely_product(need, state)
    default = before or (likely.code if likely else new_code(need, state))
    is_there = default in state.catalogue.products
    return Found(
        tuple(item_of(product) for product in fitting_products(need, state)),
        lambda code: judged_code(need, code, state),
        default,
        may_be_new=True,
        none=none,
        first=lookalikes(need, state) or MOST_SHOWN,
        told="" if is_there else state.say("init_product_to_make", code=default),
        more=state.say("init_more_found", n="{n}"),
        exists=lambda code: code in state.catalogue.products,
    )


def lacking_account(state: State, needs: Sequence[Need]) -> list[str]:
    """Return what there is to say where the chart has no account of a rate that is needed."""
    said = []
    for need in needs:
        if state.books is None or accounts_for(need, state):
            continue
        code, number = usual_account(need.rate.percent)
        facts = {"rate": percent(need.rate.percent), "vat_code": code, "account": str(number)}
        if need.role not in {Role.ROUNDING, Role.GIFT_CARD}:
            said.append(state.say("init_no_account_of_rate", **facts))
    return said


def by_rate(state: State, path: str, needs: Sequence[Need]) -> Table:
    """Return a table with a product for each rate; what the file has beside them is kept."""
    kept = {percent(rate): code for rate, code in checked(path, _existing(state, path)).items()}
    by_name = {percent(need.rate.percent): need for need in needs}
    role = needs[0].role
    rows = tuple(_row(state, need, kept.get(name, "")) for name, need in by_name.items())

    def cell(name: str) -> Found:
        need = by_name.get(name) or Need(role, Rate(_rate(name)), 0)
        return product_kind(state, need, kept.get(name, ""), none=None)

    return Table(rows, cell, kept=kept, words=search_words(state))


def search_words(state: State) -> SearchWords:
    """Return what a table says of what was searched for."""
    more = state.say("init_more_found", n="{n}")
    return SearchWords(more, state.say("init_pick", example="{example}"))


def _rate(name: str) -> Decimal:
    try:
        rate = Decimal(name)
    except InvalidOperation:
        raise Wrong("init_no_rate", text=name) from None
    return rate


def _existing(state: State, path: str) -> Mapping[str, Any]:
    found = state.before(path, {})
    return found if isinstance(found, Mapping) else {}


def _row(state: State, need: Need, before: str) -> Row:
    kind = product_kind(state, need, before)
    rate = percent(need.rate.percent)
    label = state.say("init_rate_orders", rate=rate, n=need.orders) if need.orders else f"{rate} %"
    told = "" if kind.default in state.catalogue.products else state.say("init_row_to_make")
    return Row(rate, label, kind.default, told)


def product_question(state: State, role: Role, *said: str) -> Question:
    """Return the question for the main product of a role: one of the thirteen, or of fees."""
    path = f"{role.value}.product"
    need = main_need(role, state)
    kind = product_kind(state, need, state.before(path) or "")
    rate = percent(need.rate.percent)
    lines = (*said, state.say("init_product_said", rate=rate), *lacking_account(state, [need]))
    if key_of(path).question:
        return numbered(state, path, kind, *lines, more=state.say("init_product_more"))
    title = state.say("init_fee_product", rate=rate)
    return Question(path, title, kind, lines, state.say("init_product_more"))


def rates_question(state: State, path: str, title: str, needs: Sequence[Need]) -> Question:
    """Return the question for the products of further rates."""
    kind = by_rate(state, path, needs)
    how = state.say("init_by_rate_said", example=kind.example)
    more = state.say("init_table_more")
    return Question(path, title, kind, (how, *lacking_account(state, needs)), more)


def rates_step(role: Role, code: str) -> Step:
    """Return the step for the further rates of a role; `code` is its question."""
    path = f"{role.value}.product_by_rate"

    def ask(state: State) -> Question:
        return rates_question(state, path, state.say(code), further_needs(role, state))

    def applies(state: State) -> bool:
        if role is Role.FEE and not state.needs(Role.FEE):
            return False
        named = bool(state.value(f"{role.value}.product"))
        return named and bool(further_needs(role, state))

    return Step(path, ask, applies)
