"""State databases of earlier versions are carried over: each goes on where it was put away.

How they were made is told in carried/stage.py. What is expected was written down by the version
that made them, going on with its own databases; but that a draft which is invoiced on a later day
than its order was completed is told the day of delivery.
"""

import sqlite3
from collections import Counter
from pathlib import Path

import pytest
from carried.stage import HERE, as_database, staged, written_down

from woo2po.store import Store

NAMES = sorted(path.stem for path in HERE.glob("*.sql"))
IN_THEM = {
    "month": {
        "draft", "invoice", "2nd generation", "cancelled", "skipped", "noted", "refund",
        "credit note of a cancelled order", "payment due", "payment made", "hold with facts",
        "refund held", "send_invoice open", "create_sales_order refused",
    },
    "privileges": {"waits send_privilege", "waits voucher_privilege", "payment due"},
    "by-hand": {"waits person", "payment made", "credit note of a cancelled order"},
    "lost": {"found there before", "in the queue", "2nd generation", "refund"},
    "first": {
        "draft", "skipped", "hold with facts", "create_customer open", "create_sales_order open",
        "change_line open", "delete_draft open", "version 1",
    },
}  # fmt: skip
EVERY_WRITE = {
    "create_customer", "create_delivery_address", "create_product", "create_sales_order",
    "add_line", "change_line", "delete_line", "change_header", "delete_draft", "send_invoice",
}  # fmt: skip
UNANSWERED = {f"{kind} open" for kind in EVERY_WRITE} | {"voucher open", "payment in_voucher"}


@pytest.mark.parametrize("name", NAMES)
def test_a_database_of_then_goes_on_where_it_was(name: str, tmp_path: Path) -> None:
    """The same documents, payments and holds as with the version that made it, each once."""
    told = written_down(name)
    stage = staged(name, tmp_path)
    for acts, expected in zip(told["then"], told["expected"], strict=True):
        found = stage.goes_on(acts)
        for what in expected | found:
            assert found.get(what) == expected.get(what), what
        assert "writes of the last run" not in found
    references = Counter(
        line.split()[0] for kind in ("drafts", "invoices") for line in stage.last[kind].elements()
    )
    assert max(references.values()) == 1, references.most_common(3)


@pytest.mark.parametrize("name", NAMES)
def test_looking_at_it_changes_nothing(name: str, tmp_path: Path) -> None:
    """`status` between an upgrade and the next run shows what it is, and leaves it as it is."""
    database = tmp_path / "then.db"
    as_database((HERE / f"{name}.sql").read_text("utf-8"), database)
    before = database.read_bytes()
    with Store.open(database, read_only=True) as store:
        assert list(store.everything())
    assert database.read_bytes() == before


@pytest.mark.parametrize("name", NAMES)
def test_it_is_left_in_the_middle(name: str, tmp_path: Path) -> None:
    """What the databases are there for stands in them: else nothing would be carried over."""
    as_database((HERE / f"{name}.sql").read_text("utf-8"), tmp_path / "then.db")
    with sqlite3.connect(tmp_path / "then.db") as connection:
        found = set(_found(connection))
    connection.close()
    wanted = UNANSWERED if name.startswith("unanswered") else IN_THEM[name]
    assert wanted <= found, wanted - found


def _found(connection: sqlite3.Connection) -> list[str]:
    """Return what stands in a database of then, in words."""
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    columns = {row[1] for row in connection.execute("PRAGMA table_info(orders)")}
    where = {
        "in the queue": "todo = 1",
        "draft": "sales_order_id <> '' AND invoice_no IS NULL",
        "invoice": "invoice_no IS NOT NULL",
        "cancelled": "cancelled = 1",
        "skipped": "skip_code <> ''",
        "noted": "notes <> '[]'",
        "hold with facts": "hold_code <> '' AND hold_facts <> '{}'",
    }
    later = {
        "2nd generation": "generation = 2 AND sales_order_id <> ''",
        "refund": "parent_id IS NOT NULL AND order_id > 0 AND invoice_no IS NOT NULL",
        "refund held": "parent_id IS NOT NULL AND order_id > 0 AND hold_code <> ''",
        "credit note of a cancelled order": "order_id < 0 AND sales_order_id <> ''",
        "payment due": "payment = 'due' AND invoice_no IS NOT NULL",
    }
    if "parent_id" in columns:
        where |= later
    asked = [
        *(f"SELECT '{name}' FROM orders WHERE {what}" for name, what in where.items()),  # noqa: S608
        "SELECT kind || ' ' || outcome FROM writes",
        "SELECT 'found there before' FROM documents_found",
    ]
    if "parent_id" in columns:
        asked += [
            "SELECT 'voucher open' FROM vouchers WHERE outcome = 'open'",
            "SELECT 'waits ' || waits FROM orders WHERE waits <> ''",
            "SELECT 'payment ' || payment FROM orders WHERE payment <> ''",
        ]
    found = [row[0] for sql in asked for row in connection.execute(sql)]
    return [f"version {version}", *found]
