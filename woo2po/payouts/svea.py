"""Svea Checkout: its report of a day, in kroner. The day stands in the file's name alone.

VAT on fees stands apart. What is paid is nominal less fees and their VAT, and what Svea carries on.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from woo2po.payouts.payout import Fault, Kind, Payout, Row, compared, day_of, ore_of

PROVIDER = "svea"
_TYPES = {"Order": Kind.CAPTURE, "Credit": Kind.REFUND, "Cost": Kind.FEE}


def api(document: Mapping[str, Any], name: str) -> Iterator[Payout]:
    """Yield the payouts of a day; `name` is the file's, with the day in it."""
    named = re.search(r"\d{4}-\d\d-\d\d", name)
    for client in document["clientReports"]:
        head, rows = client["paymentReport"], []
        for one in client["rows"]:
            if str(one["rowType"]).endswith("BalanceDebt"):
                continue  # in the head too
            kind = _TYPES.get(one["rowType"], Kind.UNKNOWN)
            amount, fee = ore_of(one["nominalAmount"]), ore_of(one["totalFeeAmountExcludingVat"])
            vat = ore_of(one["totalFeeVatAmount"])
            ref = f"{one['rowType']} {one.get('sveaOrderNo')} {one.get('deliveryId')}"
            day, number = day_of(one["orderDate"]), str(one.get("externalOrderNo") or "")
            ids = (str(one.get("sveaCheckoutId") or ""),)
            rows.append(Row(kind, amount, ref, ids, number, day, fee, one["rowType"]))
            rows += [Row(Kind.FEE_VAT, -vat, f"{ref} vat", day=day)] if vat else []
        net = ore_of(head["sveaPaidAmountIncludingWithholding"])
        # A debt is what the merchant owes Svea: a balance below 0.
        opening, closing = (-ore_of(head[f"{at}BalanceDebt"]) for at in ("opening", "closing"))
        fees = sum(row.fee for row in rows)
        faults = compared("fee", ore_of(head["feeAmountExcludingVat"]), fees)
        faults += () if named else (Fault("payout_no_day", {"file": name}),)
        key = f"{client['clientId']} {named[0] if named else ''}".strip()
        yield Payout(
            PROVIDER, key, key, net, day_of(named[0]) if named else None, head["currency"], key,
            str(client["clientId"]), "", rows, opening, closing, faults,
        )  # fmt: skip
