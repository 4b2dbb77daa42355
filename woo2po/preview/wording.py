"""What is said of a preview, in a language; how it looks is no matter here. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from woo2po.documents import InvoiceWanted, PaymentWanted
from woo2po.holds import Hold, Skip
from woo2po.messages import remedies, remedy, say
from woo2po.messages.message import Language, to_type, word
from woo2po.money import ZERO, Fact
from woo2po.preview.sums import Count, RateSum, Sums
from woo2po.preview.values import Becomes, Buyer, Foretold
from woo2po.report import day_said, kroner, percent


def becomes_said(becomes: Becomes, language: Language) -> str:
    """Return what becomes of an order, in a word or two."""
    return word(becomes, language, "becomes")


def said_of(order: Foretold, language: Language) -> str:
    """Return what becomes of an order in a few words; "" where it is only held or skipped."""
    if order.said is not None:
        return say(order.said.code, language, order.said.facts)
    if order.is_made and order.buyer is not None:
        known, number = order.buyer.known, str(order.buyer.number)
        return word(known, language, "customers").format(number=number) if known else ""
    return "" if order.reason is not None else say("preview_waits", language)


def kind_said(buyer: Buyer, language: Language) -> str:
    """Return whether it is a private person's order or a company's."""
    return word("person" if buyer.is_person else "company", language)


def invoice_said(one: Foretold, wanted: InvoiceWanted, language: Language) -> str:
    """Return when an order is invoiced, or the day of a credit note."""
    code = "preview_invoice" if one.refund is None else "preview_dated"
    said = say(code, language, {"day": day_said(wanted.day, language)})
    if wanted.moved_from is None:
        return said
    moved = say("preview_moved", language, {"day": day_said(wanted.moved_from, language)})
    return f"{said} {moved}"


def payment_said(
    one: Foretold, payment: PaymentWanted, language: Language, *, brief: bool = False
) -> str:
    """Return what is posted; where no invoice stands yet, only once there is one.

    `brief`: on which account alone.
    """
    facts = {
        "day": day_said(payment.day, language),
        "account": str(payment.account_no),
        "amount": kroner(abs(payment.amount), language),
    }
    code = "preview_payback" if payment.amount < ZERO else "preview_payment"
    said = say("preview_pays" if brief else code, language, facts)
    return said if one.is_invoiced else f"{said}, {say('preview_later', language)}"


def told(one: Foretold, language: Language) -> tuple[str, str, str]:
    """Return in a few words whose an order is and what becomes of it, of its invoice, its payment.

    Any of them may be "". Days and amounts that are the order's own are not said again.
    """
    said = "" if one.refund is not None else said_of(one, language)
    if said and one.is_made and one.said is None and one.buyer is not None:
        said = f"{said} ({kind_said(one.buyer, language)})"
    invoice = say("preview_stays_draft", language) if one.stays_draft else ""
    if one.invoice is not None:
        wanted = one.invoice
        own = one.refund is None and wanted.moved_from is None and wanted.day == one.day
        then = say("preview_invoiced_then", language)
        invoice = then if own else invoice_said(one, wanted, language)
    if one.payment is None:
        return said, invoice, ""
    brief = one.refund is None and (one.payment.amount, one.payment.day) == (one.total, one.day)
    return said, invoice, payment_said(one, one.payment, language, brief=brief)


def credit_note_said(note: Foretold, language: Language) -> str:
    """Return what a credit note is for."""
    code = "preview_credit_note" if note.refund else "preview_credit_whole"
    return say(code, language, {"refund": str(note.refund)})


def _facts(facts: Mapping[str, Fact], language: Language, number: str = "") -> dict[str, Fact]:
    """Return facts with their days as the language writes them, and the order's number to type."""
    said: dict[str, Fact] = {
        name: day_said(fact, language) if isinstance(fact, date) else fact
        for name, fact in facts.items()
    }
    return {**said, "order": to_type(number)} if number else said


def reason_said(reason: Hold | Skip, language: Language, number: str) -> tuple[str, str]:
    """Return why something is held or skipped, and what to do about it (or "")."""
    facts = _facts(reason.facts, language, number)
    return say(reason.code, language, facts), remedy(reason.code, language, facts)


@dataclass(slots=True)
class HeldFor:
    """What is held for one reason: the orders (with their part that is held) of each sentence.

    `do` is for an accountant or shop owner, `run` for whoever runs the job.
    """

    do: str
    run: str
    said: dict[str, list[tuple[Foretold, Foretold]]] = field(default_factory=dict)
    count: Count = field(default_factory=Count)


def held_by_reason(orders: Iterable[Foretold], language: Language) -> list[HeldFor]:
    """Return what is held by its reason, that of most orders first."""
    groups: dict[tuple[str, str, str], HeldFor] = {}
    for order, one in ((whole, one) for whole in orders for one in whole.parts):
        if isinstance(one.reason, Hold):
            facts = _facts(one.reason.facts, language)
            both = remedies(one.reason.code, language, facts)
            group = groups.setdefault((one.reason.code, *both), HeldFor(*both))
            group.said.setdefault(say(one.reason.code, language, facts), []).append((order, one))
            group.count.add(one.currency, one.total)
    return sorted(groups.values(), key=lambda group: -group.count.n)


def amounts(totals: Mapping[str, Decimal], language: Language) -> str:
    """Return sums in one or more currencies, kroner without a name."""
    ordered = sorted(totals.items(), key=lambda one: (one[0] != "NOK", one[0]))
    said = (f"{kroner(sum_, language)} {'' if name == 'NOK' else name}" for name, sum_ in ordered)
    between = "; " if language == "nb" else ", "  # a comma stands in the Norwegian figures already
    return between.join(one.rstrip(" ") for one in said) or kroner(ZERO, language)


def rates_said(
    rates: Iterable[tuple[Decimal, RateSum]], language: Language
) -> list[tuple[str, RateSum]]:
    """Return sums with their rates in words; where there are several, their sum last."""
    whole, said = RateSum(), list[tuple[str, RateSum]]()
    for rate, one in rates:
        whole.add(one)
        said.append((percent(rate, language), one))
    return [*said, (word("sum", language), whole)] if len(said) > 1 else said


def conclusion(sums: Sums, language: Language) -> str:
    """Return what a preview comes to."""
    if not sums.n:
        return say("preview_nothing", language)
    held, waiting = sums.outcomes[Becomes.HELD], sums.outcomes[Becomes.WAITING]
    if held:
        code = "preview_some_held"
    elif not sums.gone.n:
        code = "preview_none_go"
    else:
        code = "preview_all_go" if sums.gone.n == sums.n else "preview_some_go"
    counts = {"n": str(sums.n), "go": str(sums.gone.n), "held": str(held)}
    sentences = [say(code, language, {**counts, "total": amounts(sums.gone.totals, language)})]
    if sums.given_back.n:
        back = {name: -amount for name, amount in sums.given_back.totals.items()}
        sentences.append(say("preview_give_back", language, {"total": amounts(back, language)}))
    if waiting:
        sentences.append(say("preview_some_wait", language, {"n": str(waiting)}))
    return " ".join(sentences)


def notes(sums: Sums, language: Language) -> Sequence[str]:
    """Return what else there is to know of the sums."""
    later: dict[str, Decimal] = {}
    for (currency, _), posted in sums.accounts.items():
        later[currency] = later.get(currency, ZERO) + posted.later
    said = [say("preview_how", language)]
    if any(later.values()):
        said.append(say("preview_posted_later", language, {"amount": amounts(later, language)}))
    if sums.with_line:
        said.append(say("preview_with_line", language, {"n": str(sums.with_line)}))
    if sums.unsure:
        said.append(say("preview_unsure_count", language, {"n": str(sums.unsure)}))
    return said
