"""Nexi Checkout: answers of its reporting interface. (Its file was not seen, and is refused.)

Fees stand without their VAT, or with it: which, no source says, so the sum decides.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from woo2po.payouts.payout import Fault, Kind, Payout, Row, compared, day_of, whole

PROVIDER = "nexi"
_ACTIONS = {"CHARGE": (Kind.CAPTURE, 1), "REFUND": (Kind.REFUND, -1), "DEPOSIT": (Kind.TOP_UP, 1)}


def api(documents: Sequence[Any]) -> Iterator[Payout]:
    """Yield the payouts of lists and single answers; one with its rows goes before one without."""
    payouts: dict[str, Mapping[str, Any]] = {}
    for document in documents:
        listed = document if isinstance(document, list) else document.get("payouts") or [document]
        for one in listed:
            if one["id"] not in payouts or "paymentActions" in one:
                payouts[one["id"]] = one
    return map(_payout, payouts.values())


def _payout(said: Mapping[str, Any]) -> Payout:
    rows: list[Row] = []
    actions = said.get("paymentActions") or ()
    for one in actions:
        told, amount = str(one["paymentAction"]).upper(), whole(one["amount"])
        kind, sign = _ACTIONS.get(told, (Kind.UNKNOWN, 1))
        ids, day = (str(one["paymentId"]), str(one["id"])), day_of(one["timestamp"])
        number = str(one.get("reference") or "")
        rows.append(Row(kind, sign * abs(amount), one["id"], ids, number, day, told=told))
    net, fees, tax = (whole(said.get(name) or 0) for name in ("amount", "fees", "feeTaxAmount"))
    moved, day = sum(row.amount for row in rows), day_of(said["date"])
    if moved - fees == net != moved - fees - tax:
        fees -= tax  # they stood with it
    rows += [Row(Kind.FEE, -fees, f"{said['id']} fees", day=day)] if fees else []
    rows += [Row(Kind.FEE_VAT, -tax, f"{said['id']} tax", day=day)] if tax else []
    faults: tuple[Fault, ...] = ()
    if actions:
        for what, kind in (("charged", Kind.CAPTURE), ("refunded", Kind.REFUND)):
            found = abs(sum(row.amount for row in rows if row.kind is kind))
            faults += compared(kind, abs(whole(said[f"{what}Amount"])), found)
    elif net or fees:
        faults = (Fault("payout_without_rows"),)
    return Payout(
        PROVIDER, said["id"], said["id"], net, day, said["currency"], said["reference"], rows=rows,
        faults=faults,
    )  # fmt: skip
