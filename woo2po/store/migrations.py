"""The tables of the state database, step by step. Imported only when a step is missing.

Money stands as whole øre, times as ISO text in UTC, and everything that is no id, amount,
hash, state or code stays out: no names, addresses or e-mails.
"""

import sqlite3
from decimal import Decimal

from sqlite_utils import Database, Migrations

from woo2po.money import to_ore

migrations = Migrations("woo2po")


def columns(said: str) -> dict[str, type]:
    """Return columns by name, "a, b int": text where nothing else is said."""
    pairs = (one.split() for one in said.split(","))
    return {name: int if kind else str for name, *kind in pairs}


@migrations()
def m001_orders_and_writes(db: Database) -> None:
    """Create everything that transferring sales orders needs."""
    db.table("meta").create(columns("key, value"), pk="key", strict=True)
    db.table("orders").create(
        columns(
            "order_id int, number, created, shop_status, reference, matching_reference, "
            "seen_hash, settled_hash, todo int, hold_code, hold_facts, held_at, held_settings, "
            "skip_code, skip_facts, cancelled int, customer_id int, delivery_address_id int, "
            "sales_order_id, sales_order_no int, invoice_no int, total_ore int, currency, "
            "wanted_digest, left_digest, notes"
        ),
        pk="order_id",
        not_null={"number", "reference", "matching_reference", "seen_hash", "todo"},
        defaults={
            "settled_hash": "",
            "todo": 1,
            "cancelled": 0,
            "sales_order_id": "",
            "currency": "",
            "wanted_digest": "",
            "left_digest": "",
            "notes": "[]",
        },
        strict=True,
    )
    db.table("orders").create_index(["reference"], unique=True)
    db.table("orders").create_index(["number"])
    db.table("orders").create_index(["todo"])
    db.table("writes").create(
        columns(
            "id int, order_id int, kind, reference, attempts int, first_attempt, last_attempt, "
            "since, outcome, remote_id"
        ),
        pk="id",
        not_null={"order_id", "kind", "reference", "attempts", "last_attempt", "outcome"},
        defaults={"remote_id": ""},
        strict=True,
    )
    db.table("writes").create_index(["order_id"])
    db.table("writes").create_index(["outcome"])
    db.table("customers").create(
        columns("reference, customer_id int, subledger_account_id int, has_addresses int"),
        pk="reference",
        not_null={"customer_id", "has_addresses"},
        defaults={"has_addresses": 0},
        strict=True,
    )
    db.table("delivery_addresses").create(
        columns("external_code, customer_id int, address_id int"),
        pk="external_code",
        not_null={"customer_id", "address_id"},
        strict=True,
    )
    db.table("documents_found").create(
        columns(
            "document_id, reference, matching_reference, order_no int, invoice_no int, "
            "total_ore int"
        ),
        pk="document_id",
        not_null={"reference", "matching_reference"},
        strict=True,
    )
    db.table("documents_found").create_index(["reference"])
    db.table("documents_found").create_index(["matching_reference"])
    db.table("catalogue").create(
        columns("part, read_at, body"), pk="part", not_null={"read_at", "body"}, strict=True
    )
    db.table("runs").create(
        columns("id int, started, ended, exit_code int, counts"),
        pk="id",
        not_null={"started"},
        defaults={"counts": "{}"},
        strict=True,
    )


@migrations()
def m002_what_follows_an_order(db: Database) -> None:
    """Add invoices, payments, refunds and cancellations."""
    orders = db.table("orders")
    for name, kind in (
        ("parent_id", int),
        ("generation", int),
        ("waits", str),
        ("payment", str),
        ("payment_body", str),
        ("invoice_equal", int),
    ):
        orders.add_column(name, kind)
    db.table("writes").add_column("said", str)
    orders.create_index(["parent_id"])
    orders.create_index(["payment"])
    orders.create_index(["waits"])
    db.table("vouchers").create(
        columns(
            "reference, kind, day, currency, orders, body, outcome, attempts int, last_attempt, "
            "remote_id, number int"
        ),
        pk="reference",
        not_null={"kind", "day", "currency", "orders", "body", "outcome", "attempts"},
        strict=True,
    )
    db.table("vouchers").create_index(["outcome"])


@migrations()
def m003_credit_notes_and_one_protocol(db: Database) -> None:
    """Give credit notes, which were orders of an order, a table of their own; let what became of
    a voucher stand where it stands for every other write.
    """
    common = columns(
        "reference, matching_reference, todo int, hold_code, hold_facts, held_at, "
        "held_settings, skip_code, skip_facts, waits, payment, payment_body, customer_id int, "
        "delivery_address_id int, sales_order_id, sales_order_no int, invoice_no int, "
        "invoice_equal int, total_ore int, currency, wanted_digest, left_digest, notes"
    )
    db.table("credit_notes").create(
        {**columns("id int, order_id int, refund_id int"), **common},
        pk="id",
        not_null={"order_id", "reference", "matching_reference", "todo"},
        defaults={
            "todo": 1,
            "sales_order_id": "",
            "currency": "",
            "wanted_digest": "",
            "left_digest": "",
            "notes": "[]",
        },
        strict=True,
    )
    names = ", ".join(common)
    db.execute(
        f"INSERT INTO credit_notes (id, order_id, refund_id, {names})"  # noqa: S608 (our names)
        f" SELECT order_id, parent_id, CASE WHEN order_id > 0 THEN order_id END, {names}"
        " FROM orders WHERE parent_id IS NOT NULL"
    )
    db.execute("DELETE FROM orders WHERE parent_id IS NOT NULL")
    for index in ("parent_id", "todo", "payment", "waits"):
        db.execute(f"DROP INDEX idx_orders_{index}")
    db.table("orders").transform(drop={"parent_id", "settled_hash"})
    db.table("credit_notes").create_index(["order_id"])
    db.table("credit_notes").create_index(["reference"], unique=True)
    # Letter by letter what is asked for (database.UNFINISHED), else the index is not used.
    unfinished = (
        "(todo = 1 OR hold_code > '' OR waits > '' OR (payment = 'due' AND invoice_no IS NOT NULL))"
    )
    for table, key in (("orders", "order_id"), ("credit_notes", "id")):
        db.execute(f"CREATE INDEX idx_{table}_unfinished ON {table} ({key}) WHERE {unfinished}")

    db.execute(
        "INSERT INTO writes (order_id, kind, reference, attempts, first_attempt, last_attempt,"
        " outcome, remote_id) SELECT 0, 'create_voucher', reference, attempts, last_attempt,"
        " last_attempt, outcome, coalesce(remote_id, '') FROM vouchers ORDER BY last_attempt"
    )
    db.execute("DROP INDEX idx_vouchers_outcome")
    db.table("vouchers").transform(drop={"outcome", "attempts", "last_attempt", "remote_id"})


@migrations()
def m004_captures(db: Database) -> None:
    """Add what is booked of an order's money so far, which was all of it or nothing until then.

    What is only to be posted is decided on anew, by the capture. So is the money of an order that
    was credited whole: where it was a reservation it is to be taken back.
    """
    for table, key in (("orders", "order_id"), ("credit_notes", "id")):
        db.table(table).add_column("booked_ore", int, not_null_default=0)
        made = f"SELECT {key}, payment_body, total_ore FROM {table} WHERE payment = 'made'"  # noqa: S608
        for id_, body, total in db.execute(made).fetchall():
            booked = to_ore(Decimal(body.split()[4])) if body else total or 0
            db.execute(f"UPDATE {table} SET booked_ore = ? WHERE {key} = ?", (booked, id_))  # noqa: S608
    posts = db.execute("SELECT 1 FROM orders WHERE payment > '' LIMIT 1").fetchall()
    if posts:
        db.execute("INSERT INTO meta (key, value) VALUES ('tell_of_captures', 'yes')")
    db.execute(
        "UPDATE orders SET payment = '', todo = CASE WHEN hold_code > '' THEN todo ELSE 1 END"
        " WHERE payment = 'due' AND skip_code IS NULL"
    )
    db.execute(
        "UPDATE orders SET todo = 1 WHERE payment = 'made' AND cancelled = 1 AND skip_code IS NULL"
        " AND order_id IN (SELECT order_id FROM credit_notes WHERE refund_id IS NULL"
        " AND invoice_no IS NOT NULL AND coalesce(payment, '') = '')"
    )


@migrations()
def m005_payouts(db: Database) -> None:
    """Add providers' payouts, each one voucher; what became of it stands with its write."""
    db.table("payouts").create(
        columns(
            "reference, provider, key, id, day, currency, net int, bank_reference, text, lines, "
            "rows, number int"
        ),
        pk="reference",
        not_null={"provider", "key", "day", "currency", "net", "lines", "rows"},
        strict=True,
    )
    db.table("payouts").create_index(["provider", "day"])


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables of an open database up to date; each step is one transaction."""
    migrations.apply(Database(connection, execute_plugins=False))
