"""The thirteen questions of the contract, in their order, and what follows from some of them."""

from collections.abc import Sequence
from typing import Any

from woo2po.mapping.references import shop_hash
from woo2po.survey.needs import Role
from woo2po.survey.shop import MethodInUse
from woo2po.wizard.accounts import (
    CASH_BY_NAME,
    account_items,
    cash_account,
    judged_account,
    methods_in_use,
    suggested_account,
)
from woo2po.wizard.asking import (
    numbered,
    product_question,
    rates_step,
    search_words,
    some_of,
    text,
    words,
    yes_or_no,
)
from woo2po.wizard.fields import default_of, passing
from woo2po.wizard.kinds import NONE, Choice, SomeOf, Wrong
from woo2po.wizard.privileges import SEND, lacking_rights, names_of
from woo2po.wizard.searched import Found, Row, Table
from woo2po.wizard.state import Question, State, Step

# -- 1 to 4: which orders, and what becomes of them ------------------------------------------------


def _statuses(state: State) -> Question:
    known = {s.slug: s for s in (state.shop.statuses if state.shop else ())}
    chosen = state.before("woocommerce.statuses", default_of("woocommerce.statuses"))
    shown = [s for s in known.values() if s.orders or s.slug in chosen or s.slug == "completed"]
    choices = tuple(
        Choice(s.slug, s.slug, state.say("init_status", name=s.name, n=s.orders)) for s in shown
    )

    def check(slugs: list[str]) -> list[str]:
        plain: list[str] = passing("woocommerce.statuses", slugs, state.language)
        if strange := [slug for slug in plain if known and slug not in known]:
            raise Wrong("init_unknown_status", text=strange[0], known=", ".join(known))
        return plain

    kind = SomeOf(choices, tuple(chosen), check_with=check)
    more = state.say("init_statuses_more")
    said = state.say("init_statuses_said")
    return numbered(state, "woocommerce.statuses", kind, said, more=more)


def _write_number_to(state: State) -> Question:
    path = "orders.write_number_to"
    texts = {
        "customer_reference": state.say("init_number_customer"),
        "purchase_order_reference": state.say("init_number_purchase"),
        "none": state.say("init_number_none"),
    }
    more = state.say("init_number_more")
    return numbered(state, path, words(state, path, texts), more=more)


def _create(state: State) -> Question:
    path = "invoices.create"
    no, yes = state.say("init_create_no"), state.say("init_create_yes")
    kind = yes_or_no(state, path, no, yes, default=False)
    return numbered(state, path, kind, more=state.say("init_create_more"))


def _about_sending(state: State) -> list[str]:
    if SEND in lacking_rights(state):
        return [state.say("init_may_not_send")]
    return []


def _when(state: State) -> Question:
    path = "invoices.when"
    texts = {
        "completed": state.say("init_when_completed"),
        "processing": state.say("init_when_processing"),
    }
    said = () if state.value("invoices.create") else (state.say("init_when_later"),)
    more = state.say("init_when_more")
    return numbered(state, path, words(state, path, texts), *said, more=more)


# -- 5 and 6: payments -----------------------------------------------------------------------------


def _register(state: State) -> Question:
    path = "payments.register"
    no, yes = state.say("init_register_no"), state.say("init_register_yes")
    kind = yes_or_no(state, path, no, yes, default=False)
    return numbered(state, path, kind, more=state.say("init_register_more"))


def _default_type(state: State) -> Question:
    path = "payments.default_type"
    texts = {"bank": state.say("init_type_bank"), "cash": state.say("init_type_cash")}
    said = () if _registers(state) else (state.say("init_type_later"),)
    more = state.say("init_type_more")
    return numbered(state, path, words(state, path, texts), *said, more=more)


def _registers(state: State) -> bool:
    return bool(state.value("payments.register"))


def _about_vouchers(state: State) -> list[str]:
    waits = {"check_right_voucher", "check_right_ledger"}
    missing = [right for right in lacking_rights(state) if right.waits in waits]
    return [state.say("init_may_not_post", rights=names_of(missing))] if missing else []


def _method_choice(method: MethodInUse, state: State) -> Choice:
    told = state.say("init_method", name=method.title or method.id, n=method.orders)
    return Choice(method.id, method.id, told)


def _unpaid(state: State) -> Question:
    path = "payments.unpaid_methods"
    used = methods_in_use(state)
    before = state.before(path, default_of(path))
    beside = [word for word in before if word not in {method.id for method in used}]

    def check(chosen: list[str]) -> list[str]:
        return [*chosen, *(word for word in beside if word not in chosen)]

    chosen = [method.id for method in used if method.id in before]
    kind = some_of([_method_choice(method, state) for method in used], chosen, check)
    said = (state.say("init_unpaid_said"),)
    return Question(path, state.say("init_unpaid"), kind, said, state.say("init_unpaid_more"))


def _paid_methods(state: State) -> list[MethodInUse]:
    unpaid = state.value("payments.unpaid_methods")
    return [method for method in methods_in_use(state) if method.id not in unpaid]


def _cash(state: State) -> Question:
    """Ask which methods are cash where any may be: the type of each is then one of two."""
    path = "payments.types"
    default = str(state.value("payments.default_type"))
    before = state.before(path, {})
    used = _paid_methods(state)

    def is_cash(method: MethodInUse) -> bool:
        likely = default == "cash" or method.id in CASH_BY_NAME
        if path in state.existing or path in state.answered.taken_back:
            return bool(before.get(method.id, default) == "cash")
        return likely and suggested_account(method, state) is None

    def check(chosen: Any) -> dict[str, str]:
        if isinstance(chosen, dict):  # as a file has it
            return passing(path, chosen, state.language)  # type: ignore[no-any-return]
        kinds = {m.id: "cash" if m.id in chosen else "bank" for m in used}
        beside = {word: kind for word, kind in before.items() if word not in kinds}
        return beside | {word: kind for word, kind in kinds.items() if kind != default}

    choices = [_method_choice(method, state) for method in used]
    kind = _Cash(
        tuple(choices),
        tuple(m.id for m in used if is_cash(m)),
        may_be_none=True,
        check_with=check,
    )
    said = (state.say("init_cash_said"),)
    return Question(path, state.say("init_cash"), kind, said, state.say("init_type_more"))


class _Cash(SomeOf):
    """Chosen as a list, kept as a table of what is not the default."""

    def check(self, value: Any) -> Any:
        """Judge a table of a file, or a list that was typed."""
        return self.check_with(value) if isinstance(value, dict) else super().check(value)


def _may_be_cash(state: State) -> bool:
    default = state.value("payments.default_type")
    some = any(method.id in CASH_BY_NAME for method in _paid_methods(state))
    return _registers(state) and (some or default == "cash" or bool(state.before("payments.types")))


def _accounts(state: State) -> Question:
    path = "payments.accounts"
    before = state.before(path, {})
    cash = _cash_methods(state)
    rows = tuple(_account_row(method, before, cash, state) for method in _paid_methods(state))
    items = account_items(state)

    def cell(name: str) -> Found:
        return Found(items, lambda v: judged_account(v, f"{path}.{name}", state), none=NONE)

    said = (state.say("init_accounts_said"),)
    held = state.say("init_held")
    kind = Table(rows, cell, kept=before, none_text=held, words=search_words(state))
    more = state.say("init_accounts_more")
    return Question(path, state.say("init_accounts"), kind, said, more)


def _account_row(method: MethodInUse, before: dict[str, int], cash: set[str], state: State) -> Row:
    told = state.say("init_method", name=method.title or method.id, n=method.orders)
    label = f"{method.id} ({told})"
    if method.id in before:
        return Row(method.id, label, before[method.id])
    if state.scripted:
        # No guess where nobody sees it: a script names the account, or one for all the rest.
        return Row(method.id, label, NONE if state.before("payments.bank_account") else None)
    if method.id in cash:
        return Row(method.id, label, cash_account(state))
    return Row(method.id, label, suggested_account(method, state))


def _cash_methods(state: State) -> set[str]:
    types, default = state.value("payments.types"), state.value("payments.default_type")
    return {m.id for m in _paid_methods(state) if types.get(m.id, default) == "cash"}


def _bank_account(state: State) -> Question:
    path = "payments.bank_account"
    kind = Found(
        account_items(state),
        lambda value: judged_account(value, path, state),
        state.before(path, NONE) or NONE,
        none=NONE,
        more=state.say("init_more_found", n="{n}"),
    )
    said = (state.say("init_bank_account_said"),)
    return Question(path, state.say("init_bank_account"), kind, said)


# -- 7 to 12: freight, discounts, numbers ----------------------------------------------------------


def _freight(state: State) -> Question:
    return product_question(state, Role.FREIGHT)


def _freight_text(state: State) -> Question:
    path = "shipping.description"
    used = state.shop.freight if state.shop else ()
    names = "; ".join(f"{one.name} ({one.orders})" for one in used[:5])
    said = [state.say("init_freight_text_said")]
    said += [state.say("init_freight_used", names=names)] if names else []
    kind = text(state, path)
    return numbered(state, path, kind, *said, more=state.say("init_text_more"))


def _discount(state: State) -> Question:
    return product_question(state, Role.DISCOUNT, state.say("init_discount_said"))


def _discount_text(state: State) -> Question:
    path = "discounts.description"
    kind = text(state, path)
    said, more = state.say("init_discount_text_said"), state.say("init_text_more")
    return numbered(state, path, kind, said, more=more)


def _prefix(state: State) -> Question:
    path = "orders.number_prefix"
    kind = text(state, path)
    said, more = state.say("init_prefix_said"), state.say("init_prefix_more")
    return numbered(state, path, kind, said, more=more)


def _about_prefix(state: State) -> list[str]:
    """Say so where another shop's orders in this company begin with the same prefix."""
    prefix, ours = state.value("orders.number_prefix"), f"woo-{shop_hash(state.settings())}-"
    others = [
        reference
        for reference, matching in state.references
        if prefix and reference.startswith(prefix) and not matching.startswith(ours)
    ]
    numbered_so = [one for one in others if one.removeprefix(prefix)[:1].isdigit()]
    if not numbered_so:
        return []
    return [state.say("init_prefix_taken", prefix=prefix, example=numbered_so[0])]


def _transfer_vat(state: State) -> Question:
    path = "discounts.transfer_vat"
    no, yes = state.say("init_transfer_no"), state.say("init_transfer_yes")
    kind = yes_or_no(state, path, no, yes, default=True)
    return numbered(state, path, kind, more=state.say("init_transfer_more"))


# -- 13 --------------------------------------------------------------------------------------------


def _companies(state: State) -> Question:
    path = "customers.companies_as_private"
    no, yes = state.say("init_companies_no"), state.say("init_companies_yes")
    kind = yes_or_no(state, path, no, yes, default=False)
    return numbered(state, path, kind, more=state.say("init_companies_more"))


def _new_fields(state: State) -> list[str]:
    known = state.value("customers.org_number_fields")
    used = state.shop.org_number_fields if state.shop else ()
    return [one.name for one in used if one.name not in known]


def _org_fields(state: State) -> Question:
    path = "customers.org_number_fields"
    known = list(state.existing.get(path, default_of(path)))
    used = state.shop.org_number_fields if state.shop else ()
    choices = [
        Choice(one.name, one.name, state.say("init_n_orders", n=one.orders))
        for one in used
        if one.name not in known
    ]
    chosen = [c.value for c in choices if c.value in state.before(path, ())]

    def check(chosen: Sequence[str]) -> list[str]:
        return [*known, *(name for name in chosen if name not in known)]

    kind = some_of(choices, chosen, check)
    said = (state.say("init_org_fields_said"),)
    return Question(path, state.say("init_org_fields"), kind, said)


THIRTEEN = (
    Step("woocommerce.statuses", _statuses),
    Step("orders.write_number_to", _write_number_to),
    Step("invoices.create", _create, notes=_about_sending),
    Step("invoices.when", _when),
    Step("payments.register", _register, notes=_about_vouchers),
    Step("payments.default_type", _default_type),
    Step("payments.unpaid_methods", _unpaid, lambda state: _registers(state) and bool(
        methods_in_use(state))),
    Step("payments.types", _cash, _may_be_cash, notes=_about_vouchers),
    Step("payments.accounts", _accounts, lambda state: _registers(state) and bool(
        _paid_methods(state))),
    Step("payments.bank_account", _bank_account, _registers),
    Step("shipping.product", _freight),
    rates_step(Role.FREIGHT, "init_freight_rates"),
    Step("shipping.description", _freight_text),
    Step("discounts.product", _discount),
    Step("discounts.description", _discount_text),
    Step("orders.number_prefix", _prefix, notes=_about_prefix),
    Step("discounts.transfer_vat", _transfer_vat),
    rates_step(Role.DISCOUNT, "init_discount_rates"),
    Step("customers.companies_as_private", _companies),
    Step("customers.org_number_fields", _org_fields, lambda state: bool(
        not state.value("customers.companies_as_private") and _new_fields(state))),
)  # fmt: skip
