"""The tables of the state database, step by step. Imported only when a step is missing.

Money stands as whole øre, times as ISO text in UTC, and everything that is no id, amount,
hash, state or code stays out: no names, addresses or e-mails.
"""

import sqlite3
from decimal import Decimal

from sqlite_utils import Database, Migrations

from woo2po.money import to_ore

migrations = Migrations("woo2po")


_FIRST_TABLES = """\
CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT) STRICT

CREATE TABLE orders (
    order_id INTEGER PRIMARY KEY, number TEXT NOT NULL, created TEXT, shop_status TEXT,
    reference TEXT NOT NULL, matching_reference TEXT NOT NULL, seen_hash TEXT NOT NULL,
    settled_hash TEXT DEFAULT '', todo INTEGER NOT NULL DEFAULT 1, hold_code TEXT,
    hold_facts TEXT, held_at TEXT, held_settings TEXT, skip_code TEXT, skip_facts TEXT,
    cancelled INTEGER DEFAULT 0, customer_id INTEGER, delivery_address_id INTEGER,
    sales_order_id TEXT DEFAULT '', sales_order_no INTEGER, invoice_no INTEGER,
    total_ore INTEGER, currency TEXT DEFAULT '', wanted_digest TEXT DEFAULT '',
    left_digest TEXT DEFAULT '', notes TEXT DEFAULT '[]'
) STRICT

CREATE TABLE writes (
    id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, kind TEXT NOT NULL,
    reference TEXT NOT NULL, attempts INTEGER NOT NULL, first_attempt TEXT,
    last_attempt TEXT NOT NULL, since TEXT, outcome TEXT NOT NULL, remote_id TEXT DEFAULT ''
) STRICT

CREATE TABLE customers (
    reference TEXT PRIMARY KEY, customer_id INTEGER NOT NULL, subledger_account_id INTEGER,
    has_addresses INTEGER NOT NULL DEFAULT 0
) STRICT

CREATE TABLE delivery_addresses (
    external_code TEXT PRIMARY KEY, customer_id INTEGER NOT NULL, address_id INTEGER NOT NULL
) STRICT

CREATE TABLE documents_found (
    document_id TEXT PRIMARY KEY, reference TEXT NOT NULL, matching_reference TEXT NOT NULL,
    order_no INTEGER, invoice_no INTEGER, total_ore INTEGER
) STRICT

CREATE TABLE catalogue (part TEXT PRIMARY KEY, read_at TEXT NOT NULL, body TEXT NOT NULL) STRICT

CREATE TABLE runs (
    id INTEGER PRIMARY KEY, started TEXT NOT NULL, ended TEXT, exit_code INTEGER,
    counts TEXT DEFAULT '{}'
) STRICT"""


@migrations()
def m001_orders_and_writes(db: Database) -> None:
    """Create everything that transferring sales orders needs."""
    for table in _FIRST_TABLES.split("\n\n"):
        db.execute(table)
    db.table("orders").create_index(["reference"], unique=True)
    for table, columns in (
        ("orders", ("number", "todo")),
        ("writes", ("order_id", "outcome")),
        ("documents_found", ("reference", "matching_reference")),
    ):
        for column in columns:
            db.table(table).create_index([column])


@migrations()
def m002_what_follows_an_order(db: Database) -> None:
    """Add invoices, payments, refunds and cancellations."""
    orders = db.table("orders")
    for name in ("waits", "payment", "payment_body"):
        orders.add_column(name, str)
    for name in ("parent_id", "generation", "invoice_equal"):
        orders.add_column(name, int)
    db.table("writes").add_column("said", str)
    for name in ("parent_id", "payment", "waits"):
        orders.create_index([name])
    db.execute("""
        CREATE TABLE vouchers (
            reference TEXT PRIMARY KEY, kind TEXT NOT NULL, day TEXT NOT NULL,
            currency TEXT NOT NULL, orders TEXT NOT NULL, body TEXT NOT NULL,
            outcome TEXT NOT NULL, attempts INTEGER NOT NULL, last_attempt TEXT, remote_id TEXT,
            number INTEGER
        ) STRICT""")
    db.table("vouchers").create_index(["outcome"])


@migrations()
def m003_credit_notes_and_one_protocol(db: Database) -> None:
    """Give credit notes, which were orders of an order, a table of their own; let what became of
    a voucher stand where it stands for every other write.
    """
    db.execute("""
        CREATE TABLE credit_notes (
            id INTEGER PRIMARY KEY, order_id INTEGER NOT NULL, refund_id INTEGER,
            reference TEXT NOT NULL, matching_reference TEXT NOT NULL,
            todo INTEGER NOT NULL DEFAULT 1, hold_code TEXT, hold_facts TEXT, held_at TEXT,
            held_settings TEXT, skip_code TEXT, skip_facts TEXT, waits TEXT, payment TEXT,
            payment_body TEXT, customer_id INTEGER, delivery_address_id INTEGER,
            sales_order_id TEXT DEFAULT '', sales_order_no INTEGER, invoice_no INTEGER,
            invoice_equal INTEGER, total_ore INTEGER, currency TEXT DEFAULT '',
            wanted_digest TEXT DEFAULT '', left_digest TEXT DEFAULT '', notes TEXT DEFAULT '[]'
        ) STRICT""")
    own = ("id", "order_id", "refund_id")
    names = ", ".join(one.name for one in db.table("credit_notes").columns if one.name not in own)
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
    db.execute("""
        CREATE TABLE payouts (
            reference TEXT PRIMARY KEY, provider TEXT NOT NULL, key TEXT NOT NULL, id TEXT,
            day TEXT NOT NULL, currency TEXT NOT NULL, net INTEGER NOT NULL, bank_reference TEXT,
            text TEXT, lines TEXT NOT NULL, rows TEXT NOT NULL, number INTEGER
        ) STRICT""")
    db.table("payouts").create_index(["provider", "day"])


def migrate(connection: sqlite3.Connection) -> None:
    """Bring the tables of an open database up to date; each step is one transaction."""
    migrations.apply(Database(connection, execute_plugins=False))
