"""Which VAT rate each line was charged with: read from the order itself, never from today's rates.

A line's `taxes` name the shop's rates by id, the order's `tax_lines` say what they are; the
amounts of `tax_lines` are noise ("Recorded from a real WooCommerce 10.0.2").
"""

import re
from collections.abc import Mapping
from decimal import Decimal

from woo2po.catalogue import Catalogue
from woo2po.mapping.values import Part, Rate, hold
from woo2po.money import ZERO, kroner, round_ore
from woo2po.order import Line, Order, Tax, TaxRate

# What VAT may differ from net x rate by and still be of that rate: a host may store it rounded.
SAME_VAT = Decimal("0.01")
# What nets worked back from VAT of six decimals may be off by.
NOISE = Decimal("0.0001")
NORWEGIAN = frozenset({"NO", "SJ", ""})


def rates_of(order: Order, catalogue: Catalogue) -> dict[int, Rate | None]:
    """Return the shop's rates on this order by id; None for one that cannot be told."""
    said = {tax.rate_id: tax for tax in order.tax_lines}
    used = {tax.id for line in order.lines for tax in line.taxes}
    return {id_: _rate(id_, said.get(id_), order, catalogue) for id_ in used}


def _rate(id_: int, said: TaxRate | None, order: Order, catalogue: Catalogue) -> Rate | None:
    if said is not None and said.rate_percent is not None:
        percent: Decimal | None = said.rate_percent
    else:
        percent = _rate_by_ratio(id_, order, catalogue)
    if percent is None:
        return None
    percent = percent.normalize() + ZERO
    return Rate(percent, _country(said.rate_code if said else "", order) if percent else "")


def _country(code: str, order: Order) -> str:
    """Return whose VAT it is: the code's first part, else that of the place of delivery."""
    named = re.match(r"([A-Z]{2})-", code)
    place = order.shipping.country or order.billing.country
    country = named.group(1) if named else place.strip().upper()
    return "" if country in NORWEGIAN else country


def _rate_by_ratio(id_: int, order: Order, catalogue: Catalogue) -> Decimal | None:
    """Find the rate of an old or imported order, which does not say it, from its amounts."""
    alone = [line for line in order.lines if [tax.id for tax in line.taxes] == [id_]]
    net = sum((line.subtotal for line in alone), ZERO)
    vat = sum((line.taxes[0].subtotal for line in alone), ZERO)
    known = {code.rate for code in catalogue.vat_codes.values() if code.rate > 0}
    near = [r for r in known if net > 0 and abs(net * r / 100 - vat) <= SAME_VAT * len(alone)]
    return near[0] if len(near) == 1 else None


def parts_of(
    line: Line, order: Order, rates: Mapping[int, Rate | None], by_total_tax: bool
) -> list[Part]:
    """Return the line as one part, or as a part per VAT rate where it was charged with several.

    `by_total_tax`: the VAT that sums to what was paid is the line's `total_tax`, not its `taxes`.
    Raises Stopped (a Hold) where no net amounts at known rates give the VAT that was charged.
    """
    if not line.taxes and line.total_tax:
        raise hold("vat_detail_missing", **_facts(line, line.total_tax))
    plain = _at_one_rate(line, rates, by_total_tax)
    if plain is not None:
        return [plain]
    compound = {tax.rate_id for tax in order.tax_lines if tax.compound}
    if len(line.taxes) > 1 and any(tax.id in compound for tax in line.taxes):
        raise hold("two_rates_at_once", **_facts(line, line.total_tax))
    return _divided(line, rates)


def _at_one_rate(line: Line, rates: Mapping[int, Rate | None], by_total_tax: bool) -> Part | None:
    charged = [tax for tax in line.taxes if tax.total or tax.subtotal] or list(line.taxes[:1])
    if len(charged) > 1:
        return None
    tax = charged[0] if charged else None
    rate = _known(line, rates.get(tax.id)) if tax else Rate(ZERO)
    vat = tax.total if tax else ZERO
    if abs(line.total * rate.percent / 100 - vat) > SAME_VAT:
        return None
    paid = line.total_tax if by_total_tax else vat
    list_vat = _list_vat(line, tax, rate, paid)
    return Part(line, str(line.id), rate, line.subtotal, list_vat, line.total, paid)


def _known(line: Line, rate: Rate | None) -> Rate:
    if rate is None:
        raise hold("rate_unknown", **_facts(line, line.total_tax))
    return rate


def _list_vat(line: Line, tax: Tax | None, rate: Rate, paid: Decimal) -> Decimal:
    """Return the VAT before discounts; hosts and old orders may lack it."""
    if line.subtotal == line.total:
        return paid
    reckoned = line.subtotal * rate.percent / 100
    stored = tax.subtotal if tax else ZERO
    return stored if abs(stored - reckoned) <= SAME_VAT else reckoned


def _divided(line: Line, rates: Mapping[int, Rate | None]) -> list[Part]:
    """Divide a line by its VAT: per rate the net amount that gives it, the rest without VAT.

    So comes a negative fee that the shop shared over the goods' rates, and freight at a
    weighted rate. A discount on such a line is not told apart: it goes at what was paid.
    """
    vats: dict[Rate, Decimal] = {}
    for tax in line.taxes:
        if tax.total:
            rate = _known(line, rates.get(tax.id))
            vats[rate] = vats.get(rate, ZERO) + tax.total
    shares = [(r, vat * 100 / r.percent, vat) for r, vat in vats.items() if r.percent]
    rest = line.total - sum((net for _, net, _ in shares), ZERO)
    inside = all(net * line.total > 0 for _, net, _ in shares)
    if not inside or len(shares) < len(vats) or (rest * line.total < 0 and abs(rest) > NOISE):
        code = "vat_does_not_fit" if len(vats) == 1 else "two_rates_at_once"
        raise hold(code, **_facts(line, sum(vats.values(), ZERO)))
    if abs(rest) > NOISE or not shares:
        shares.append((Rate(ZERO), rest, ZERO))
    else:
        rate, net, vat = shares[0]
        shares[0] = rate, net + rest, vat
    single = len(shares) == 1
    return [
        Part(line, str(line.id) if single else f"{line.id}-{rate}", rate, net, vat, net, vat)
        for rate, net, vat in shares
    ]


def check_detail(order: Order, gap: Decimal) -> None:
    """Raise Stopped (a Hold) if VAT was charged, yet no line says any and the sum shows it."""
    no_detail = order.total_tax > 0 and not any(line.taxes for line in order.lines)
    if no_detail and gap < -SAME_VAT:
        raise hold("vat_detail_missing", line="-", vat=kroner(order.total_tax))


def _facts(line: Line, vat: Decimal) -> dict[str, str]:
    return {"line": line.name, "net": kroner(round_ore(line.total)), "vat": kroner(round_ore(vat))}
