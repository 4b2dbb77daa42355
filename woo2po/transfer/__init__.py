"""The part of a run that needs PowerOffice: what is known put right, then the orders, invoices
and payments.

writes.py    what a run works with, and the one way in which it writes
orders.py    the orders of a run, each to its end: next_step decides, steps do
steps.py     the steps of an order: customer, draft, edits
wanted.py    what the orders of a run should become
invoices.py  invoices asked for, watched, compared
payments.py  vouchers for the money that came or went back
refunds.py   credit notes of refunds and of orders that are off
recovery.py  what this database does not know, and writes without an answer
lookups.py   the catalogue and the customers there
"""

from woo2po.transfer.orders import transfer
from woo2po.transfer.writes import Onlooker, Run

__all__ = ["Onlooker", "Run", "transfer"]
