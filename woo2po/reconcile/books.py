"""What is booked, recognised as ours: by the matching reference, else by the reference. Pure."""

import re
from collections.abc import Iterable
from decimal import Decimal

from woo2po.booked import BookedDocument, Transaction
from woo2po.mapping import references
from woo2po.money import ZERO, to_ore
from woo2po.reconcile.values import Document, Movement, Rates, shared
from woo2po.settings import Settings

_WAY_OF_CANCELLED = -1


class Recogniser:
    """Tells whose document something booked is."""

    def __init__(self, settings: Settings) -> None:
        shop = re.escape(references.matching_reference(settings, 0).removesuffix("0"))
        prefix = re.escape(settings.orders.number_prefix)
        self._matching = re.compile(rf"{shop}(\d{{1,18}})(?:-(\d+))?(?:-.*)?")
        self._reference = re.compile(rf"{prefix}(\d{{1,18}})(?:-(\d+))?(?:-r(\d{{1,18}})|-(c))?")

    def document(self, seen: BookedDocument) -> Document | None:
        """Return a document of ours, or None for one that is somebody else's."""
        ours = self._matching.fullmatch(seen.matching_reference)
        named = self._reference.fullmatch(seen.reference)
        if ours is None and (named is None or seen.matching_reference):
            return None
        found = ours or named
        kind, refund = _kind(seen.reference)
        return _document(seen, int(found[1]) if found else 0, kind, refund, _generation(found))

    def bears_our_prefix(self, seen: BookedDocument) -> bool:
        """Tell whether a document that is not ours looks as if it were."""
        return self._reference.fullmatch(seen.reference) is not None

    def movement(self, posting: Transaction) -> Movement:
        """Return what was posted on a clearing account, with the order that it names."""
        named = self._reference.fullmatch(posting.description)
        order_id = int(named[1]) if named else 0
        refund = int(named[3] or 0) if named else 0
        if named and named[4]:
            refund = _WAY_OF_CANCELLED
        day = shared(posting.day)
        return Movement(posting.account_no, day, to_ore(posting.amount), order_id, refund)


def _kind(reference: str) -> tuple[str, int]:
    refund = re.search(r"-r(\d{1,18})$", reference)
    if refund:
        return "refund", int(refund[1])
    return ("whole", 0) if reference.endswith("-c") else ("sale", 0)


def _generation(found: re.Match[str] | None) -> int:
    return int(found[2]) if found and found[2] else 1


def by_hand(seen: BookedDocument, order_id: int) -> Document:
    """Return a credit note that somebody made of an invoice of ours."""
    return _document(seen, order_id, "hand", 0, 1)


def _document(
    seen: BookedDocument, order_id: int, kind: str, refund: int, generation: int
) -> Document:
    return Document(
        id=seen.id,
        order_id=order_id,
        kind=kind,
        refund_id=refund,
        generation=generation,
        invoice_no=seen.invoice_no,
        day=shared(seen.day),
        total=to_ore(seen.total),
        net=to_ore(seen.net),
        currency=shared(seen.currency),
        balance=None if seen.balance is None else to_ore(seen.balance),
    )


def rates_of(postings: Iterable[tuple[Decimal | None, Decimal, Decimal | None]]) -> Rates:
    """Return the rates of a document from its lines or postings: percent, net, VAT (kroner)."""
    sums: dict[Decimal, list[Decimal]] = {}
    for percent, net, vat in postings:
        under = sums.setdefault(percent if vat and percent else ZERO, [ZERO, ZERO])
        under[0] += net
        under[1] += vat or ZERO
    whole = ((p, to_ore(net), to_ore(vat)) for p, (net, vat) in sorted(sums.items()))
    rates = tuple(one for one in whole if one[1] or one[2])
    taxed = [one for one in rates if one[0]]
    return (*taxed, *(one for one in rates if not one[0]))


def fits(rates: Rates, document: Document) -> bool:
    """Tell whether VAT that a list gives is that of a document: net and VAT sum to its own."""
    net, vat = sum(one[1] for one in rates), sum(one[2] for one in rates)
    return net == document.net and vat == document.total - document.net
