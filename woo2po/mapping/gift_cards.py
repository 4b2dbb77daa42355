"""Gift cards: a sold one is owed to its holder, a used one pays; neither is a sale with VAT.

The keys are those of the plugins ("WooCommerce in the wild", points 22 to 24). A card's code is
money: no code goes into a text, a fact or a reference.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal, InvalidOperation

from woo2po.documents import Note
from woo2po.mapping.paid import Paid
from woo2po.mapping.texts import GIFT_CARD_USED_TEXT
from woo2po.mapping.values import Entry, Part, Room, hold
from woo2po.mapping.vat import Chooser
from woo2po.money import ZERO, kroner, round_ore
from woo2po.order import Line, Order
from woo2po.settings import Settings

KEY = "gift_cards.product"
SOLD_META = frozenset({"pw_gift_card_number", "pw_gift_card_amount", "wc_gc_giftcard_code",
                       "wc_gc_giftcard_amount", "_ywgc_gift_card_code",
                       "izettle_gift_card"})  # fmt: skip


def is_sold(line: Line, settings: Settings) -> bool:
    """Tell whether a product line sells a gift card: by its SKU, or by a plugin's meta."""
    if line.kind != "product":
        return False
    by_plugin = any(meta.key in SOLD_META and meta.value for meta in line.meta_data)
    return by_plugin or (line.sku != "" and line.sku in settings.gift_cards.skus)


def without_codes(order: Order, settings: Settings) -> Order:
    """Return the order with fees that bear the name of a gift card called by that name alone.

    Plugins write the card's code into the fee's name.
    """
    lines = [line.model_copy(update={"name": _name_of_card(line, settings) or line.name})
             for line in order.lines]  # fmt: skip
    return order.model_copy(update={"lines": tuple(lines)})


def is_named(line: Line, settings: Settings) -> bool:
    """Tell whether a fee bears the name of a gift card."""
    return _name_of_card(line, settings) != ""


def _name_of_card(line: Line, settings: Settings) -> str:
    names = settings.gift_cards.fee_names if line.kind == "fee" else ()
    name = line.name.casefold()
    return next((known for known in names if known and known.casefold() in name), "")


def is_used(part: Part, settings: Settings) -> bool:
    """Tell whether a fee is a used gift card: negative, so named, and without VAT."""
    return is_named(part.line, settings) and part.net < 0 and not part.rate.percent


def check_sold(part: Part) -> None:
    """Raise Stopped (a Hold) if a gift card was sold with VAT."""
    if part.rate.percent or part.vat:
        raise hold("gift_card_with_vat", line=part.line.name, vat=kroner(part.vat))


def visible(order: Order) -> tuple[Decimal, ...]:
    """Return the amounts (kroner) of the used cards that the order names outside its lines."""
    if order.gift_cards:
        return tuple(card.amount for card in order.gift_cards if card.amount > 0)
    applied = order.meta("_ywgc_applied_gift_cards")
    if order.meta("ywgc_gift_card_updated_as_fee") or not isinstance(applied, Mapping):
        return ()
    read = (_amount(value) for value in applied.values())
    return tuple(amount for amount in read if amount > 0)


def _amount(value: object) -> Decimal:
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        return ZERO
    return amount if amount.is_finite() else ZERO


def used(
    paid: Paid, named: Sequence[Decimal], settings: Settings
) -> tuple[tuple[Decimal, ...], tuple[Note, ...]]:
    """Return the amounts that cards paid beside the lines, and a Note where one was inferred.

    `named` are the cards that the order names. They count if they are what the lines exceed
    the total by; if the lines are the total, a plugin has counted them among the lines already.
    Raises Stopped (a Hold) where the lines exceed the total for a reason that nothing shows.
    """
    if abs(paid.gap - sum(named, ZERO)) <= paid.rounding:
        return tuple(named), ()
    if abs(paid.gap) <= paid.rounding:
        return (), ()
    sums = {"lines": kroner(paid.lines), "total": kroner(paid.total)}
    if paid.gap < 0 or named:
        cards = kroner(sum(named, ZERO))
        raise hold("lines_do_not_sum", **sums, cards=cards, bound=kroner(paid.rounding))
    card = paid.gap.quantize(Decimal(1)) if paid.whole_kroner else round_ore(paid.gap)
    sums["difference"] = kroner(card)
    if settings.gift_cards.hidden == "hold":
        raise hold("total_below_lines", **sums)
    return (card,), (Note("gift_card_inferred", sums),)


def entries(cards: Sequence[Decimal], settings: Settings, chooser: Chooser) -> list[Entry]:
    """Return a line per used card: negative, without VAT, on the gift-card product."""
    if not cards:
        return []
    carrier = chooser.without_vat(KEY, settings.gift_cards.product)
    return [
        Entry(f"gift-card-{n}", GIFT_CARD_USED_TEXT, carrier, Decimal(1), -card, -card, Room.NONE)
        for n, card in enumerate(cards, 1)
    ]
