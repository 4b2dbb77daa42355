"""Orders as the field sends them, built after public reports, and a live WooCommerce 11's answers.

What is right for each stands in recorded/field.toml. They go as single orders that are invoiced
and paid, with what happened to them afterwards in its steps; together as drafts; and together in
every way in which PowerOffice may round.
"""

import json
import tomllib
from collections.abc import Mapping
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from stories import INVOICED, PAID, balances
from summary import Document
from thoroughly import thorough
from world import World

HERE = Path(__file__).parent / "recorded"
FIELD = json.loads((HERE / "field.json").read_text("utf-8"))
RIGHT: Mapping[str, Any] = tomllib.loads((HERE / "field.toml").read_text("utf-8"))
NOW = datetime(2026, 11, 30, 12, 0, tzinfo=UTC)
SHOP: dict[str, Any] = {"orders_from": "2026-01-01", "statuses": ["processing", "on-hold"]}
MONEY: dict[str, Any] = {**PAID, "bank_account": 1920}
ORE = Decimal("0.01")


def sold(name: str) -> dict[str, Any]:
    """Return an order whole: what is usual, and its own."""
    usual, own = FIELD["usual"], FIELD["orders"][name]["order"]
    places = (key for key in ("billing", "shipping") if isinstance(own.get(key), dict))
    return {**usual, **own, **{key: {**usual[key], **own[key]} for key in places}}


def steps(name: str) -> list[tuple[dict[str, Any], list[Any]]]:
    """Return what the shop says of an order from step to step: it is refunded after it was sold."""
    entry, order = FIELD["orders"][name], sold(name)
    refunds = entry.get("refunds", [])
    told = [(order, refunds)]
    if refunds:
        before = "processing" if order["status"] == "refunded" else order["status"]
        told.insert(0, ({**order, "refunds": [], "status": before}, []))
    if "then" in entry:
        told.append(({**order, **entry["then"]}, refunds))
    return told


def world_of(folder: Path, **sections: Mapping[str, Any]) -> World:
    world = World(folder, woocommerce=SHOP, **sections)
    world.arrive_at(NOW)
    return world


@pytest.mark.parametrize("name", RIGHT)
def test_an_order_of_the_field_is_invoiced_paid_and_credited_or_held(name, tmp_path):
    """Each by itself and step by step; what is held says what the order's reader needs to know."""
    world = world_of(tmp_path, invoices=INVOICED, payments=MONEY)
    for order, refunds in steps(name):
        world.shop.put(order, refunds)
        world.settle()
        world.wait(600)
    order = sold(name)
    compare(world, name)
    unpaid = order["payment_method"] == "bacs" or not order["date_paid_gmt"]
    unpaid = unpaid or "open" in RIGHT[name]
    assert unpaid or sum(balances(world).values()) == 0
    told(world, name)


@pytest.mark.parametrize("rounding", ["drafts", "end", *thorough("line_net", "document")])
def test_the_orders_of_the_field_do_not_disturb_each_other(rounding, tmp_path):
    """All at once: as drafts for a person, and as invoices in each other way of rounding."""
    sections = {} if rounding == "drafts" else {"invoices": INVOICED, "payments": MONEY}
    world = world_of(tmp_path, **sections)
    if rounding != "drafts":
        world.faults.rounding = rounding  # type: ignore[assignment]
    for name in RIGHT:
        world.shop.put(*steps(name)[0])
    world.settle()
    for name, right in RIGHT.items():
        compare(world, name, invoices=rounding != "drafts", first=True)
        if "draft" not in right or rounding != "drafts":  # else it needs no day yet
            told(world, name, first=True)


def compare(world: World, name: str, *, invoices: bool = True, first: bool = False) -> None:
    """Compare the documents of an order with what is right; what is held is a draft at most."""
    right, reference = RIGHT[name], f"shop_{sold(name)['id']}"
    whole = world.books().documents
    documents = {d.reference: d for d in whole if d.reference.split("-")[0] == reference}
    goes = not right.get("skipped") and ("held" not in right or "credit" in right)
    if not goes and "draft" not in right:
        assert documents == {}
        return
    sale = documents.pop(reference)
    assert sale.invoiced == (goes and invoices)
    compare_sale(sale, right)
    credit = [] if first else right.get("credit", [])
    found = [(-d.total, -sum(amount for _, amount in d.vat)) for d in documents.values()]
    assert found == [(Decimal(total), Decimal(vat)) for total, vat in credit]
    assert all(d.invoice_day and sale.invoice_day and d.invoice_day >= sale.invoice_day
               for d in documents.values())  # fmt: skip


def compare_sale(sale: Document, right: Mapping[str, Any]) -> None:
    assert sale.total == Decimal(right.get("total", right.get("draft", "1398.00")))
    usual = {} if "total" in right and right["total"] != "1398.40" else {"25": "279.60"}
    vat = right.get("vat", usual)
    if vat:
        assert {f"{rate:f}".split(".")[0] for rate, amount in sale.vat if amount} == set(vat)
    for rate, amount in sale.vat:
        due = Decimal(vat.get(f"{rate:f}".split(".")[0], "0"))
        assert not vat or abs(amount - due) <= ORE * len(sale.lines)
    pieces = {product: quantity for _, product, quantity, _ in sale.lines}
    assert right.get("lines", {}).items() <= pieces.items()
    assert right.get("customer", "") in sale.customer
    assert sale.invoice_day is None or sale.invoice_day == right.get("day", sale.invoice_day)


def told(world: World, name: str, *, first: bool = False) -> None:
    """Compare why an order is held, and what is said of it, with what is right."""
    right, order = RIGHT[name], sold(name)
    ids = {order["id"], *(refund["id"] for refund in FIELD["orders"][name].get("refunds", []))}
    held = [one for one in world.rows_held() if one.order_id in ids]
    due = "" if first and "credit" in right else right.get("held", "")
    assert [one.code for one in held] == ([due] if due else [])
    for one in held:
        said = f"{one.reason} {one.remedy}"
        assert [part for part in right.get("says", ()) if part not in said] == []
        assert [part for part in right.get("never", ()) if part in said] == []
    if "notes" in right and not first:
        noted = [note.code for i in ids for note in world.record(i).notes]
        assert sorted(noted) == right["notes"]
